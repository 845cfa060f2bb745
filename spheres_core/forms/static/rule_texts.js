// Functions of texts in rules, as in forms/expressions/text_functions.py. Characters are code points.

import { digestBytes } from "./digests.js";

const LONGEST_TEXT = 10000;
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

export const length = (text) => Array.from(text).length;

export const normalized = (text) => text.replace(/[ \t\r\n]+/g, " ").replace(/^ /, "").replace(/ $/, "");

// Joins texts; one that grows too long is blank. A character may be two units here, so only as many are counted.
export function joined(mark, texts) {
  const parts = [];
  let left = LONGEST_TEXT;
  for (const text of texts) {
    const part = parts.length === 0 ? text : mark + text;
    if (part.length > 2 * LONGEST_TEXT) return "";
    left -= length(part);
    if (left < 0) return "";
    parts.push(part);
  }
  return parts.join("");
}

export function part(text, start, end) {
  const letters = Array.from(text);
  const place = (wanted) => {
    if (Number.isNaN(wanted)) return 0;
    const whole = Math.trunc(wanted);
    return whole >= 0 ? Math.min(whole, letters.length) : Math.max(letters.length + whole, 0);
  };
  const stop = end === undefined ? letters.length : place(end);
  return letters.slice(place(start), stop).join("");
}

export function substring(text, start, count) {
  const letters = Array.from(text);
  const begin = Math.floor(start + 0.5);
  const end = begin + Math.floor(count + 0.5);
  if (Number.isNaN(begin) || Number.isNaN(end)) return "";
  const [from, to] = [Math.max(begin, 1), Math.min(end, letters.length + 1)];
  return from < to ? letters.slice(from - 1, to - 1).join("") : "";
}

export const before = (text, mark) => (mark && text.includes(mark) ? text.slice(0, text.indexOf(mark)) : "");

export function after(text, mark) {
  if (!mark) return text;
  return text.includes(mark) ? text.slice(text.indexOf(mark) + mark.length) : "";
}

export function translated(text, letters, others) {
  const table = new Map();
  const replacements = Array.from(others);
  for (const [index, letter] of Array.from(letters).entries()) {
    if (!table.has(letter)) table.set(letter, replacements[index] ?? "");
  }
  return Array.from(text, (letter) => table.get(letter) ?? letter).join("");
}

export function at(text, index) {
  const place = Math.trunc(index);
  return place >= 0 ? (text.split(" ")[place] ?? "") : "";
}

export function digest(text, algorithm, encoding) {
  const bytes = digestBytes(utf8(text), algorithm);
  return encoding === "hex" ? bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("") : base64(bytes);
}

export function decoded(text) {
  if (!BASE64.test(text)) return "";
  const values = Array.from(text.replace(/=/g, ""), (letter) => LETTERS.indexOf(letter));
  let escaped = "";
  for (let index = 0; index + 1 < values.length; index += 1) {
    if (index % 4 === 3) continue;
    const bits = 2 * (index % 4);
    const byte = ((values[index] << (2 + bits)) | (values[index + 1] >> (4 - bits))) & 255;
    escaped += `%${byte.toString(16).padStart(2, "0")}`;
  }
  try {
    const found = decodeURIComponent(escaped);
    return found.includes("\0") ? "" : found;
  } catch {
    return "";
  }
}

function utf8(text) {
  const escaped = encodeURIComponent(text);
  return Array.from(escaped.matchAll(/%(..)|(.)/g), (found) =>
    found[1] ? Number.parseInt(found[1], 16) : found[2].charCodeAt(0),
  );
}

function base64(bytes) {
  let written = "";
  for (let index = 0; index < bytes.length; index += 3) {
    const [one, two = 0, three = 0] = bytes.slice(index, index + 3);
    const places = [one >> 2, ((one & 3) << 4) | (two >> 4), ((two & 15) << 2) | (three >> 6), three & 63];
    const kept = Math.min(bytes.length - index, 3) + 1;
    written += places.slice(0, kept).map((place) => LETTERS[place]).join("").padEnd(4, "=");
  }
  return written;
}
