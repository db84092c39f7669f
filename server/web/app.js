// Puts the page together: what the feed says goes to the views, and they are drawn at most once a frame.

import { Clients } from './clients.js';
import { Crosshair } from './crosshair.js';
import { showDetails } from './details.js';
import { byId, html, setText } from './element.js';
import { EventList } from './event_list.js';
import { Feed } from './feed.js';
import * as format from './format.js';
import { History } from './history.js';
import { Overview } from './overview.js';
import { Plot } from './plot.js';

const MOST_ROWS = 1200;  // with more, the past is loaded again in fewer rows

const FEWEST_ROUNDS = 10;  // that the plots have room for

const past = new History();
const overview = new Overview();
const events = new EventList();
const crosshair = new Crosshair();

const accuracyPlot = new Plot(byId('accuracy-plot'), [{ name: 'evaluators', key: 'accuracy' }], crosshair, {
  label: 'Accuracy: arrow keys move through the rounds',
  value: (share) => format.percent(share),
  tick: (share, digits) => format.percent(share, Math.max(0, digits - 2)),
});
const lossPlot = new Plot(
  byId('loss-plot'),
  [{ name: 'evaluators', key: 'evaluation' }, { name: 'training', key: 'training' }],
  crosshair,
  {
    label: 'Loss: arrow keys move through the rounds',
    value: format.loss,
    tick: format.number,
  },
);
const participationPlot = new Plot(
  byId('participation-plot'),
  [{ name: 'counted', key: 'counted', bar: true }, { name: 'late', key: 'late', bar: true },
    { name: 'refused', key: 'refused', bar: true }],
  crosshair,
  {
    label: 'Updates per round: arrow keys move through the rounds',
    value: format.mean,
    tick: format.number,
  },
);

let started = 0;
let latest = null;
let reloading = false;
let frame = 0;
const stale = new Set();

const feed = new Feed({
  loaded({ status, rounds, events: newest }) {
    past.replace(rounds);
    events.replace(newest);
    started = status.started;
    latest = status;
    drawLater('status', 'rounds', 'events');
    clients.refresh();
  },
  status(status) {
    // Another server at the same address: nothing known of the old one holds.
    if (status.started !== started) {
      feed.connect();
      return;
    }
    if (status.state === 'finished' && latest.state !== 'finished') reloadRounds();
    latest = status;
    drawLater('status');
  },
  rounds(rounds) {
    if (!past.append(rounds) || past.rows > MOST_ROWS) reloadRounds();
    drawLater('rounds');
  },
  log({ events: newer }) {
    events.add(newer);
    drawLater('events');
  },
  lost(since, reason) {
    overview.showLost();
    showBanner(since, reason);
  },
  found() {
    byId('banner').hidden = true;
    byId('banner').replaceChildren();
  },
});
const clients = new Clients(feed);

function drawLater(...parts) {
  for (const part of parts) stale.add(part);
  if (frame === 0 && !document.hidden) frame = requestAnimationFrame(draw);
}

function draw() {
  frame = 0;
  if (stale.has('status')) {
    overview.show(latest);
    showDetails(latest);
  }
  if (stale.has('rounds')) drawPlots();
  if (stale.has('events')) events.draw();
  stale.clear();
}

function drawPlots() {
  const { round, evaluated } = past;
  const axis = xAxis();
  accuracyPlot.set({ accuracy: { round: evaluated.round, value: evaluated.accuracy } }, axis);
  lossPlot.set({
    evaluation: { round: evaluated.round, value: evaluated.loss },
    training: { round, value: past.training_loss },
  }, axis);
  participationPlot.set({
    counted: { round, value: past.updates },
    late: { round, value: past.late },
    refused: { round, value: past.refused },
  }, roundAxis());
}

function xAxis() {
  const newest = newestRound();
  const shown = shownRounds();
  const perKilobyte = document.querySelector('input[name=axis]:checked').value === 'kilobyte';
  return perKilobyte
    ? {
      of: (round) => past.kilobytesAt(round), end: past.kilobytesAt(newest) * (shown / newest),
      label: 'kB per client, up and down', whole: false, describe,
    }
    : roundAxis();
}

function roundAxis() {
  return { of: (round) => round, end: shownRounds(), label: 'round', whole: true, describe };
}

// A federation that has just begun has room for some more rounds.
function shownRounds() {
  return Math.max(newestRound(), Math.min(FEWEST_ROUNDS, latest.rounds || FEWEST_ROUNDS));
}

function newestRound() {
  return Math.max(past.last, past.evaluated.round.at(-1) ?? 0);
}

function describe(round) {
  return `round ${format.number(round)}, ${format.number(past.kilobytesAt(round))} kB`;
}

async function reloadRounds() {
  // Nobody looks: once is enough, when somebody does.
  if (reloading || document.hidden) return;
  reloading = true;
  try {
    past.replace(await feed.rounds());
    drawLater('rounds');
  } catch {
    // The feed finds out and says so.
  } finally {
    reloading = false;
  }
}

function showBanner(since, reason) {
  const banner = byId('banner');
  banner.replaceChildren(
    html('strong', {}, `The server has been gone since ${format.moment(since / 1000)}.`),
    ` ${reason || 'The connection was closed.'} What you see is from before; this page tries again every second.`,
  );
  banner.hidden = false;
}

document.addEventListener('visibilitychange', () => {
  if (document.hidden) {
    cancelAnimationFrame(frame);
    frame = 0;
    return;
  }
  if (past.rows > MOST_ROWS) reloadRounds();
  if (stale.size > 0) drawLater();
  clients.refresh();
});
for (const input of document.querySelectorAll('input[name=axis]')) {
  input.addEventListener('change', () => drawLater('rounds'));
}
setInterval(() => {
  if (!document.hidden) overview.tick();
}, 1000);
setText(byId('announcement'), '');
feed.start();
