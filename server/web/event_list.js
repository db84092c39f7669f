// The newest notable events, newest first.

import { byId, html, shape } from './element.js';
import * as format from './format.js';

const MOST = 100;

export class EventList {
  constructor() {
    this.list = byId('events');
    this.replace([]);
  }

  /** Starts again; `events` are oldest first, as everywhere. */
  replace(events) {
    this.last = 0;
    this.events = [];
    this.add(events);
  }

  add(events) {
    for (const event of events) {
      // 64-bit integers come as text.
      const id = Number(event.id);
      if (id <= this.last) continue;
      this.last = id;
      this.events.push(event);
    }
    this.events = this.events.slice(-MOST);
  }

  draw() {
    this.list.parentElement.classList.toggle('is-empty', this.events.length === 0);
    this.list.replaceChildren(...this.events.toReversed().map(entry));
  }
}

function entry(event) {
  const time = new Date(event.time * 1000).toISOString();
  const isWarning = event.level === 'warning';
  return html('li', isWarning ? { class: 'warning' } : {},
    html('time', { datetime: time }, format.moment(event.time)),
    html('span', {}, ...(isWarning ? [shape('warning'), html('span', { class: 'unseen' }, 'Warning: ')] : []), event.text));
}
