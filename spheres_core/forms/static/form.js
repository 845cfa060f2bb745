// Shows what is asked, hides what is not, and lets people add entries. Without it the whole form is shown and the
// server decides alone; with it, the server still decides.
//
// <form data-form-rules='{…}' data-today="2026-11-21">      the JSON of browser_rules()
//   [data-question="household[0].age"]                      around each question, group, repeat and note; its name
//     [data-words="Hello ${name}"]                          a label that speaks of answers (label_live)
//     [data-optional]                                       a mark that is hidden while an answer is required
//     [data-choice="yes"]                                   around each choice of a question with a filter
//     name="born" or name="born.year", .month, .day         a date, in one field or in several (two for a month)
//     name="at.hour", .minute                               a time; with the parts of a date, a day with a time
//     [data-ranking="wishes"]                               around the lists of a ranking, each in a [data-place]
//   [data-entries="household"]                              around the entries of a repeat
//     data-counted                                        their number follows from a rule
//     [data-entry]                                          one entry
//       [data-remove-entry] [data-restore-entry]            buttons; a removed entry is kept until the page is left
//   [data-add-entry="household"]                            a button
//   template[data-blank-entry="household"]                  the blank entry, with NEW for its number
// Buttons that need JavaScript carry `hidden` and are shown here. What is hidden is disabled, so it is not sent, and
// keeps what was written. A form that is alive gets `data-live`, by which styles hide what only readers without
// JavaScript need to be told.

//
// After a change only what depends on the changed answer is judged again (Dependents); the form then sends
// `spheres:judged` with the number of rules that were evaluated. An entry that comes or goes lets all be judged.

import { filled, text } from "./expressions.js";
import { FormRules, Place } from "./places.js";

const NEW = /NEW/g;
const WHOLE = /^-?[0-9]{1,16}$/;
const DECIMAL = /^-?[0-9]{1,16}([.,][0-9]{1,16})?$/;

// Days and times are fields of their own, because a browser's own fields for them do not speak the page's language.
const DAY_PARTS = ["year", "month", "day"];
const TIME_PARTS = ["hour", "minute"];
const PARTS = { date: DAY_PARTS, time: TIME_PARTS, datetime: [...DAY_PARTS, ...TIME_PARTS] };

function dateOf(written) {
  const { year, month = "01", day = "01" } = written;
  if (![year, month, day].every((part) => /^[0-9]{1,4}$/.test(part))) return null;
  return `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
}

function timeOf(written) {
  const { hour, minute } = written;
  if (![hour, minute].every((part) => /^[0-9]{1,2}$/.test(part)) || Number(hour) > 23 || Number(minute) > 59) return null;
  return `${hour.padStart(2, "0")}:${minute.padStart(2, "0")}`;
}

// The text of a day or a time from its fields; an answer that nobody changes stands in one field as it is.
function joined(kind, controls) {
  const written = Object.fromEntries(controls.map((control) => [control.name.split(".").at(-1), control.value.trim()]));
  if (!PARTS[kind].some((part) => part in written)) return controls[0]?.value ?? "";
  const parts = [kind === "time" ? null : dateOf(written), kind === "date" ? null : timeOf(written)];
  const [day, time] = parts;
  if (kind === "datetime") return day && time ? `${day}T${time}` : null;
  return day ?? time;
}

function* references(tree) {
  if (!Array.isArray(tree)) return;
  if (tree[0] === "ref") yield tree[1];
  for (const child of tree.slice(1)) yield* references(child);
}

const spoken = (words) => [...words.matchAll(/\$\{([^}]+)\}/g)].map((found) => found[1]);

// Which questions must be judged again when the answer to one changes: those that read it, those inside of what it
// shows or hides, and so on.
class Dependents {
  constructor(rules) {
    this.direct = new Map();
    for (const question of rules.questions) {
      const read = [question.relevant, question.calculation, question.required, question.repeat_count].flatMap((tree) => [...references(tree)]);
      for (const path of [...read, question.parent]) this.add(path, question.path);
    }
    for (const filter of rules.filters) for (const path of references(filter.rule)) this.add(path, filter.path);
    this.known = new Map();
  }

  add(path, dependent) {
    if (path && path !== dependent) this.direct.set(path, [...(this.direct.get(path) ?? []), dependent]);
  }

  // The changed question and all that depends on it.
  of(path) {
    if (!this.known.has(path)) {
      const found = new Set([path]);
      for (const each of found) for (const dependent of this.direct.get(each) ?? []) found.add(dependent);
      this.known.set(path, found);
    }
    return this.known.get(path);
  }
}

class LiveForm {
  constructor(form) {
    this.form = form;
    this.rules = JSON.parse(form.dataset.formRules);
    this.formRules = new FormRules(this.rules);
    this.questions = this.formRules.questions;
    this.dependents = new Dependents(this.rules);
    form.addEventListener("input", (event) => this.changed(event.target));
    form.addEventListener("change", (event) => {
      this.exchange(event.target);
      this.changed(event.target);
    });
    form.addEventListener("focusin", (event) => this.enter(event.target, event.target.value));
    for (const list of form.querySelectorAll("[data-ranking] select")) list.dataset.before = list.value;
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
    this.addEntry(button.dataset.addEntry)?.querySelector("input, select, textarea")?.focus();
  }

  // Appends a blank entry to a repeat by its shown name, and returns it; null where there are as many as there may be.
  addEntry(name) {
    const entries = this.form.querySelector(`[data-entries="${CSS.escape(name)}"]`);
    const blank = this.form.querySelector(`template[data-blank-entry="${CSS.escape(name)}"]`);
    const limit = Number(entries.dataset.limit || 100);
    const numbers = [...entries.children].map((entry) => Number(entry.dataset.number ?? -1));
    if (entries.children.length >= limit) return null;
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
    if (!("counted" in entries.dataset)) {
      for (const remove of entry.querySelectorAll("[data-remove-entry]")) remove.hidden = false;
    }
    entries.append(entry);
    return entry;
  }

  // Gives each repeat whose number of entries follows from a rule as many as that; returns whether that changed any.
  // What was written in an entry that goes is kept until it comes back.
  count(questions) {
    let changed = false;
    for (const question of questions.filter((each) => each.repeat_count)) {
      for (const place of this.placesOf(question)) {
        const counted = this.formRules.number(question.repeat_count, question, place);
        const wanted = Number.isFinite(counted) ? Math.max(0, Math.min(Math.trunc(counted), question.most)) : 0;
        changed = this.setCount(this.shown(question, place), wanted) || changed;
      }
    }
    return changed;
  }

  setCount(name, wanted) {
    const holder = this.form.querySelector(`[data-entries="${CSS.escape(name)}"]`);
    if (!holder) return false;
    const there = () => [...holder.children].filter((entry) => !entry.hasAttribute("data-removed")).length;
    const before = there();
    for (const [index, entry] of [...holder.children].entries()) {
      entry.toggleAttribute("data-removed", index >= wanted);
      entry.hidden = index >= wanted;
    }
    while (there() < wanted && this.addEntry(name));
    return there() !== before;
  }

  // Who gives an answer a place takes it from its other place, which gets what stood here when the list was entered:
  // a keyboard goes through the answers between them.
  exchange(list) {
    const ranking = list.closest?.("[data-ranking]");
    if (!ranking) return;
    if (this.entered !== list) this.enter(list, list.dataset.before ?? "");
    for (const [other, value] of this.ranked) {
      if (other !== list) other.value = value === list.value && value !== "" ? this.ranked.get(list) : value;
      other.dataset.before = other.value;
    }
  }

  // Keeps how a ranking stands when one of its lists is entered; `value` is what stands in that one.
  enter(list, value) {
    const lists = list.closest?.("[data-ranking]")?.querySelectorAll("select") ?? [];
    this.entered = list;
    this.ranked = new Map([...lists].map((each) => [each, each === list ? value : each.value]));
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

  // Judges everything: when the form comes to life, and when an entry comes or goes.
  judge() {
    this.places = this.gather(new Place("", null, this.form));
    this.words = [...this.form.querySelectorAll("[data-words]")].map((element) => this.wordsOf(element));
    this.judgeOnly(null);
  }

  // Judges what depends on the answer of a field that was changed.
  changed(control) {
    const name = control.name ?? "";
    if (name.startsWith("_")) return;
    const question = this.questionOf(name);
    if (!question) return this.judge();
    for (const place of this.places.get(question.entry ?? "") ?? []) {
      if (`${name}.`.startsWith(`${this.shown(question, place)}.`)) this.read(question, place);
    }
    this.judgeOnly(this.dependents.of(question.path));
  }

  questionOf(name) {
    const path = name.replace(/\[[^\]]*\]/g, "");
    return this.questions.get(path) ?? this.questions.get(path.replace(/\.(year|month|day|hour|minute|[0-9]+)$/, ""));
  }

  // Judges the questions with these paths, or all of them.
  judgeOnly(paths) {
    const concerned = (each) => paths === null || paths.has(each.path);
    const questions = this.rules.questions.filter(concerned);
    this.formRules.evaluated = 0;
    for (const question of questions) for (const place of this.placesOf(question)) this.formRules.settle(question, place);
    if (this.count(questions)) return this.judge();
    for (const question of questions) for (const place of this.placesOf(question)) this.show(question, place);
    for (const filter of this.rules.filters.filter(concerned)) {
      for (const place of this.placesOf(filter)) this.filter(filter, place);
    }
    if (paths === null) this.disable(this.form);
    else for (const question of questions) for (const place of this.placesOf(question)) this.disableIn(question, place);
    for (const words of this.words) {
      if (paths === null || words.paths.some((path) => paths.has(path))) this.speak(words);
    }
    this.form.dispatchEvent(new CustomEvent("spheres:judged", { detail: { evaluated: this.formRules.evaluated } }));
  }

  placesOf(question) {
    return this.places.get(question.entry ?? "") ?? [];
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
    return this.formRules.shown(question, place);
  }

  controls(question, place) {
    const name = this.shown(question, place);
    const names = [name, ...(PARTS[question.kind] ?? []).map((part) => `${name}.${part}`)];
    if (question.kind === "rank") {
      const lists = this.form.querySelectorAll(`[data-ranking="${CSS.escape(name)}"] select`);
      if (lists.length > 0) return [...lists];
    }
    return names.flatMap((each) => [...this.form.querySelectorAll(`[name="${CSS.escape(each)}"]`)]);
  }

  read(question, place) {
    const value = filled(this.valueOf(question, this.controls(question, place)));
    if (value !== null) place.answers.set(question.path, value);
    else place.answers.delete(question.path);
  }

  valueOf(question, controls) {
    // An answer that nobody changes is hidden, and stands as it is.
    const checked = controls
      .filter((control) => control.checked || control.type === "hidden")
      .map((control) => control.value);
    const written = controls[0]?.value ?? "";
    switch (question.kind) {
      case "select_multiple": return checked.join(" ");
      case "rank": return controls.map((control) => control.value).filter((code) => code !== "").join(" ");
      case "range": {
        const number = (controls[0]?.type === "radio" ? (checked[0] ?? "") : written).trim();
        return DECIMAL.test(number) ? Number(number.replace(",", ".")) : null;
      }
      case "select_one": return controls[0]?.type === "radio" ? (checked[0] ?? null) : written;
      case "acknowledge": return checked.length > 0 ? "OK" : null;
      case "integer": return WHOLE.test(written.trim()) ? Number(written) : null;
      case "decimal": return DECIMAL.test(written.trim()) ? Number(written.trim().replace(",", ".")) : null;
      case "text":
      case "geopoint": return written.trim() === "" ? null : written;
      case "date":
      case "time":
      case "datetime": return joined(question.kind, controls);
      default: return null;
    }
  }

  show(question, place) {
    const name = this.shown(question, place);
    const holder = this.form.querySelector(`[data-question="${CSS.escape(name)}"]`);
    if (!holder) return;
    holder.hidden = place.hidden.has(question.path);
    const mark = holder.querySelector("[data-optional]");
    if (mark && question.required && mark.closest("[data-question]") === holder) {
      mark.hidden = this.formRules.holds(question.required, question, place);
    }
  }

  filter(filter, place) {
    const question = this.questions.get(filter.path);
    const holder = this.form.querySelector(`[data-question="${CSS.escape(this.shown(question, place))}"]`);
    if (!holder) return;
    const offered = new Set(
      filter.choices
        .filter((columns) => this.formRules.holds(filter.rule, question, place, columns))
        .map((columns) => columns.name),
    );
    for (const choice of holder.querySelectorAll("[data-choice]")) choice.hidden = !offered.has(choice.dataset.choice);
    for (const [index, each] of holder.querySelectorAll("[data-place]").entries()) each.hidden = index >= offered.size;
  }

  // What cannot be seen is not sent, and keeps what was written.
  disable(element) {
    for (const control of element.querySelectorAll("input[name], select[name], textarea[name], option[data-choice]")) {
      if (control.name?.startsWith("_")) continue;
      control.disabled = control.closest("[hidden], [data-removed]") !== null;
    }
  }

  disableIn(question, place) {
    const holder = this.form.querySelector(`[data-question="${CSS.escape(this.shown(question, place))}"]`);
    if (holder) this.disable(holder);
  }

  // A text that speaks of answers, with the place where it stands.
  wordsOf(element) {
    const entry = element.closest("[data-entry]") ?? this.form;
    const place = [...this.places.values()].flat().find((each) => each.element === entry);
    return { element, place, paths: spoken(element.dataset.words) };
  }

  speak({ element, place }) {
    if (!place) return;
    element.textContent = element.dataset.words.replace(/\$\{([^}]+)\}/g, (_, path) => this.say(path, place) || "…");
  }

  say(path, place) {
    for (let from = place; from; from = from.parent) {
      if (!from.values.has(path)) continue;
      const value = from.values.get(path);
      if (!Object.hasOwn(this.rules.labels, path)) return text(value);
      const labels = this.rules.labels[path];
      const codes = this.questions.get(path).kind === "select_one" ? [value] : text(value).split(" ");
      return codes.map((code) => labels[code] ?? code).join(", ");
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
