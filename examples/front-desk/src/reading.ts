import { dateFormatCookie, timeZoneCookie } from './cookies.ts';
import type { Desk, DeskContext } from './env.ts';
import type { Reading } from './pages/time.ts';

/** How this visitor reads dates. */
export function readingOf(c: DeskContext, desk: Desk): Reading {
  const { cookies } = c.var.hallpass;
  return {
    now: desk.clock.now(),
    dateFormat: cookies.get(dateFormatCookie),
    timeZone: cookies.get(timeZoneCookie),
  };
}
