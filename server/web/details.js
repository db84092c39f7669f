// The tables that follow from Status: traffic, refused updates, model, settings.

import { byId, html, setText } from './element.js';
import * as format from './format.js';

const REASONS = {
  wrong_federation: 'made for another federation',
  unknown_client: 'client is not a member',
  evaluator: 'from an evaluator',
  wrong_round: 'names another round',
  not_asked: 'client was not asked in this round',
  no_examples: 'made of no examples',
  loss: 'loss is not a finite number',
  words: 'words are not valid',
  other_content: 'differs from the one sent before',
  wrong_identity: 'credential is of another client',
  no_token: 'call without a token',
  unknown_token: 'token is not known, or revoked',
  expired_token: 'token has expired',
  too_many_calls: 'more calls than allowed',
  too_many_connections: 'connection beyond the limits',
  busy: 'too many updates at once',
  unknown_method: 'call that does not exist',
  message_format: 'message cannot be read',
  message_size: 'message is too long',
  slow_reader: 'snapshot was not taken',
  join: 'id, role or protocol is not valid',
  report: 'evaluation is not valid',
};

export function showDetails(status) {
  showTraffic(status.traffic);
  showRefused(status.refused);
  showModel(status.model);
  fillTable(byId('settings'), status.settings.map(({ name, value }) => [html('code', {}, name), value || '–']));
}

function showTraffic(traffic) {
  const panel = byId('traffic');
  const directions = [
    ['Up, from clients', traffic.bytes_up, traffic.fp32_bytes_up],
    ['Down, to clients', traffic.bytes_down, traffic.fp32_bytes_down],
  ];
  if (panel.childElementCount === 0) panel.append(...directions.map(direction), html('p', { class: 'note' }));
  const most = Math.max(traffic.fp32_bytes_up, traffic.fp32_bytes_down, traffic.bytes_up, traffic.bytes_down, 1);
  for (const [i, [, sent, dense]] of directions.entries()) {
    const part = panel.children[i];
    setText(part.querySelector('.ratio'), dense > 0 && sent > 0 ? `${format.ratio(dense / sent)} : 1` : '–');
    const bars = part.querySelectorAll('i');
    for (const [j, amount] of [sent, dense].entries()) {
      bars[j].hidden = amount === 0;
      bars[j].style.width = `${(100 * amount) / most}%`;
    }
    const numbers = part.querySelectorAll('.n');
    setText(numbers[0], format.bytes(sent));
    setText(numbers[1], format.bytes(dense));
  }
  const { updates, late } = traffic;
  setText(panel.lastElementChild, `${format.number(updates)} updates accepted, ${format.number(late)} came too late. ` +
    'Sent is all that the protocol moves, polls and joins too; FedAvg is the same updates and averages as fp32 weights.');
}

function direction([name]) {
  const bar = (label, kind) => html('div', { class: `amount ${kind}` },
    html('span', {}, label), html('span', { class: 'track' }, html('i')), html('span', { class: 'n' }));
  return html('div', { class: 'direction' },
    html('h3', {}, name, html('span', { class: 'ratio' })), bar('sent', 'sent'), bar('FedAvg, fp32', 'dense'));
}

function showRefused(refused) {
  fillTable(byId('refused'), refused.map(({ reason, updates }) =>
    [REASONS[reason] ?? reason, format.number(updates), updates > 0 ? 'some' : 'none']));
}

function showModel(model) {
  fillTable(byId('layers'), model.layers.map(({ inputs, outputs, tile, words }) =>
    [`${format.number(inputs)} → ${format.number(outputs)}`, `${tile} × ${tile}`, format.number(words)]));
  const words = model.layers.reduce((sum, layer) => sum + layer.words, 0);
  fillTable(byId('model'), [
    ['Parameters', format.number(model.parameters)],
    ['Words', format.number(words)],
    ['Update', `${format.bytes(model.update_bytes)}; as fp32 ${format.bytes(model.fp32_bytes)}`],
    ['Codec', `${model.codec}, ${model.mode}, ${model.phase_bits}-bit phases`],
    ['Fingerprint', html('code', {}, model.fingerprint)],
    ['Checksum of the base', html('code', {}, model.base_checksum)],
  ]);
}

// Rows of cells: the first is the row's heading, a third names the row's class. The table is only touched
// when something in it has changed, so that text in it can be selected.
function fillTable(table, rows) {
  const made = rows.map(([name, value, ...rest]) => {
    const isClass = rest[0] === 'some' || rest[0] === 'none';
    return html('tr', isClass ? { class: rest[0] } : {},
      html('th', { scope: 'row' }, name),
      ...[value, ...(isClass ? [] : rest)].map((cell) => html('td', { class: 'n' }, cell)));
  });
  const body = table.tBodies[0];
  made.forEach((row, i) => {
    if (!body.rows[i]) body.append(row);
    else if (!body.rows[i].isEqualNode(row)) body.rows[i].replaceWith(row);
  });
  while (body.rows.length > made.length) body.lastElementChild.remove();
}
