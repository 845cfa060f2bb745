// Dates and times in rules: texts into moments and back, as days since 1970, as in forms/expressions/dates.py.

export const DAY = 86400000;
const EARLIEST = -62135596800000;
const LATEST = 253402300800000;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const LONGEST_WRITTEN = 48;
const WRITTEN =
  /^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:T([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?)(Z|[+-][0-9]{2}:[0-9]{2})?)?$/;
const TIME = /^([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,9}))?)?$/;
const TIME_OF_DAY = /^([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?)(Z|[+-][0-9]{2}:[0-9]{2})?$/;

export class Moment {
  constructor(time, offset = 0, { inDays = false, blank = false } = {}) {
    Object.assign(this, { time, offset, inDays, blank });
  }
}

const padded = (number, width = 2) => String(number).padStart(width, "0");
const divided = (number, by) => [Math.floor(number / by), number - Math.floor(number / by) * by];

export function timeOf(text, offset) {
  if (text.length < 8 || text.length > LONGEST_WRITTEN) return null;
  const found = WRITTEN.exec(text);
  if (!found) return null;
  const [year, month, day] = [Number(found[1]), Number(found[2]), Number(found[3])];
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null;
  const ahead = found[5] === undefined ? offset : zoneOffset(found[5]);
  const clockTime = found[4] === undefined ? 0 : timeOfDay(found[4]);
  if (ahead === null || clockTime === null) return null;
  return daysOf(year, month, day) * DAY + clockTime - ahead * 60000;
}

export function momentOfDays(days, offset) {
  const time = days * DAY;
  return new Moment(time >= EARLIEST && time < LATEST ? Math.trunc(time) + 0 : NaN, offset);
}

function parts(moment) {
  const [day, time] = divided(moment.time + moment.offset * 60000, DAY);
  const [seconds, milliseconds] = divided(time, 1000);
  return { day, time, seconds, milliseconds, date: dateOf(day) };
}

export function momentText(moment) {
  if (moment.blank) return "";
  if (Number.isNaN(moment.time)) return "Invalid Date";
  if (moment.inDays) return String(Math.floor(moment.time / DAY));
  const { time, seconds, milliseconds, date } = parts(moment);
  const written = `${padded(date[0], 4)}-${padded(date[1])}-${padded(date[2])}`;
  if (time === 0) return written;
  const clock = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map((each) => padded(each));
  const [hours, minutes] = divided(Math.abs(moment.offset), 60);
  const sign = moment.offset < 0 ? "-" : "+";
  return `${written}T${clock.join(":")}.${padded(milliseconds, 3)}${sign}${padded(hours)}:${padded(minutes)}`;
}

export function formatted(moment, pattern) {
  if (Number.isNaN(moment.time)) return "";
  const { day, seconds, milliseconds, date } = parts(moment);
  const [year, month, dayOfMonth] = date;
  const [hour, minute] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const said = {
    "%": "%",
    Y: padded(year, 4),
    y: padded(year, 4).slice(-2),
    m: padded(month),
    n: String(month),
    b: MONTHS[month - 1],
    d: padded(dayOfMonth),
    e: String(dayOfMonth),
    H: padded(hour),
    h: String(hour),
    M: padded(minute),
    S: padded(seconds % 60),
    3: padded(milliseconds, 3),
    a: WEEKDAYS[divided(day + 4, 7)[1]],
  };
  return pattern.replace(/%([%YymnbdeHhMS3a])/g, (_, part) => said[part]);
}

const dayOf = (moment) => Math.floor((moment.time + moment.offset * 60000) / DAY);

// The days of the calendar from one date to another; less than zero when that is before.
export const daysApart = (one, two) => dayOf(two) - dayOf(one);

// The whole months from one date to another. A month from its 31st day is whole on the last day of a shorter one.
export function monthsApart(one, two) {
  const [earlier, later] = [dayOf(one), dayOf(two)].sort((left, right) => left - right);
  const [year, month, day] = dateOf(earlier);
  const [lastYear, lastMonth, lastDay] = dateOf(later);
  const begun = lastDay < Math.min(day, daysInMonth(lastYear, lastMonth)) ? 1 : 0;
  const months = (lastYear - year) * 12 + lastMonth - month - begun;
  return dayOf(one) === earlier ? months : -months;
}

export function partOfDay(text, offset) {
  const found = TIME_OF_DAY.exec(text);
  if (!found) return NaN;
  const time = timeOfDay(found[1]);
  const ahead = found[2] === undefined ? offset : zoneOffset(found[2]);
  if (time === null || ahead === null) return NaN;
  return divided(time + (offset - ahead) * 60000, DAY)[1] / DAY;
}

export function partOfMoment(moment) {
  if (Number.isNaN(moment.time)) return NaN;
  return divided(moment.time + moment.offset * 60000, DAY)[1] / DAY;
}

function timeOfDay(written) {
  const found = TIME.exec(written);
  const [hour, minute, second] = [Number(found[1]), Number(found[2]), Number(found[3] ?? 0)];
  if (hour > 23 || minute > 59 || second > 59) return null;
  return ((hour * 60 + minute) * 60 + second) * 1000 + Number((found[4] ?? "0").padEnd(3, "0").slice(0, 3));
}

function zoneOffset(written) {
  if (written === "Z") return 0;
  const [hours, minutes] = [Number(written.slice(1, 3)), Number(written.slice(4, 6))];
  if (hours > 23 || minutes > 59) return null;
  return (hours * 60 + minutes) * (written[0] === "-" ? -1 : 1);
}

function daysInMonth(year, month) {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

// Years begin in March here, so that February is the last month.
function daysOf(calendarYear, month, day) {
  const year = month <= 2 ? calendarYear - 1 : calendarYear;
  const [era, ofEra] = divided(year, 400);
  const ofYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  return era * 146097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719468;
}

function dateOf(days) {
  const [era, ofEra] = divided(days + 719468, 146097);
  const yearOfEra = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36524) - Math.floor(ofEra / 146096)) / 365,
  );
  const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * ofYear + 2) / 153);
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  return [yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, ofYear - Math.floor((153 * shifted + 2) / 5) + 1];
}
