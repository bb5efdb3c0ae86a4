import { memoryStore } from 'hallpass/stores/memory';
import { sqliteStore } from 'hallpass/stores/sqlite';
import { describe, expect, it } from 'vitest';
import { expressSession } from '../bench/race-command/express-session.ts';
import { hallpassOver } from '../bench/race-command/hallpass.ts';
import { ironSession } from '../bench/race-command/iron-session.ts';
import { raceApp } from '../bench/race-command/race-app.ts';

/** What was found, as `CODE: DEED, DEED`. */
async function foundIn(...[app]: Parameters<typeof raceApp>): Promise<string[]> {
  const { code, report } = await raceApp(app, '--rounds', '1');
  expect(code).toBe(report.findings.length > 0 ? 1 : 0);
  expect(report.notes).toEqual([]);
  return report.findings.map(
    ({ code, deeds, signedIn }) =>
      `${code}: ${deeds.join(', ')}${signedIn && deeds.includes('signIn') ? ' again' : ''}`,
  );
}

/** A busy machine takes its time for some thousand requests. */
const timeout = 60_000;

describe('hallpass race', { timeout }, () => {
  it.each([
    hallpassOver('memory', async () => memoryStore()),
    hallpassOver('SQLite', async () => sqliteStore(':memory:')),
  ])('finds nothing in $name', async (app) => {
    expect(await foundIn(app)).toEqual([]);
  });

  it('finds in express-session what the orders of its store calls lose', async () => {
    expect(await foundIn(expressSession)).toEqual(
      expect.arrayContaining([
        'lost-write: write, write',
        'revived: write, signOut',
        'lost-write: write, signIn',
        'lost-write: write, renew',
        'signed-out: renew, renew',
        'outlives-sign-in: write, signIn again',
      ]),
    );
  });

  it('finds in iron-session, whose sessions are in the cookie, that the last answer wins', async () => {
    expect(await foundIn(ironSession)).toEqual(
      expect.arrayContaining([
        'lost-write: write, write',
        'outlives-sign-out: read, signOut',
        'outlives-sign-in: read, signIn again',
        'revived: write, signOut',
        'signed-out: write, signIn',
      ]),
    );
  });
});
