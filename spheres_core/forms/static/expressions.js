// The rules of forms in the browser: the same language as spheres_core/forms/expressions, value for value.
// No eval, no globals. The server decides; this only shows and hides.

const REACH = 1000;
const LONGEST_TEXT = 10000;
const DECIMAL = /^-?[0-9]+(\.[0-9]+)?$/;
const patterns = new Map();

export const filled = (value) =>
  value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0)
    ? null
    : value;

export function truth(value) {
  if (Array.isArray(value)) return value.length > 0;
  return Boolean(value);
}

const finite = (value) => (Number.isFinite(value) ? value : null);

export function number(value) {
  if (value === null || value === undefined) return null;
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value === "number") return value;
  const written = text(value);
  return DECIMAL.test(written) ? finite(Number(written)) : null;
}

export function text(value) {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return value.map(text).join(" ");
  return String(value);
}

function equal(left, right) {
  if (left === null || right === null) return null;
  if (typeof left === "boolean" || typeof right === "boolean") return truth(left) === truth(right);
  if (typeof left === "number" || typeof right === "number") {
    const first = number(left);
    return first !== null && first === number(right);
  }
  return text(left) === text(right);
}

function byCodePoint(said, other) {
  const [first, second] = [Array.from(said), Array.from(other)];
  const shared = Math.min(first.length, second.length);
  for (let place = 0; place < shared; place += 1) {
    const difference = first[place].codePointAt(0) - second[place].codePointAt(0);
    if (difference !== 0) return Math.sign(difference);
  }
  return Math.sign(first.length - second.length);
}

function order(left, right) {
  if (left === null || right === null) return null;
  const [first, second] = [number(left), number(right)];
  if (first !== null && second !== null) return first < second ? -1 : first > second ? 1 : 0;
  if (["boolean", "number"].includes(typeof left) || ["boolean", "number"].includes(typeof right)) return null;
  return byCodePoint(text(left), text(right));
}

export function chosen(value) {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return value.map(text);
  return text(value).split(" ").filter(Boolean);
}

function matches(value, pattern) {
  const written = text(value);
  if (written === "" || Array.from(written).length > REACH) return false;
  if (!patterns.has(pattern)) patterns.set(pattern, new RegExp(`^(?:${pattern})$`, "u"));
  return patterns.get(pattern).test(written);
}

function rounded(value, digits) {
  const figure = number(value);
  const scale = [1, 10, 100, 1000, 10000, 100000, 1000000][digits];
  if (figure === null || finite(figure * scale) === null) return null;
  return Math.floor(figure * scale + 0.5) / scale;
}

// Joins texts; one that grows too long is blank. A character may be two units here, so only as many are counted.
function joined(values) {
  const parts = [];
  let left = LONGEST_TEXT;
  for (const value of values) {
    const part = text(value);
    if (part.length > 2 * LONGEST_TEXT) return null;
    left -= Array.from(part).length;
    if (left < 0) return null;
    parts.push(part);
  }
  return filled(parts.join(""));
}

const arithmetic = (compute) => (left, right) => {
  const [first, second] = [number(left), number(right)];
  return first === null || second === null ? null : finite(compute(first, second));
};

const ordered = (...wanted) => (left, right) => {
  const found = order(left, right);
  return found !== null && wanted.includes(found);
};

const OPERATIONS = {
  not: (value) => !truth(value),
  blank: (value) => filled(value) === null,
  "=": (left, right) => equal(left, right) === true,
  "!=": (left, right) => equal(left, right) === false,
  "<": ordered(-1),
  "<=": ordered(-1, 0),
  ">": ordered(1),
  ">=": ordered(0, 1),
  "+": arithmetic((first, second) => first + second),
  "-": arithmetic((first, second) => first - second),
  "*": arithmetic((first, second) => first * second),
  div: arithmetic((first, second) => first / second),
  mod: arithmetic((first, second) => first % second),
  negate: (value) => (number(value) === null ? null : 0 - number(value)),
  selected: (value, code) => value !== null && code !== null && chosen(value).includes(text(code)),
  count: (value) => (filled(value) === null ? 0 : Array.isArray(value) ? value.length : 1),
  "count-selected": (value) => chosen(value).length,
  "string-length": (value) => Array.from(text(value)).length,
  concat: (...values) => joined(values),
  coalesce: (...values) => values.map(filled).find((value) => value !== null) ?? null,
  number: (value) => number(value),
};

// `context` has: ref(path) -> value, own, today (ISO text), column(name) -> text.
export function evaluate(tree, context) {
  const [operator, first, second, third] = tree;
  const value = (child) => evaluate(child, context);
  switch (operator) {
    case "ref": return context.ref(first) ?? null;
    case "self": return context.own ?? null;
    case "column": return filled(context.column(first));
    case "today": return context.today;
    case "text": return filled(first);
    case "figure": return first;
    case "true": return true;
    case "false": return false;
    case "or": return tree.slice(1).some((child) => truth(value(child)));
    case "and": return tree.slice(1).every((child) => truth(value(child)));
    case "if": return truth(value(first)) ? value(second) : value(third);
    case "regex": return matches(value(first), second);
    case "round": return rounded(value(first), second);
    default: return OPERATIONS[operator](...tree.slice(1).map(value));
  }
}
