// Axes: round numbers that enclose data, and the way from a value to a pixel.

/** The ticks from the last at or below `low` to the first at or above `high`, about `count` of them. */
export function ticks(low, high, count, { whole = false } = {}) {
  const span = high - low || Math.abs(high) || 1;
  let step = niceStep(span / Math.max(count, 1));
  if (whole) step = Math.max(1, Math.round(step));
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil(high / step - 1e-9));
  const values = [];
  for (let i = first; i <= last; ++i) values.push(i * step);
  return { values, step, low: first * step, high: last * step };
}

/** Digits after the point that tell neighbouring ticks apart. */
export function tickDigits(step) {
  return Math.min(4, Math.max(0, -Math.floor(Math.log10(step) + 1e-9)));
}

/** Maps [low, high] to [from, to]. */
export function linear(low, high, from, to) {
  const slope = (to - from) / (high - low || 1);
  return (value) => from + (value - low) * slope;
}

/** The index in ascending `values` of the one nearest to `value`; -1 when there is none. */
export function nearest(values, value) {
  const after = lowerBound(values, value);
  if (after === values.length) return values.length - 1;
  if (after === 0) return 0;
  return value - values[after - 1] <= values[after] - value ? after - 1 : after;
}

/** The first index whose value is not below `value`. */
export function lowerBound(values, value) {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

// The smallest of 1, 2 and 5 times a power of ten that is at least `step`.
function niceStep(step) {
  const power = 10 ** Math.floor(Math.log10(step));
  const factor = [1, 2, 5, 10].find((f) => f * power >= step * (1 - 1e-9));
  return factor * power;
}
