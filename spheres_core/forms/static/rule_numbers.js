// Functions of numbers in rules, as in forms/expressions/number_functions.py. What no two machines compute to the last
// bit is cut to twelve significant digits.

const MOST_DIGITS = 300;
const LARGEST_MULTIPLIED = 64;
const RANDOM_MODULUS = 2147483647;
const RANDOM_FACTOR = 16807;

export function rounded(value, digits = 0) {
  if (Number.isNaN(digits) || Math.abs(digits) > MOST_DIGITS) return NaN;
  const power = Number(`1e${Math.abs(Math.trunc(digits))}`);
  return digits > 0 ? toWhole(value * power) / power : toWhole(value / power) * power;
}

function toWhole(value) {
  if (!Number.isFinite(value)) return value;
  const size = Math.abs(value);
  const below = Math.floor(size);
  const whole = size - below >= 0.5 ? below + 1 : below;
  return value < 0 || Object.is(value, -0) ? -whole : whole;
}

// Zero keeps its sign, which no text of it has.
export const cut = (value) => (Number.isFinite(value) && value !== 0 ? Number(value.toExponential(11)) : value);

const isOdd = (value) => Number.isInteger(value) && value % 2 !== 0;

export function power(base, exponent) {
  if (exponent === 0) return 1;
  if (Number.isNaN(base) || Number.isNaN(exponent) || (Math.abs(base) === 1 && !Number.isFinite(exponent))) return NaN;
  if (Number.isInteger(exponent) && exponent > 0 && exponent <= LARGEST_MULTIPLIED) {
    let result = 1;
    for (let times = 0; times < exponent; times += 1) result *= base;
    return result;
  }
  if (base === 0 && exponent < 0) return Object.is(base, -0) && isOdd(exponent) ? -Infinity : Infinity;
  return cut(base ** exponent);
}

function outermost(values, further) {
  let found = NaN;
  for (const [index, value] of values.entries()) {
    if (Number.isNaN(value)) return NaN;
    if (index === 0 || further(value, found)) found = value;
  }
  return found;
}

export const smallest = (values) => outermost(values, (one, two) => one < two);

export const largest = (values) => outermost(values, (one, two) => one > two);

export const total = (values) => values.reduce((sum, value) => sum + value, 0);

// FNV-1a of the seed, then steps of Park and Miller.
export function drawn(seed) {
  let mixed = 0x811c9dc5;
  for (const letter of seed) mixed = Math.imul(mixed ^ letter.codePointAt(0), 0x01000193) >>> 0;
  let state = mixed % RANDOM_MODULUS || 1;
  for (let step = 0; step < 3; step += 1) state = (state * RANDOM_FACTOR) % RANDOM_MODULUS;
  return (state - 1) / (RANDOM_MODULUS - 1);
}
