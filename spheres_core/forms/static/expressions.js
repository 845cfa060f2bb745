// The rules of forms in the browser: the same language as spheres_core/forms/expressions, value for value.
// No eval, no globals. The server decides; this only shows and hides.

import { daysApart, formatted, Moment, monthsApart, partOfDay, partOfMoment, timeOf } from "./rule_dates.js";
import { cut, drawn, largest, power, rounded, smallest, total } from "./rule_numbers.js";
import * as texts from "./rule_texts.js";
import {
  chosen, different, each, equal, first, moment, number, ordered, selected, stored, text, trimmed, truth,
} from "./rule_values.js";

export { stored, text, truth };

const REACH = 1000;
const patterns = new Map();

export const filled = (value) =>
  value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0)
    ? null
    : value;

function matches(value, pattern) {
  const written = text(value);
  if (texts.length(written) > REACH) return false;
  if (!patterns.has(pattern)) patterns.set(pattern, new RegExp(`^(?:${pattern})$`, "u"));
  return patterns.get(pattern).test(written);
}

const numeric = (compute) => (context, ...values) => compute(...values.map((value) => number(value, context.offset)));

const textual = (compute) => (_, ...values) => compute(...values.map(text));

const inOrder = (holds) => (context, left, right) => ordered(left, right, holds, context.offset);

const ofAll = (compute) => (context, ...values) => compute(each(...values).map((value) => number(value, context.offset)));

// A date that is written as text is a number whose text is its whole days.
function numberOf(context, value) {
  const given = first(value);
  const time = typeof given === "string" ? timeOf(trimmed(given), context.offset) : null;
  return time === null ? number(given, context.offset) : new Moment(time, context.offset, { inDays: true });
}

const dateOnly = (context, given) =>
  typeof given === "string" ? new Moment(timeOf(given, context.offset) ?? NaN, context.offset) : moment(given, context.offset);

function days(context, value) {
  const given = first(value);
  return typeof given === "number" ? given : number(dateOnly(context, given), context.offset);
}

function partOf(context, value) {
  const given = first(value);
  if (given instanceof Moment) return partOfMoment(given);
  if (typeof given !== "string") return NaN;
  const found = dateOnly(context, given);
  return Number.isNaN(found.time) ? partOfDay(given, context.offset) : partOfMoment(found);
}

// Counts the whole spans between two dates, each so many days or months; blank without both.
const apart = (compute, span = 1) => (context, one, two) => {
  const [before, after] = [moment(one, context.offset), moment(two, context.offset)];
  if (Number.isNaN(before.time) || Number.isNaN(after.time)) return "";
  return Math.trunc(compute(before, after) / span) + 0;
};

const ticked = (value) => truth(typeof value === "string" ? trimmed(value) : value);

const between = (count, least, most) => (least < 0 || count >= least) && (most < 0 || count <= most);

function checklist(context, least, most, ...values) {
  const count = each(...values).filter(ticked).length;
  return between(count, number(least, context.offset), number(most, context.offset));
}

function weightedChecklist(context, least, most, ...values) {
  const answers = each(...values.filter((_, index) => index % 2 === 0));
  const weights = each(...values.filter((_, index) => index % 2 === 1)).map((weight) => number(weight, context.offset));
  let found = 0;
  for (const [index, answer] of answers.entries()) {
    if (ticked(answer) && index < weights.length && !Number.isNaN(weights[index])) found += weights[index];
  }
  return between(found, number(least, context.offset), number(most, context.offset));
}

function booleanFromString(_, value) {
  const given = first(value);
  return typeof given === "number" ? given > 0 && Number.isInteger(given) : ["1", "true"].includes(text(given));
}

const date = (context, value) => moment(value, context.offset);
const format = (context, value, pattern) => formatted(moment(value, context.offset), pattern);
const computed = (compute) => numeric((...values) => cut(compute(...values)));

const OPERATIONS = {
  not: (_, value) => !truth(value),
  blank: (_, value) => text(value) === "",
  "=": (context, left, right) => equal(left, right, context.offset),
  "!=": (context, left, right) => different(left, right, context.offset),
  "<": inOrder((one, two) => one < two),
  "<=": inOrder((one, two) => one <= two),
  ">": inOrder((one, two) => one > two),
  ">=": inOrder((one, two) => one >= two),
  "+": numeric((one, two) => one + two),
  "-": numeric((one, two) => one - two),
  "*": numeric((one, two) => one * two),
  div: numeric((one, two) => one / two),
  mod: numeric((one, two) => one % two),
  negate: numeric((value) => -value),
  null: () => [],
  true: () => true,
  false: () => false,
  boolean: (_, value) => truth(value),
  "boolean-from-string": booleanFromString,
  checklist,
  "weighted-checklist": weightedChecklist,
  selected: (_, value, code) => selected(value, code),
  "selected-at": (context, value, index) => texts.at(text(value), number(index, context.offset)),
  "count-selected": (_, value) => chosen(value).length,
  count: (_, value) => (Array.isArray(value) ? value.length : Number(text(value) !== "")),
  "count-non-empty": (_, value) => each(value).filter((one) => text(one) !== "").length,
  sum: ofAll(total),
  min: ofAll(smallest),
  max: ofAll(largest),
  number: numberOf,
  int: numeric(Math.trunc),
  round: numeric(rounded),
  floor: numeric(Math.floor),
  ceiling: numeric(Math.ceil),
  abs: numeric(Math.abs),
  pow: numeric(power),
  sqrt: numeric(Math.sqrt),
  exp: computed(Math.exp),
  exp10: numeric((value) => power(10, value)),
  log: computed(Math.log),
  log10: computed(Math.log10),
  sin: computed(Math.sin),
  cos: computed(Math.cos),
  tan: computed(Math.tan),
  asin: computed(Math.asin),
  acos: computed(Math.acos),
  atan: computed(Math.atan),
  atan2: computed(Math.atan2),
  pi: () => Math.PI,
  string: (_, value) => text(value),
  concat: (_, ...values) => texts.joined("", each(...values).map(text)),
  join: (_, mark, ...values) => texts.joined(text(mark), each(...values).map(text)),
  substr: (context, value, start, end) => {
    const last = end === undefined ? undefined : number(end, context.offset);
    return texts.part(text(value), number(start, context.offset), last);
  },
  substring: (context, value, start, count = Infinity) =>
    texts.substring(text(value), number(start, context.offset), number(count, context.offset)),
  "substring-before": textual(texts.before),
  "substring-after": textual(texts.after),
  "string-length": textual(texts.length),
  "normalize-space": textual(texts.normalized),
  translate: textual(texts.translated),
  contains: textual((value, part) => value.includes(part)),
  "starts-with": textual((value, part) => value.startsWith(part)),
  "ends-with": textual((value, part) => value.endsWith(part)),
  regex: (_, value, pattern) => matches(value, pattern),
  digest: (_, value, algorithm, encoding) => texts.digest(text(value), algorithm, encoding),
  "base64-decode": textual(texts.decoded),
  today: (context) => new Moment(timeOf(context.today, context.offset) ?? 0, context.offset),
  now: (context) => new Moment(context.now, context.offset),
  date,
  "date-time": date,
  "decimal-date-time": days,
  "decimal-time": partOf,
  "cht:difference-in-days": apart(daysApart),
  "cht:difference-in-weeks": apart(daysApart, 7),
  "cht:difference-in-months": apart(monthsApart),
  "cht:difference-in-years": apart(monthsApart, 12),
  "format-date": format,
  "format-date-time": format,
};

function firstFilled(trees, value) {
  for (const tree of trees) {
    const found = first(value(tree));
    if (!Number.isNaN(found) && text(found) !== "") return found;
  }
  return "";
}

// `context` has: ref(path) -> value, own, column(name) -> text, today (ISO text), now (milliseconds), offset (minutes
// ahead of UTC), seed and shown (texts), entryNumber(repeat), indexed(path, [[repeat, number]]), label(path, code).
export function evaluate(tree, context) {
  const [operator, one, two, three] = tree;
  const value = (child) => (Array.isArray(child) ? evaluate(child, context) : child);
  switch (operator) {
    case "ref": return context.ref(one) ?? "";
    case "self": return context.own ?? "";
    case "column": return context.column(one) ?? "";
    case "text": case "figure": return one;
    case "or": return tree.slice(1).some((child) => truth(value(child)));
    case "and": return tree.slice(1).every((child) => truth(value(child)));
    case "if": return truth(value(one)) ? value(two) : value(three);
    case "coalesce": return firstFilled(tree.slice(1), value);
    case "once": return (context.own ?? "") === "" ? value(one) : context.own;
    case "random": return drawn(`${context.seed}\n${context.shown}`);
    case "entry-number": return context.entryNumber(one);
    case "jr:choice-name": return context.label(two[1], text(value(one)));
    case "indexed-repeat": {
      const pairs = [];
      for (let at = 2; at < tree.length; at += 2) pairs.push([tree[at][1], number(value(tree[at + 1]), context.offset)]);
      return context.indexed(one[1], pairs) ?? "";
    }
    default: return OPERATIONS[operator](context, ...tree.slice(1).map(value));
  }
}
