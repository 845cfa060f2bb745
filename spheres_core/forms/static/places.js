// Where a rule of a form finds the answers that it reads, as in forms/rule_places.py: at its own place, above it, and in
// the entries of repeats. Nothing here knows of the page.

import { evaluate, filled, stored, truth } from "./expressions.js";
import { number } from "./rule_values.js";

// One place of a form: the whole of it, or one entry of a repeat. `answers` are what was given, `values` what rules see:
// nothing of what is hidden, and what is computed.
export class Place {
  constructor(prefix, parent, element) {
    Object.assign(this, { prefix, parent, element, hidden: new Set(), entries: new Map() });
    Object.assign(this, { answers: new Map(), values: new Map() });
  }
}

// The rules of a form, evaluated at its places.
export class FormRules {
  constructor(rules) {
    this.clock = rules.clock;
    this.labels = rules.labels;
    for (const question of rules.questions) question.parent = question.path.slice(0, Math.max(question.path.lastIndexOf("."), 0));
    this.questions = new Map(rules.questions.map((question) => [question.path, question]));
    this.evaluated = 0;
  }

  shown(question, place) {
    return place.prefix + question.path.slice((question.entry ?? "").length);
  }

  evaluate(tree, question, place, columns = {}) {
    this.evaluated += 1;
    return evaluate(tree, {
      ...this.clock,
      own: place.values.get(question.path) ?? "",
      shown: this.shown(question, place),
      column: (name) => (Object.hasOwn(columns, name) ? columns[name] : ""),
      ref: (path) => this.refer(path, question, place),
      entryNumber: (repeat) => this.entryNumber(repeat, question, place),
      indexed: (path, chosen) => this.indexed(path, chosen, question, place),
      label: (path, code) => (code === "" ? "" : (this.labels[path]?.[code] ?? code)),
    });
  }

  holds(tree, question, place, columns) {
    return truth(this.evaluate(tree, question, place, columns));
  }

  number(tree, question, place) {
    return number(this.evaluate(tree, question, place), this.clock.offset);
  }

  // Decides whether a question is asked, and computes what is computed.
  settle(question, place) {
    const { parent } = question;
    const above = parent && parent === question.entry ? place.parent : place;
    place.values.delete(question.path);
    const kept = !(parent && above.hidden.has(parent));
    if (!kept || (question.relevant && !this.holds(question.relevant, question, place))) {
      place.hidden.add(question.path);
      return;
    }
    place.hidden.delete(question.path);
    const value = question.calculation
      ? filled(stored(this.evaluate(question.calculation, question, place)))
      : (place.answers.get(question.path) ?? null);
    if (value !== null) place.values.set(question.path, value);
  }

  // The answer in this place or above it; for a repeat further below, all its answers.
  refer(path, near, place) {
    const target = this.questions.get(path);
    if (!target) return "";
    const here = this.repeatsAbove(near);
    const there = this.repeatsAbove(target);
    const shared = there.filter((repeat, level) => here[level] === repeat).length;
    let from = place;
    for (let level = here.length; level > shared; level -= 1) from = from.parent;
    const below = there.slice(shared);
    if (below.length === 0 && target.kind !== "repeat") return from.values.get(path) ?? "";
    let places = [from];
    for (const repeat of below) places = places.flatMap((each) => each.entries.get(repeat) ?? []);
    places = places.filter((each) => !each.hidden.has(path));
    if (target.kind === "repeat") return places.flatMap((each) => (each.entries.get(path) ?? []).map(() => 1));
    return places.map((each) => each.values.get(path) ?? "");
  }

  entryNumber(repeat, near, place) {
    const here = this.repeatsAbove(near);
    const level = here.indexOf(repeat);
    if (level < 0) return "";
    let entry = place;
    for (let climb = here.length - 1; climb > level; climb -= 1) entry = entry.parent;
    const index = (entry.parent.entries.get(repeat) ?? []).indexOf(entry);
    return index < 0 ? "" : index + 1;
  }

  indexed(path, chosen, near, place) {
    const target = this.questions.get(path);
    if (!target) return "";
    const here = this.repeatsAbove(near);
    const there = this.repeatsAbove(target);
    const numbers = new Map(chosen);
    const chain = [place];
    for (const _ of here) chain.unshift(chain[0].parent);
    let [from] = chain;
    for (const [level, repeat] of there.entries()) {
      const entries = from.entries.get(repeat) ?? [];
      const own = there.slice(0, level + 1).every((each, at) => here[at] === each) ? chain[level + 1] : null;
      const index = numbers.has(repeat) ? Math.trunc(numbers.get(repeat)) : Math.max(entries.indexOf(own), 0) + 1;
      if (!(index >= 1 && index <= entries.length)) return "";
      from = entries[index - 1];
    }
    return from.values.get(path) ?? "";
  }

  repeatsAbove(question) {
    const above = [];
    for (let entry = question.entry; entry; entry = this.questions.get(entry).entry) above.unshift(entry);
    return above;
  }
}
