import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sqliteStore } from 'hallpass/stores/sqlite';
import { createTestClient, testClock } from 'hallpass/testing';
import { createApp } from './app.ts';
import { createSite } from './site.ts';

export const base = 'https://testserver';

/** The example over files of its own, with a clock to move. */
export function openSite() {
  const folder = mkdtempSync(join(tmpdir(), 'response-cookies-'));
  const clock = testClock(Date.parse('2026-11-21T12:00:00Z'));
  const running: Disposable[] = [];

  /** A process over those files: another one, or the same after a restart. */
  function start() {
    const stores = {
      sessions: sqliteStore(join(folder, 'sessions.sqlite')),
      members: sqliteStore(join(folder, 'members.sqlite')),
    };
    const stop = async () => {
      for (const store of Object.values(stores)) await store[Symbol.asyncDispose]?.();
    };
    running.push({ [Symbol.dispose]: () => void stop().catch(() => {}) });
    return { app: createApp(createSite(stores, [base], clock)), stop };
  }
  const { app } = start();

  return {
    clock,
    app,
    start,
    /** A browser with a jar of its own. */
    visitor: (over = app) => createTestClient(over, { clock, redirect: 'manual' }),
    close() {
      for (const one of running) one[Symbol.dispose]();
      rmSync(folder, { recursive: true });
    },
  };
}

export const form = (fields: Record<string, string>): { body: URLSearchParams } => ({
  body: new URLSearchParams(fields),
});

/** The Set-Cookie line of this cookie. */
export function lineOf(response: Response, name: string): string | undefined {
  return response.headers.getSetCookie().find((line) => line.startsWith(`${name}=`));
}
