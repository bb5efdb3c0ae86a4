import type { Case } from '../case.ts';
import { driveFailures } from './drive-failures.ts';

/** What only Astro has: actions, called by a script and by a form of a page. */
export function driveAstro(base: string): Case[] {
  const json = { 'content-type': 'application/json' };
  return driveFailures(base, [
    ['a page', '/broken'],
    ['an action', '/_actions/broken/', { method: 'POST', headers: json, body: '{}' }],
    ['an action of a form', '/form?_action=brokenForm', { method: 'POST', body: new FormData() }],
  ]);
}
