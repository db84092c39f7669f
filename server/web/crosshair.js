// The round that all plots point at.

export class Crosshair extends EventTarget {
  round = null;

  set(round) {
    if (round === this.round) return;
    this.round = round;
    this.dispatchEvent(new Event('change'));
  }
}
