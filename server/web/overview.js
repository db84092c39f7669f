// The state, the tiles below it, and the line at the foot: what Status says about now.

import { byId, setText, shape } from './element.js';
import * as format from './format.js';

const STATES = {
  collecting: 'Collecting updates',
  waiting: 'Waiting for clients',
  held: 'Held by the operator',
  publishing: 'Publishing a round',
  finished: 'Finished',
};
// Publishing takes milliseconds; a state is shown once it has lasted so long.
const PUBLISHING_LASTS_MS = 600;

export class Overview {
  constructor() {
    this.status = null;
    this.received = 0;
    this.isLost = false;
  }

  show(status) {
    this.status = status;
    this.received = performance.now();
    this.isLost = false;
    setText(byId('federation'), status.federation_id);
    this.showState(status.state);
    this.showRounds(status);
    this.showOpenRound(status);
    this.showEvaluation(status);
    this.showClients(status.clients);
    setText(byId('server'),
      `seedfed ${status.version}, protocol ${status.protocol}, running since ${format.moment(status.started)}`);
    document.title = `${status.round}${status.rounds ? `/${status.rounds}` : ''} seedfed`;
    this.tick();
  }

  /** The state is not known while the server cannot be read. */
  showLost() {
    this.isLost = true;
    this.showState('unknown', 'Server lost');
  }

  /** Moves what depends on the time alone. */
  tick() {
    const open = this.status?.open_round;
    if (!open || this.isLost) return;
    let text = '';
    if (open.round && this.status.state !== 'finished') {
      const passed = (performance.now() - this.received) / 1000;
      text = open.seconds_left === undefined
        ? 'no deadline runs'
        : `${format.countdown(open.seconds_left - passed)} left`;
    }
    setText(byId('time-left'), text);
  }

  showState(state, text = STATES[state] ?? state) {
    clearTimeout(this.pending);
    const element = byId('state');
    if (element.dataset.state === state && element.textContent === text) return;
    const put = () => {
      element.dataset.state = state;
      element.replaceChildren(shape(state in STATES ? state : 'unknown'), text);
    };
    if (state === 'publishing' && element.dataset.state !== 'unknown') {
      this.pending = setTimeout(put, PUBLISHING_LASTS_MS);
      return;
    }
    put();
    // Every round goes from collecting to publishing and back: that is no news.
    const news = state === 'publishing' ? STATES.collecting : text;
    if (state !== 'unknown') setText(byId('announcement'), news);
  }

  showRounds(status) {
    const { round, rounds } = status;
    setText(byId('round'), format.number(round));
    setText(byId('rounds'), rounds ? `of ${format.number(rounds)}` : 'without end');
    fill(byId('progress'), round, rounds);
    byId('progress').hidden = !rounds;
    const pace = format.pace(status.rounds_per_second);
    let text = round ? 'complete' : 'none is complete yet';
    if (rounds && round < rounds && pace) {
      text = `${pace}, ${format.duration((rounds - round) / status.rounds_per_second)} to go`;
    } else if (pace && round !== rounds) {
      text = pace;
    } else if (rounds && round === rounds) {
      text = 'all are complete';
    }
    setText(byId('pace'), text);
  }

  showOpenRound(status) {
    const open = status.open_round;
    const is_open = open && open.round > 0 && status.state !== 'finished';
    setText(byId('open-title'), is_open ? `Open round ${format.number(open.round)}` : 'Open round');
    setText(byId('updates'), is_open ? format.number(open.updates) : 'none');
    setText(byId('goal'), is_open ? `of ${format.number(open.goal)} updates` : '');
    setText(byId('quorum'), is_open ? `quorum ${format.number(open.quorum)}` : 'the federation is finished');
    const meter = byId('updates-meter');
    fill(meter, is_open ? open.updates : 0, is_open ? open.goal : 1);
    const mark = meter.querySelector('b');
    mark.hidden = !is_open || open.quorum >= open.goal;
    mark.style.left = `${(100 * (open?.quorum ?? 0)) / (open?.goal || 1)}%`;
    if (is_open) setText(byId('participation-goal'), format.number(open.goal));
  }

  showEvaluation({ latest, best, training_loss: training }) {
    setText(byId('accuracy'), latest ? format.percent(latest.accuracy) : '–');
    setText(byId('accuracy-note'), latest
      ? `round ${format.number(latest.round)}; best ${format.percent(best.accuracy)} in ${format.number(best.round)}`
      : 'no evaluator has reported');
    setText(byId('loss'), latest ? format.loss(latest.loss) : '–');
    setText(byId('loss-note'), training === undefined ? 'of the evaluators' : `in training ${format.loss(training)}`);
  }

  showClients(clients) {
    setText(byId('live'), format.number(clients.live));
    setText(byId('trainers'), `of ${format.number(clients.trainers)} trainers`);
    setText(byId('clients-note'),
      `${format.number(clients.needed)} needed; evaluators ${format.number(clients.live_evaluators ?? 0)} of ${format.number(clients.evaluators)}`);
  }
}

function fill(track, value, most) {
  track.setAttribute('aria-valuemax', most || 1);
  track.setAttribute('aria-valuenow', Math.min(value, most || 1));
  track.querySelector('i').style.width = `${most ? Math.min(100, (100 * value) / most) : 0}%`;
}
