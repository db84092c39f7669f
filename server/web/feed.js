// The server's state as it changes: one load of the whole, then server-sent events; again from the
// whole after every loss. Calls `handlers`:
//   loaded({status, rounds, events})   the whole state
//   status(s), rounds(r), log(events)  what has changed
//   lost(since, sentence)              the server cannot be read, since this Date
//   found()                            it can again; loaded() follows

// The page's own address may hold a password, which requests must not repeat.
const ORIGIN = window.location.origin;
const POINTS = 600;
const EVENTS = 100;
const PATIENCE_MS = 1500;   // a loss shorter than this is not worth a word
const RETRY_MS = 1000;
const SILENCE_MS = 10000;   // without a message for so long, ask whether the server is there
const ANSWER_MS = 5000;

export class Feed {
  constructor(handlers) {
    this.handlers = handlers;
    this.lostSince = null;
    this.heard = 0;
  }

  start() {
    this.connect();
    setInterval(() => this.askWhenSilent(), SILENCE_MS / 2);
  }

  get isLost() {
    return this.lostSince !== null;
  }

  /** The rounds so far in about POINTS rows. */
  rounds() {
    return get(`/api/v1/rounds?points=${POINTS}`);
  }

  clients(offset, limit, sort) {
    return get(`/api/v1/clients?offset=${offset}&limit=${limit}&sort=${sort}`);
  }

  connect() {
    this.source?.close();
    this.ready = false;
    const source = new EventSource(`${ORIGIN}/events`);
    this.source = source;
    source.addEventListener('open', () => this.load(source));
    source.addEventListener('error', () => {
      if (source !== this.source) return;
      this.lose();
      // The browser tries again by itself, except after an answer that is not a stream of events.
      if (source.readyState !== EventSource.CLOSED) return;
      setTimeout(() => this.connect(), RETRY_MS);
      get('/api/v1/status').catch((reason) => this.lose(reason.message));
    });
    for (const kind of ['status', 'rounds', 'log']) {
      source.addEventListener(kind, (event) => {
        this.heard = performance.now();
        // What comes before the whole state is in it.
        if (this.ready) this.handlers[kind](JSON.parse(event.data));
      });
    }
  }

  async load(source) {
    this.ready = false;
    try {
      const [status, rounds, events] = await Promise.all([
        get('/api/v1/status'), this.rounds(), get(`/api/v1/events?newest=${EVENTS}`),
      ]);
      if (source !== this.source) return;
      this.find();
      this.ready = true;
      this.handlers.loaded({ status, rounds, events: events.events });
    } catch (error) {
      if (source !== this.source) return;
      this.lose(error.message);
      source.close();
      setTimeout(() => this.connect(), RETRY_MS);
    }
  }

  async askWhenSilent() {
    if (document.hidden || this.isLost || performance.now() - this.heard < SILENCE_MS) return;
    try {
      const status = await get('/api/v1/status');
      this.heard = performance.now();
      if (this.ready) this.handlers.status(status);
    } catch (error) {
      this.lose(error.message);
      this.connect();
    }
  }

  lose(reason = '') {
    this.ready = false;
    this.reason = reason || this.reason;
    if (this.isLost) return;
    this.lostSince = new Date();
    this.telling = setTimeout(() => this.handlers.lost(this.lostSince, this.reason), PATIENCE_MS);
  }

  find() {
    clearTimeout(this.telling);
    this.heard = performance.now();
    this.reason = '';
    if (this.isLost) this.handlers.found();
    this.lostSince = null;
  }
}

async function get(path) {
  let response;
  try {
    response = await fetch(ORIGIN + path, { signal: AbortSignal.timeout(ANSWER_MS) });
  } catch {
    throw new Error('The server does not answer.');
  }
  if (response.status === 401) {
    throw new Error('The server wants its admin token: reload the page and enter it as the password.');
  }
  if (!response.ok) throw new Error(`The server answers with status ${response.status}.`);
  return response.json();
}
