// The table of clients: a page of it, sorted by the server.

import { byId, html, setText, shape } from './element.js';
import * as format from './format.js';

const PAGE = 100;
const REFRESH_MS = 3000;

export class Clients {
  /** feed.clients(offset, limit, sort) gives a ListClientsResponse. */
  constructor(feed) {
    this.feed = feed;
    this.offset = 0;
    this.sort = 'id';
    this.body = document.querySelector('#clients tbody');
    this.inView = false;
    new IntersectionObserver(([entry]) => {
      this.inView = entry.isIntersecting;
      this.refresh();
    }).observe(byId('clients-section'));
    byId('clients-previous').addEventListener('click', () => this.turn(-PAGE));
    byId('clients-next').addEventListener('click', () => this.turn(PAGE));
    for (const button of document.querySelectorAll('#clients [data-sort]')) {
      button.addEventListener('click', () => this.sortBy(button));
    }
    setInterval(() => this.refresh(), REFRESH_MS);
  }

  async refresh() {
    if (document.hidden || !this.inView || this.asking || this.feed.isLost) return;
    this.asking = true;
    const { offset, sort } = this;
    try {
      const answer = await this.feed.clients(offset, PAGE, sort);
      if (offset === this.offset && sort === this.sort) this.show(answer);
    } catch {
      // The feed finds out and says so.
    } finally {
      this.asking = false;
      if (offset !== this.offset || sort !== this.sort) this.refresh();
    }
  }

  turn(by) {
    this.offset = Math.max(0, this.offset + by);
    this.refresh();
  }

  sortBy(button) {
    this.sort = button.dataset.sort;
    this.offset = 0;
    for (const head of document.querySelectorAll('#clients [aria-sort]')) head.removeAttribute('aria-sort');
    button.parentElement.setAttribute('aria-sort', this.sort === 'late' ? 'descending' : 'ascending');
    this.refresh();
  }

  show({ clients, total }) {
    if (this.offset >= total && this.offset > 0) return this.turn(-PAGE);
    this.body.replaceChildren(...clients.map(row));
    byId('clients-section').classList.toggle('is-empty', total === 0);
    const last = this.offset + clients.length;
    setText(byId('clients-range'), total === 0 ? ''
      : `${format.number(this.offset + 1)}–${format.number(last)} of ${format.number(total)}`);
    const [previous, next] = [byId('clients-previous'), byId('clients-next')];
    previous.hidden = next.hidden = total <= PAGE;
    previous.disabled = this.offset === 0;
    next.disabled = last >= total;
    return undefined;
  }
}

function row(client) {
  const cell = (text) => html('td', { class: 'n' }, text);
  const seen = client.seen === undefined ? 'not yet' : `${format.duration(client.seen)} ago`;
  const loss = client.last_loss === undefined ? '–' : format.loss(client.last_loss);
  return html('tr', client.live ? {} : { class: 'away' },
    html('th', { scope: 'row', title: `${client.id} (${client.software})` }, html('span', { class: 'id' }, client.id)),
    html('td', {}, client.role),
    html('td', {}, shape(client.live ? 'collecting' : 'waiting'), client.live ? 'live' : 'away'),
    cell(seen), cell(format.number(client.rounds)), cell(format.number(client.late)),
    cell(format.number(client.refused)), cell(format.number(client.examples)), cell(loss));
}
