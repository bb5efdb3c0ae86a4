import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKey, keyRing } from 'hallpass/seal';
import { sqliteRevocations, sqliteStore } from 'hallpass/stores/sqlite';
import type { TestClientOptions } from 'hallpass/testing';
import { createTestClient, testClock } from 'hallpass/testing';
import { createApp } from './app.ts';
import { createSite, type SiteParts } from './site.ts';

export const base = 'https://testserver';

/** The example over a file of its own, with a clock to move. */
export function openSite(overrides: Partial<SiteParts> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'session-cookies-'));
  const file = join(folder, 'sessions.sqlite');
  const clock = testClock(Date.parse('2026-11-21T12:00:00Z'));
  const store = sqliteStore(file);
  const revocations = sqliteRevocations(file);
  const keys = keyRing(generateKey());
  const app = createApp(createSite({ keys, revocations, store, origins: [base], clock, ...overrides }));

  return {
    clock,
    app,
    /** A browser with a jar of its own, by default on a page of the site. */
    visitor: (options: TestClientOptions = {}) =>
      createTestClient(app, { clock, redirect: 'manual', ...options }),
    /** A request by hand: with a copied cookie, say. */
    ask: (path: string, headers: Record<string, string> = {}, method = 'GET') =>
      app.request(`${base}${path}`, { method, headers }),
    async close() {
      await revocations[Symbol.asyncDispose]();
      await store[Symbol.asyncDispose]?.();
      rmSync(folder, { recursive: true });
    },
  };
}

export type TestSite = ReturnType<typeof openSite>;

/** The Set-Cookie line of this cookie. */
export function lineOf(response: Response, name: string): string | undefined {
  return response.headers.getSetCookie().find((line) => line.startsWith(`${name}=`));
}

/** The attributes of that line, in order of the alphabet. */
export function attributesOf(response: Response, name: string): string[] {
  return (lineOf(response, name) ?? '').split('; ').slice(1).sort();
}

/** `name=value` of that line: what a thief would copy. */
export function pairOf(response: Response, name: string): string {
  return lineOf(response, name)?.split(';')[0] ?? '';
}
