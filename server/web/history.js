// The complete rounds as columns, oldest first: what Rounds messages say, put together. A row stands
// for the rounds after the row before it, up to `stride` of them, with the mean of their values.

import { lowerBound } from './scale.js';

const COLUMNS = ['training_loss', 'updates', 'late', 'refused'];

export class History {
  constructor() {
    this.clear();
  }

  clear() {
    this.stride = 1;
    this.round = [];
    for (const column of COLUMNS) this[column] = [];
    /** Bytes that a client has sent and received in all rounds up to this row's, in kilobytes. */
    this.kilobytes = [];
    this.evaluated = { round: [], accuracy: [], loss: [], count: [] };
  }

  get rows() {
    return Math.max(this.round.length, this.evaluated.round.length);
  }

  get last() {
    return this.round.at(-1) ?? 0;
  }

  /** Starts again from the whole past. */
  replace(rounds) {
    this.clear();
    this.append(rounds);
    this.stride = Math.max(1, rounds.stride);
  }

  /** Adds newer rows and evaluations. False when rounds are missing between the last row and them. */
  append(rounds) {
    const first = (rounds.round[0] ?? 0) - rounds.stride + 1;
    const isNext = rounds.round.length === 0 || first <= this.last + 1;
    for (const [i, round] of rounds.round.entries()) {
      if (round > this.last) this.addRow(rounds, i);
    }
    for (const [i, round] of rounds.evaluated_round.entries()) {
      this.evaluate(round, Number(rounds.accuracy[i]), Number(rounds.evaluation_loss[i]));
    }
    return isNext;
  }

  addRow(rounds, i) {
    const round = rounds.round[i];
    const count = round - this.last;
    const updates = rounds.updates[i];
    // Rounds without a byte count are known by their words.
    const up = rounds.bytes_up[i] > 0 && updates > 0 ? rounds.bytes_up[i] / updates : rounds.update_bytes;
    const kilobytes = (this.kilobytes.at(-1) ?? 0) + (count * (up + rounds.update_bytes)) / 1000;
    if (this.isSameRow(this.last, round)) {
      const before = this.last - (this.round.at(-2) ?? 0);
      for (const column of COLUMNS) {
        this[column].push(merge(this[column].pop(), before, Number(rounds[column][i]), count));
      }
      this.round.pop();
      this.kilobytes.pop();
    } else {
      // Numbers that JSON lacks come as text.
      for (const column of COLUMNS) this[column].push(Number(rounds[column][i]));
    }
    this.round.push(round);
    this.kilobytes.push(kilobytes);
  }

  // Puts in an evaluation, or replaces it: later reports of a round change its mean.
  evaluate(round, accuracy, loss) {
    const { evaluated } = this;
    const last = evaluated.round.at(-1) ?? 0;
    if (round > last && this.isSameRow(last, round)) {
      const count = evaluated.count.pop();
      evaluated.round.pop();
      evaluated.round.push(round);
      evaluated.accuracy.push(merge(evaluated.accuracy.pop(), count, accuracy, 1));
      evaluated.loss.push(merge(evaluated.loss.pop(), count, loss, 1));
      evaluated.count.push(count + 1);
      return;
    }
    const at = lowerBound(evaluated.round, round);
    const isThere = evaluated.round[at] === round;
    if (isThere && evaluated.count[at] > 1) return;
    const replaced = isThere ? 1 : 0;
    evaluated.round.splice(at, replaced, round);
    evaluated.accuracy.splice(at, replaced, accuracy);
    evaluated.loss.splice(at, replaced, loss);
    evaluated.count.splice(at, replaced, 1);
  }

  // Whether a round belongs to the row that ends with `last`.
  isSameRow(last, round) {
    return last > 0 && Math.ceil(last / this.stride) === Math.ceil(round / this.stride);
  }

  /** Kilobytes of a client up to a round, between rows by proportion. */
  kilobytesAt(round) {
    if (this.round.length === 0) return 0;
    const at = Math.min(lowerBound(this.round, round), this.round.length - 1);
    const [round0, kilobytes0] = at > 0 ? [this.round[at - 1], this.kilobytes[at - 1]] : [0, 0];
    const share = (round - round0) / (this.round[at] - round0);
    return kilobytes0 + share * (this.kilobytes[at] - kilobytes0);
  }
}

function merge(mean, count, newMean, newCount) {
  return (mean * count + newMean * newCount) / (count + newCount);
}
