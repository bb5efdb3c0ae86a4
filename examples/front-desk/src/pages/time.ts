import { html } from 'hono/html';
import type { DateFormat } from '../cookies.ts';
import type { Html } from './layout.ts';

/** How a reader reads dates, and what time it is (ms since 1970). */
export interface Reading {
  now: number;
  dateFormat: DateFormat;
  timeZone: string;
}

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
];
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/** `in 59 minutes`, `2 days ago`, `just now`. Both instants in ms since 1970. */
export function timeFrom(now: number, then: number): string {
  for (const [unit, size] of steps) {
    const count = Math.round((then - now) / size);
    if (Math.abs(count) >= 1) return relative.format(count, unit);
  }
  return then > now ? 'in a moment' : 'just now';
}

/** `21/11/2026, 13:00 CET`: in figures, which no page's language has to agree with. */
export function dateOf({ dateFormat, timeZone }: Reading, then: number): string {
  return new Intl.DateTimeFormat(dateFormat, {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
    timeZone,
  }).format(then);
}

/** How long ago, or when, for people and for machines. */
export function timeTag(reading: Reading, then: number): Html {
  const iso = new Date(then).toISOString();
  return html`<time datetime="${iso}" title="${dateOf(reading, then)}">${timeFrom(reading.now, then)}</time>`;
}

/** The date itself. */
export function dateTag(reading: Reading, then: number): Html {
  return html`<time datetime="${new Date(then).toISOString()}">${dateOf(reading, then)}</time>`;
}
