import { html } from 'hono/html';
import type { Html } from './layout.ts';

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
];
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const absolute = new Intl.DateTimeFormat('en-GB', {
  dateStyle: 'medium',
  timeStyle: 'short',
  timeZone: 'UTC',
});

/** `in 59 minutes`, `2 days ago`, `just now`. Both instants in ms since 1970. */
export function timeFrom(now: number, then: number): string {
  for (const [unit, size] of steps) {
    const count = Math.round((then - now) / size);
    if (Math.abs(count) >= 1) return relative.format(count, unit);
  }
  return then > now ? 'in a moment' : 'just now';
}

/** An instant for people and for machines. */
export function timeTag(now: number, then: number): Html {
  const iso = new Date(then).toISOString();
  return html`<time datetime="${iso}" title="${absolute.format(then)} UTC">${timeFrom(now, then)}</time>`;
}
