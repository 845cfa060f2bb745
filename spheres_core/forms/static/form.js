// Shows what is asked, hides what is not, and lets people add entries. Without it the whole form is shown and the
// server decides alone; with it, the server still decides.
//
// <form data-form-rules='{…}' data-today="2026-11-21">      the JSON of browser_rules()
//   [data-question="household[0].age"]                      around each question, group, repeat and note; its name
//     [data-words="Hello ${name}"]                          a label that speaks of answers (label_live)
//     [data-optional]                                       a mark that is hidden while an answer is required
//     [data-choice="yes"]                                   around each choice of a question with a filter
//     name="born" or name="born.year", .month, .day         a date, in one field or in three (two for a month)
//   [data-entries="household"]                              around the entries of a repeat
//     [data-entry]                                          one entry
//       [data-remove-entry] [data-restore-entry]            buttons; a removed entry is kept until the page is left
//   [data-add-entry="household"]                            a button
//   template[data-blank-entry="household"]                  the blank entry, with NEW for its number
// Buttons that need JavaScript carry `hidden` and are shown here. What is hidden is disabled, so it is not sent, and
// keeps what was written. A form that is alive gets `data-live`, by which styles hide what only readers without
// JavaScript need to be told.

import { evaluate, filled, text, truth } from "./expressions.js";

const NEW = /NEW/g;
const WHOLE = /^-?[0-9]{1,16}$/;
const DECIMAL = /^-?[0-9]{1,16}([.,][0-9]{1,16})?$/;

const DATE_PARTS = ["year", "month", "day"];

// Day, month and year (or month and year) are fields of their own, because a browser's own date field does not speak the page's language.
function dateOf(controls) {
  const [year, month, day = "01"] = controls.map((control) => control.value.trim());
  if (![year, month, day].every((part) => /^[0-9]{1,4}$/.test(part))) return null;
  return `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
}

class Place {
  constructor(prefix, parent, element) {
    Object.assign(this, { prefix, parent, element, values: new Map(), hidden: new Set(), entries: new Map() });
  }
}

class LiveForm {
  constructor(form) {
    this.form = form;
    this.rules = JSON.parse(form.dataset.formRules);
    this.today = form.dataset.today;
    this.questions = new Map(this.rules.questions.map((question) => [question.path, question]));
    form.addEventListener("input", () => this.judge());
    form.addEventListener("change", () => this.judge());
    form.addEventListener("click", (event) => this.clicked(event));
    for (const button of form.querySelectorAll("[data-add-entry], [data-remove-entry]")) button.hidden = false;
    this.judge();
  }

  clicked(event) {
    const button = event.target.closest("[data-add-entry], [data-remove-entry], [data-restore-entry]");
    if (!button) return;
    if (button.dataset.addEntry !== undefined) this.add(button);
    else this.setRemoved(button.closest("[data-entry]"), button.dataset.removeEntry !== undefined);
    this.judge();
  }

  add(button) {
    const name = button.dataset.addEntry;
    const entries = this.form.querySelector(`[data-entries="${CSS.escape(name)}"]`);
    const blank = this.form.querySelector(`template[data-blank-entry="${CSS.escape(name)}"]`);
    const limit = Number(entries.dataset.limit || 100);
    const numbers = [...entries.children].map((entry) => Number(entry.dataset.number ?? -1));
    if (entries.children.length >= limit) return;
    const number = Math.max(-1, ...numbers) + 1;
    const holder = document.createElement("template");
    // The blank entry is the page's own markup; only the number in its names changes.
    holder.content.append(blank.content.cloneNode(true));
    for (const element of holder.content.querySelectorAll("*")) {
      for (const attribute of [...element.attributes]) {
        if (attribute.value.includes("NEW")) attribute.value = attribute.value.replace(NEW, String(number));
      }
    }
    const entry = holder.content.firstElementChild;
    entry.dataset.number = String(number);
    for (const shown of entry.querySelectorAll("[data-entry-number]")) shown.textContent = String(number + 1);
    for (const remove of entry.querySelectorAll("[data-remove-entry]")) remove.hidden = false;
    entries.append(entry);
    entry.querySelector("input, select, textarea")?.focus();
  }

  setRemoved(entry, removed) {
    entry.toggleAttribute("data-removed", removed);
    const [remove, restore] = ["remove", "restore"].map((what) => entry.querySelector(`[data-${what}-entry]`));
    remove.hidden = removed;
    if (restore) {
      restore.hidden = !removed;
      (removed ? restore : remove).focus();
    }
  }

  judge() {
    const root = new Place("", null, this.form);
    const places = this.gather(root);
    for (const question of this.rules.questions) {
      for (const place of places.get(question.entry ?? "") ?? []) this.settle(question, place);
    }
    for (const question of this.rules.questions) {
      for (const place of places.get(question.entry ?? "") ?? []) this.show(question, place);
    }
    for (const filter of this.rules.filters) {
      for (const place of places.get(filter.entry ?? "") ?? []) this.filter(filter, place);
    }
    this.disable();
    for (const [, all] of places) for (const place of all) this.speak(place);
  }

  // Every place of the form with the answers in it, by the repeat it belongs to.
  gather(root) {
    const places = new Map([["", [root]]]);
    const repeats = [...this.rules.repeats].sort((one, two) => one.length - two.length);
    for (const repeat of repeats) {
      const above = this.questions.get(repeat).entry ?? "";
      const found = [];
      for (const place of places.get(above) ?? []) {
        const entries = this.entriesOf(repeat, place);
        place.entries.set(repeat, entries);
        found.push(...entries);
      }
      places.set(repeat, found);
    }
    for (const question of this.rules.questions) {
      for (const place of places.get(question.entry ?? "") ?? []) this.read(question, place);
    }
    return places;
  }

  entriesOf(repeat, place) {
    const name = this.shown(this.questions.get(repeat), place);
    const holder = this.form.querySelector(`[data-entries="${CSS.escape(name)}"]`);
    if (!holder) return [];
    return [...holder.children]
      .filter((entry) => entry.hasAttribute("data-entry"))
      .map((entry, index) => {
        entry.dataset.number ??= String(index);
        return entry;
      })
      .filter((entry) => !entry.hasAttribute("data-removed"))
      .map((entry) => new Place(`${name}[${entry.dataset.number}]`, place, entry));
  }

  shown(question, place) {
    return place.prefix + question.path.slice((question.entry ?? "").length);
  }

  controls(question, place) {
    const name = this.shown(question, place);
    const names = question.kind === "date" ? [name, ...DATE_PARTS.map((part) => `${name}.${part}`)] : [name];
    return names.flatMap((each) => [...this.form.querySelectorAll(`[name="${CSS.escape(each)}"]`)]);
  }

  read(question, place) {
    const value = filled(this.valueOf(question, this.controls(question, place)));
    if (value !== null) place.values.set(question.path, value);
  }

  valueOf(question, controls) {
    // An answer that nobody changes is hidden, and stands as it is.
    const checked = controls
      .filter((control) => control.checked || control.type === "hidden")
      .map((control) => control.value);
    const written = controls[0]?.value ?? "";
    switch (question.kind) {
      case "select_multiple": return checked;
      case "select_one": return controls[0]?.type === "radio" ? (checked[0] ?? null) : written;
      case "acknowledge": return checked.length > 0 ? true : null;
      case "integer": return WHOLE.test(written.trim()) ? Number(written) : null;
      case "decimal": return DECIMAL.test(written.trim()) ? Number(written.trim().replace(",", ".")) : null;
      case "text": return written.trim() === "" ? null : written;
      case "date": return controls.length > 1 ? dateOf(controls) : written;
      default: return null;
    }
  }

  settle(question, place) {
    const parent = question.parent ?? "";
    const above = parent && parent === question.entry ? place.parent : place;
    const kept = !(parent && above.hidden.has(parent));
    if (!kept || (question.relevant && !truth(this.evaluate(question.relevant, question, place)))) {
      place.hidden.add(question.path);
      place.values.delete(question.path);
    } else if (question.calculation) {
      const value = filled(this.evaluate(question.calculation, question, place));
      if (value !== null) place.values.set(question.path, value);
    }
  }

  evaluate(tree, question, place, columns = {}) {
    return evaluate(tree, {
      today: this.today,
      own: place.values.get(question.path) ?? null,
      column: (name) => (Object.hasOwn(columns, name) ? columns[name] : null),
      ref: (path) => this.refer(path, question, place),
    });
  }

  // The answer in this place or above it; for a repeat further below, all its answers.
  refer(path, near, place) {
    const target = this.questions.get(path);
    if (!target) return null;
    const here = this.repeatsAbove(near);
    const there = this.repeatsAbove(target);
    const shared = there.filter((repeat, level) => here[level] === repeat).length;
    let from = place;
    for (let level = here.length; level > shared; level -= 1) from = from.parent;
    const below = there.slice(shared);
    if (below.length === 0 && target.kind !== "repeat") return from.values.get(path) ?? null;
    let places = [from];
    for (const repeat of below) places = places.flatMap((each) => each.entries.get(repeat) ?? []);
    if (target.kind === "repeat") {
      return places.flatMap((each) => (each.hidden.has(path) ? [] : (each.entries.get(path) ?? []).map(() => 1)));
    }
    return places.map((each) => each.values.get(path) ?? null).filter((value) => value !== null);
  }

  repeatsAbove(question) {
    const above = [];
    for (let entry = question.entry; entry; entry = this.questions.get(entry).entry) above.unshift(entry);
    return above;
  }

  show(question, place) {
    const name = this.shown(question, place);
    const holder = this.form.querySelector(`[data-question="${CSS.escape(name)}"]`);
    if (!holder) return;
    holder.hidden = place.hidden.has(question.path);
    const mark = holder.querySelector("[data-optional]");
    if (mark && question.required && mark.closest("[data-question]") === holder) {
      mark.hidden = truth(this.evaluate(question.required, question, place));
    }
  }

  filter(filter, place) {
    const question = this.questions.get(filter.path);
    const holder = this.form.querySelector(`[data-question="${CSS.escape(this.shown(question, place))}"]`);
    if (!holder) return;
    const offered = new Set(
      filter.choices
        .filter((columns) => truth(this.evaluate(filter.rule, question, place, columns)))
        .map((columns) => columns.name),
    );
    for (const choice of holder.querySelectorAll("[data-choice]")) choice.hidden = !offered.has(choice.dataset.choice);
  }

  // What cannot be seen is not sent, and keeps what was written.
  disable() {
    for (const control of this.form.querySelectorAll("input[name], select[name], textarea[name], option[data-choice]")) {
      if (control.name?.startsWith("_")) continue;
      control.disabled = control.closest("[hidden], [data-removed]") !== null;
    }
  }

  speak(place) {
    const found = place.element.querySelectorAll("[data-words]");
    for (const element of found) {
      if (place.prefix === "" ? element.closest("[data-entry]") : element.closest("[data-entry]") !== place.element) continue;
      element.textContent = element.dataset.words.replace(/\$\{([^}]+)\}/g, (_, path) => this.say(path, place) || "…");
    }
  }

  say(path, place) {
    for (let from = place; from; from = from.parent) {
      if (!from.values.has(path)) continue;
      const value = from.values.get(path);
      if (!Object.hasOwn(this.rules.labels, path)) return text(value);
      const labels = this.rules.labels[path];
      return [value].flat().map((code) => labels[code] ?? code).join(", ");
    }
    return "";
  }
}

function come() {
  for (const form of document.querySelectorAll("form[data-form-rules]:not([data-live])")) {
    form.dataset.live = "";
    new LiveForm(form);
  }
}

come();
document.addEventListener("spheres:page", come);
