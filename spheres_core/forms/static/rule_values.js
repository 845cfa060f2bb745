// Values as rules see them: truth, number, text and comparison by XPath 1.0 and ODK, as in forms/expressions/values.py.
// boolean, number, text (empty: blank), Moment, or an array of these: the answers in every entry of a repeat.

import { DAY, Moment, momentOfDays, momentText, timeOf } from "./rule_dates.js";

const NEAREST = 1e-12;
const DECIMAL = /^-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)$/;
const DAYS = /^-?[0-9]+(?:\.[0-9]+)?$/;

export const trimmed = (written) => written.replace(/^[ \t\r\n]+/, "").replace(/[ \t\r\n]+$/, "");

export function first(value) {
  const one = Array.isArray(value) ? value[0] : value;
  return one === null || one === undefined ? "" : one;
}

export const each = (...values) => values.flat();

export function truth(value) {
  const one = first(value);
  if (one instanceof Moment) return !Number.isNaN(one.time);
  return Boolean(one);
}

export function number(value, offset) {
  const one = first(value);
  if (typeof one === "number") return one;
  if (typeof one === "boolean") return one ? 1 : 0;
  if (one instanceof Moment) return one.time / DAY;
  const written = trimmed(one);
  const time = timeOf(written, offset);
  if (time !== null) return time / DAY;
  const decimal = written.replaceAll(",", ".");
  return DECIMAL.test(decimal) ? Number(decimal) : NaN;
}

export function text(value) {
  const one = first(value);
  if (typeof one === "number") return numberText(one);
  return one instanceof Moment ? momentText(one) : String(one);
}

// No exponent: XPath writes all digits.
function numberText(value) {
  const written = String(Math.abs(value));
  const sign = value < 0 ? "-" : "";
  const [mantissa, exponent] = written.split("e");
  if (exponent === undefined) return sign + written;
  const [whole, fraction = ""] = mantissa.split(".");
  const point = whole.length + Number(exponent);
  const digits = whole + fraction;
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  return sign + digits.padEnd(point, "0");
}

export function moment(value, offset) {
  const one = first(value);
  if (one instanceof Moment) return new Moment(one.time, one.offset, { blank: one.blank });
  if (typeof one === "boolean") return new Moment(NaN, offset);
  if (typeof one === "number") return momentOfDays(one, offset);
  if (one === "") return new Moment(NaN, offset, { blank: true });
  if (DAYS.test(one)) return momentOfDays(Number(one.split(".")[0]), offset);
  return new Moment(timeOf(one, offset) ?? NaN, offset);
}

// A computed value as other rules read it: numbers stay, all else is text; no number is blank.
export function stored(value) {
  const one = first(value);
  if (typeof one === "number") return Number.isFinite(one) ? one + 0 : "";
  return text(one);
}

function pairs(left, right, holds) {
  if (!Array.isArray(left) && !Array.isArray(right)) return holds(left, right);
  return each(left).some((one) => each(right).some((two) => holds(one, two)));
}

const isNumber = (value, offset) =>
  typeof value === "number" || value instanceof Moment || (typeof value === "string" && timeOf(value, offset) !== null);

function same(left, right, offset) {
  if (typeof left === "boolean" || typeof right === "boolean") return truth(left) === truth(right);
  if (!isNumber(left, offset) && !isNumber(right, offset)) return text(left) === text(right);
  const [one, two] = [number(left, offset), number(right, offset)];
  return one === two || Math.abs(one - two) < NEAREST;
}

// A value as it is compared with another: no value at all makes no pair, but is false as a truth.
const beside = (other, value) =>
  typeof other === "boolean" && Array.isArray(value) && value.length === 0 ? "" : value;

export const equal = (left, right, offset) =>
  pairs(beside(right, left), beside(left, right), (one, two) => same(one, two, offset));

export const different = (left, right, offset) =>
  pairs(beside(right, left), beside(left, right), (one, two) => !same(one, two, offset));

export const ordered = (left, right, holds, offset) =>
  pairs(left, right, (one, two) => holds(number(one, offset), number(two, offset)));

export const selected = (value, code) => text(value).split(" ").includes(trimmed(text(code)));

export const chosen = (value) => text(value).split(" ").filter(Boolean);
