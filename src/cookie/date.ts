/** Milliseconds since 1970 of the cookie date that stands in `text` from `start` to `end`, or `undefined` when it is none. Lenient and linear. rfc6265bis §5.1.1. */
export function parseCookieDate(text: string, start = 0, end: number = text.length): number | undefined {
  return readFixedDate(text, start, end) ?? readAnyDate(text, start, end);
}

/**
 * The date that nearly every server writes, `Sun, 29 Nov 2026 12:00:00 GMT` or with hyphens, read at its fixed places;
 * `undefined` for every other text. Bench row: parse a Set-Cookie line.
 */
function readFixedDate(text: string, from: number, to: number): number | undefined {
  const start = text.charCodeAt(from) === 0x20 ? from + 1 : from;
  if (to - start !== fixedLength || !holdsFixedMarks(text, start)) return undefined;
  const day = digitPair(text, start + 5);
  const month = months.get(lettersAt(text, start + 8));
  const century = digitPair(text, start + 12);
  const yearOf = digitPair(text, start + 14);
  const hour = digitPair(text, start + 17);
  const minute = digitPair(text, start + 20);
  const second = digitPair(text, start + 23);
  if (month === undefined || (day | century | yearOf | hour | minute | second) < 0) return undefined;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  return dateOf(century * 100 + yearOf, month, day, ((hour * 60 + minute) * 60 + second) * 1_000);
}

const fixedLength = 'Sun, 29 Nov 2026 12:00:00 GMT'.length;

/** True where a day's name, the delimiters and the colons stand in their places. */
const holdsFixedMarks = (text: string, at: number): boolean =>
  text.charCodeAt(at + 3) === 0x2c &&
  text.charCodeAt(at + 4) === 0x20 &&
  isDelimiter(text.charCodeAt(at + 7)) &&
  isDelimiter(text.charCodeAt(at + 11)) &&
  text.charCodeAt(at + 16) === 0x20 &&
  text.charCodeAt(at + 19) === colon &&
  text.charCodeAt(at + 22) === colon &&
  text.charCodeAt(at + 25) === 0x20 &&
  days.has(lettersAt(text, at));

const colon = 0x3a;

/** The number that two digits are; less than nothing for what is none. */
function digitPair(text: string, at: number): number {
  const tens = text.charCodeAt(at);
  const ones = text.charCodeAt(at + 1);
  return isDigit(tens) && isDigit(ones) ? (tens - 0x30) * 10 + (ones - 0x30) : -1;
}

function readAnyDate(text: string, start: number, end: number): number | undefined {
  let time: number | undefined;
  let day: number | undefined;
  let month: number | undefined;
  let year: number | undefined;
  for (let at = start; at < end; ) {
    while (at < end && isDelimiter(text.charCodeAt(at))) at++;
    const token = at;
    while (at < end && !isDelimiter(text.charCodeAt(at))) at++;
    if (token === at) break;
    if (time === undefined) {
      time = readTime(text, token, at);
      if (time !== undefined) continue;
    }
    if (day === undefined) {
      day = readNumber(text, token, at, 1, 2);
      if (day !== undefined) continue;
    }
    if (month === undefined) {
      month = readMonth(text, token, at);
      if (month !== undefined) continue;
    }
    if (year === undefined) year = readNumber(text, token, at, 2, 4);
  }
  if (time === undefined || day === undefined || month === undefined || year === undefined) return undefined;
  return dateOf(year, month, day, time);
}

function dateOf(written: number, month: number, day: number, time: number): number | undefined {
  const year = written < 70 ? written + 2000 : written < 100 ? written + 1900 : written;
  if (time < 0 || year < 1601 || day < 1 || day > daysOf(month, year)) return undefined;
  return daysSince1970(year, month, day) * daySeconds * 1_000 + time;
}

const daysBefore = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
/** Leap days from the year 0 to 1969. */
const leapDaysBefore1970 = 477;

/** As `Date.UTC` counts, at a tenth of its cost. Bench row: parse a Set-Cookie line. */
function daysSince1970(year: number, month: number, day: number): number {
  const last = month < 2 ? year - 1 : year;
  const leapDays = Math.floor(last / 4) - Math.floor(last / 100) + Math.floor(last / 400);
  return 365 * (year - 1970) + leapDays - leapDaysBefore1970 + (daysBefore[month] as number) + day - 1;
}

/** %x09 / %x20-2F / %x3B-40 / %x5B-60 / %x7B-7E */
function isDelimiter(unit: number): boolean {
  if (unit < 0x30) return unit >= 0x20 || unit === 0x09;
  return (unit >= 0x3b && unit <= 0x40) || (unit >= 0x5b && unit <= 0x60) || (unit >= 0x7b && unit <= 0x7e);
}

const isDigit = (unit: number) => unit >= 0x30 && unit <= 0x39;

/** How many digits stand at `start`, counted up to five. */
function digitsAt(text: string, start: number, end: number): number {
  let count = 0;
  while (count < 5 && start + count < end && isDigit(text.charCodeAt(start + count))) count++;
  return count;
}

function numberAt(text: string, start: number, digits: number): number {
  let value = 0;
  for (let at = start; at < start + digits; at++) value = value * 10 + text.charCodeAt(at) - 0x30;
  return value;
}

/** The number that a token starts with, when it has between `least` and `most` digits. */
function readNumber(text: string, start: number, end: number, least: number, most: number) {
  const digits = digitsAt(text, start, end);
  return digits < least || digits > most ? undefined : numberAt(text, start, digits);
}

/** Milliseconds of the day for `h:m:s`; -1 for a time that no clock shows, which makes the whole date none. */
function readTime(text: string, start: number, end: number): number | undefined {
  let at = start;
  let seconds = 0;
  let shown = true;
  for (let part = 0; part < 3; part++) {
    const digits = digitsAt(text, at, end);
    if (digits < 1 || digits > 2) return undefined;
    const value = numberAt(text, at, digits);
    if (value > (part === 0 ? 23 : 59)) shown = false;
    seconds = seconds * 60 + value;
    at += digits;
    if (part < 2 && text.charCodeAt(at++) !== 0x3a /* : */) return undefined;
  }
  return shown ? seconds * 1_000 : -1;
}

const numbered = (names: string) =>
  new Map(names.split(' ').map((name, index) => [lettersAt(name, 0), index]));

const months = numbered('jan feb mar apr may jun jul aug sep oct nov dec');
const days = numbered('sun mon tue wed thu fri sat');

/** Three ASCII letters in any case as one number. */
function lettersAt(text: string, at: number): number {
  const first = text.charCodeAt(at);
  const second = text.charCodeAt(at + 1);
  const third = text.charCodeAt(at + 2);
  if ((first | second | third) > 0x7f) return -1;
  return (first << 16) | (second << 8) | third | 0x20_20_20;
}

function readMonth(text: string, start: number, end: number): number | undefined {
  return end - start < 3 ? undefined : months.get(lettersAt(text, start));
}

function daysOf(month: number, year: number): number {
  if (month !== 1) return month === 3 || month === 5 || month === 8 || month === 10 ? 30 : 31;
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
}

/** The first instant, as a deletion writes it. */
export const epochText = 'Thu, 01 Jan 1970 00:00:00 GMT';

const daySeconds = 86_400;
const twoDigits = Array.from({ length: 60 }, (_, value) => String(value).padStart(2, '0'));

let lastSecond = 0;
let lastText: string = epochText;
let lastDay = 0;
let lastDayText = 'Thu, 01 Jan 1970 ';

/**
 * An instant as IMF-fixdate, RFC 9110 §5.6.7. `toUTCString` costs more than the rest of a line, so the last day and the
 * last second are kept. Bench row: the same with Domain and Expires.
 */
export function formatCookieDate(time: number): string {
  const second = Math.floor(time / 1_000);
  if (second === lastSecond) return lastText;
  const day = Math.floor(second / daySeconds);
  if (day !== lastDay) {
    lastDayText = new Date(day * daySeconds * 1_000).toUTCString().slice(0, -'00:00:00 GMT'.length);
    lastDay = day;
  }
  const rest = second - day * daySeconds;
  const minutes = Math.floor(rest / 60);
  lastText = `${lastDayText}${twoDigits[Math.floor(minutes / 60)]}:${twoDigits[minutes % 60]}:${twoDigits[rest % 60]} GMT`;
  lastSecond = second;
  return lastText;
}
