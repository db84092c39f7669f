// Numbers as people read them. Every function takes a number and returns text.

const NARROW_SPACE = '\u202f';
const MINUS = '\u2212';

const plain = [0, 1, 2, 3, 4].map(
  (digits) =>
    new Intl.NumberFormat('en', { minimumFractionDigits: digits, maximumFractionDigits: digits }),
);

/** 12 345.678 with so many digits after the point. */
export function number(value, digits = 0) {
  return plain[digits].format(value).replaceAll(',', NARROW_SPACE).replace('-', MINUS);
}

/** A mean of counts: whole when it is whole. */
export function mean(value) {
  return number(value, Number.isInteger(value) ? 0 : 2);
}

/** A share of 1 as per cent. */
export function percent(share, digits = 2) {
  return `${number(share * 100, digits)}${NARROW_SPACE}%`;
}

/** A mean cross-entropy. */
export function loss(nats) {
  return number(nats, 4);
}

/** Three significant digits with a decimal unit. */
export function bytes(value) {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    ++unit;
  }
  return `${number(value, unit === 0 ? 0 : digitsFor(value))}${NARROW_SPACE}${units[unit]}`;
}

/** A ratio: "234", "8.4". */
export function ratio(ratio) {
  return number(ratio, ratio < 99.5 ? 1 : 0);
}

/** Rounds per second, or seconds per round when those are fewer. */
export function pace(roundsPerSecond) {
  if (!(roundsPerSecond > 0)) return '';
  if (roundsPerSecond >= 1) return `${number(roundsPerSecond, Math.max(0, digitsFor(roundsPerSecond) - 1))} rounds/s`;
  return `${duration(1 / roundsPerSecond)} a round`;
}

/** A length of time in its two largest units. */
export function duration(seconds) {
  if (seconds < 9.95) return `${number(seconds, 1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return pair(Math.floor(whole / 60), 'min', whole % 60, 's');
  const minutes = Math.floor(whole / 60);
  if (minutes < 1440) return pair(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
  const hours = Math.floor(minutes / 60);
  return pair(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

/** Time left on a clock: "4:32", "1:04:32". */
export function countdown(seconds) {
  const whole = Math.max(0, Math.ceil(seconds));
  const two = (n) => String(n).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0
    ? `${hours}:${two(minutes)}:${two(whole % 60)}`
    : `${minutes}:${two(whole % 60)}`;
}

const timeOfDay = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
const dayAndTime = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit',
});

/** The viewer's local time, with the day unless it is today. Takes seconds since 1970. */
export function moment(seconds) {
  const date = new Date(seconds * 1000);
  const today = date.toDateString() === new Date().toDateString();
  return (today ? timeOfDay : dayAndTime).format(date);
}

function pair(large, largeUnit, small, smallUnit) {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

// Digits after the point that make three significant ones.
function digitsFor(value) {
  if (value >= 99.95) return 0;
  return value >= 9.995 ? 1 : 2;
}
