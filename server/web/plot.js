// A plot over rounds: lines, or stacked bars; axes, legend with values, crosshair. It is drawn as SVG
// in pixels of its own size, so that letters and lines keep theirs at any width.

import { html, setText, svg } from './element.js';
import * as format from './format.js';
import { linear, nearest, tickDigits, ticks } from './scale.js';

const HEIGHT = 230;
const MARGIN = { top: 10, right: 12, bottom: 40, left: 52 };
const NARROWEST = 160;

export class Plot {
  /**
   * figure: an element with .legend, .plot and .empty in it. series: [{name, key, line or bar: true}],
   * bottom first when stacked. options: {label, value(v) -> text, tick(v, digits) -> text, low, high}.
   */
  constructor(figure, series, crosshair, options) {
    this.figure = figure;
    this.crosshair = crosshair;
    this.options = options;
    this.series = series.map((one) => ({ ...one, round: [], value: [] }));
    this.axis = null;
    this.buildLegend(figure.querySelector('.legend'));
    this.buildPlot(figure.querySelector('.plot'));
    crosshair.addEventListener('change', () => this.drawCrosshair());
    new ResizeObserver(() => this.draw()).observe(this.area);
  }

  /**
   * Takes columns of rounds and values for each series, and the x axis: {of(round) -> place, end, label, whole,
   * describe(round) -> text}.
   */
  set(columns, axis) {
    this.axis = axis;
    for (const one of this.series) Object.assign(one, columns[one.key]);
    const longest = this.series.reduce((a, b) => (b.round.length > a.round.length ? b : a));
    this.stops = longest.round;
    this.draw();
  }

  buildLegend(legend) {
    this.where = html('span', { class: 'where' });
    this.keys = this.series.map((one) => {
      const value = html('span', { class: 'value' });
      legend.append(html('span', { class: `entry ${one.key}` }, html('i', { class: 'swatch' }), `${one.name} `, value));
      return value;
    });
    legend.prepend(this.where);
  }

  buildPlot(area) {
    this.area = area;
    this.grid = svg('g', { class: 'grid' });
    this.marks = svg('g', { class: 'marks' });
    this.cross = svg('line', { class: 'cross', visibility: 'hidden' });
    this.dots = svg('g', { class: 'dots' });
    this.paths = this.series.map((one) =>
      svg('path', { class: `${one.bar ? 'bar' : 'line'} ${one.key}` }));
    this.marks.append(...this.paths);
    this.image = svg(
      'svg',
      {
        height: HEIGHT, tabindex: '0', role: 'slider', 'aria-label': this.options.label,
        'aria-orientation': 'horizontal', 'aria-valuemin': '0', 'aria-valuemax': '0', 'aria-valuenow': '0',
      },
      this.grid, this.marks, this.cross, this.dots,
    );
    area.append(this.image);
    this.image.addEventListener('keydown', (event) => this.onKey(event));
    this.image.addEventListener('blur', () => this.crosshair.set(null));
    for (const kind of ['pointermove', 'pointerdown']) {
      this.image.addEventListener(kind, (event) => this.onPointer(event));
    }
    this.image.addEventListener('pointerleave', (event) => {
      if (event.pointerType === 'mouse') this.crosshair.set(null);
    });
  }

  get empty() {
    return this.series.every((one) => one.round.length === 0);
  }

  draw() {
    const width = Math.max(NARROWEST, this.area.clientWidth);
    this.figure.classList.toggle('is-empty', this.empty);
    this.image.setAttribute('width', width);
    this.image.setAttribute('tabindex', this.empty ? '-1' : '0');
    if (!this.empty) this.drawMarks(width);
    this.drawCrosshair();
  }

  drawMarks(width) {
    const [left, right] = [MARGIN.left, width - MARGIN.right];
    const [top, bottom] = [MARGIN.top, HEIGHT - MARGIN.bottom];
    const { end } = this.axis;
    this.x = linear(0, end, left, right);
    const stacked = this.series[0].bar === true;
    const bands = stacked ? stack(this.series) : this.series.map((one) => ({ low: null, high: one.value }));
    const y = this.verticalTicks(bands, stacked);
    this.y = linear(y.low, y.high, bottom, top);

    const horizontal = ticks(0, end, (right - left) / 70, { whole: this.axis.whole });
    const shownX = horizontal.values.filter((value) => value <= end * (1 + 1e-9));
    const digitsX = tickDigits(horizontal.step);
    this.grid.replaceChildren(
      ...y.values.map((value) => svg('line', { x1: left, x2: right, y1: this.y(value), y2: this.y(value) })),
      ...y.values.map((value) =>
        svg('text', { x: left - 8, y: this.y(value) + 4, class: 'left' }, this.options.tick(value, tickDigits(y.step)))),
      ...shownX.map((value) =>
        svg('line', { class: 'tick', x1: this.x(value), x2: this.x(value), y1: bottom, y2: bottom + 4 })),
      ...shownX.map((value) =>
        svg('text', { x: this.x(value), y: bottom + 17, class: 'below' }, format.number(value, digitsX))),
      svg('line', { class: 'axis', x1: left, x2: right, y1: bottom, y2: bottom }),
      svg('text', { x: right, y: HEIGHT - 5, class: 'name' }, this.axis.label),
    );
    this.cross.setAttribute('y1', top);
    this.cross.setAttribute('y2', bottom);
    for (const [i, one] of this.series.entries()) {
      this.paths[i].classList.toggle('single', one.round.length === 1);
      this.paths[i].setAttribute('d', stacked ? this.bars(one, bands[i]) : this.lines(one));
    }
  }

  verticalTicks(bands, stacked) {
    let [low, high] = [Infinity, -Infinity];
    for (const band of bands) {
      for (const value of band.high) {
        if (!Number.isFinite(value)) continue;
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
    }
    if (low > high) [low, high] = [0, 1];
    if (stacked) [low, high] = [0, Math.max(1.02 * high, 1)];
    return ticks(low, high, 6, { whole: stacked });
  }

  // A line ends at a value that is no number. A point alone is a line of no length: its round ends are a dot.
  lines(one) {
    const isNumber = (i) => Number.isFinite(one.value[i]);
    return one.round
      .map((round, i) => {
        if (!isNumber(i)) return '';
        const place = `${this.xOf(round)} ${this.y(one.value[i]).toFixed(1)}`;
        if (isNumber(i - 1)) return `L${place}`;
        return `M${place}${isNumber(i + 1) ? '' : 'h0'}`;
      })
      .join('');
  }

  // The bar of a row spans the rounds that the row stands for.
  bars(one, band) {
    const path = [];
    let from = this.x(0);
    for (const [i, round] of one.round.entries()) {
      const to = this.x(this.axis.of(round));
      if (one.value[i] > 0) {
        const gap = to - from > 5 ? 1 : 0;
        path.push(`M${(from + gap).toFixed(1)} ${this.y(band.low[i]).toFixed(1)}V${this.y(band.high[i]).toFixed(1)}`,
          `H${to.toFixed(1)}V${this.y(band.low[i]).toFixed(1)}Z`);
      }
      from = to;
    }
    return path.join('');
  }

  xOf(round) {
    return this.x(this.axis.of(round)).toFixed(1);
  }

  drawCrosshair() {
    const at = this.crosshair.round;
    const shown = at !== null && !this.empty;
    this.cross.setAttribute('visibility', shown ? 'visible' : 'hidden');
    this.dots.replaceChildren();
    if (this.empty) return;
    const stop = this.stops[nearest(this.stops, at ?? Infinity)];
    const values = this.series.map((one) => {
      const i = nearest(one.round, stop);
      if (i < 0) return null;
      if (shown && !one.bar && Number.isFinite(one.value[i])) {
        this.dots.append(svg('circle', { class: one.key, cx: this.xOf(one.round[i]), cy: this.y(one.value[i]), r: 4 }));
      }
      return one.value[i];
    });
    if (shown) {
      this.cross.setAttribute('x1', this.xOf(stop));
      this.cross.setAttribute('x2', this.xOf(stop));
    }
    const texts = values.map((value) => (value === null ? '–' : this.options.value(value)));
    texts.forEach((text, i) => setText(this.keys[i], text));
    setText(this.where, this.axis.describe(stop));
    this.image.setAttribute('aria-valuemax', this.stops.at(-1));
    this.image.setAttribute('aria-valuenow', stop);
    this.image.setAttribute('aria-valuetext', `${this.axis.describe(stop)}: ${
      this.series.map((one, i) => `${one.name} ${texts[i]}`).join(', ')}`);
  }

  onKey(event) {
    if (this.empty) return;
    if (event.key === 'Escape') return this.crosshair.set(null);
    const steps = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10, Home: -Infinity, End: Infinity };
    const step = steps[event.key];
    if (step === undefined || event.altKey || event.ctrlKey || event.metaKey) return undefined;
    event.preventDefault();
    const last = this.stops.length - 1;
    const from = this.crosshair.round === null ? last : nearest(this.stops, this.crosshair.round);
    return this.crosshair.set(this.stops[Math.min(last, Math.max(0, from + step))]);
  }

  onPointer(event) {
    if (this.empty) return;
    const x = event.clientX - this.image.getBoundingClientRect().left;
    const places = this.stops.map((round) => this.x(this.axis.of(round)));
    this.crosshair.set(this.stops[nearest(places, x)]);
  }
}

// Where each series' bar begins and ends on the bars below it. All have the same rounds.
function stack(series) {
  let low = series[0].value.map(() => 0);
  return series.map((one) => {
    const high = one.value.map((value, i) => low[i] + value);
    const band = { low, high };
    low = high;
    return band;
  });
}
