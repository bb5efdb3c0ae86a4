import { generateKey, keyRing } from 'hallpass/seal';
import { createSessions } from 'hallpass/session';
import { memoryStore } from 'hallpass/stores/memory';
import { createTestClient, testClock } from 'hallpass/testing';
import { startLab } from 'hallpass/testing/lab';
import { createTokens } from 'hallpass/tokens';
import { memoryAccounts } from './accounts/account-store.ts';
import { createAccounts, demoUsers } from './accounts/accounts.ts';
import { createApp } from './app.ts';
import type { Desk, SessionData } from './env.ts';
import { knownBrowsers } from './known-browser.ts';
import { createThrottle } from './throttle.ts';

export const base = 'https://testserver';
export const [ada, grace] = demoUsers;
const cheapHashes = { ln: 4, r: 8, p: 1 };

/** A desk for one test file: real users, a real lab, sessions in memory and a clock to move. */
export async function openDesk({
  siteFolder = 'no site is built',
  ...overrides
}: Partial<Desk> & { siteFolder?: string } = {}) {
  const clock = testClock(Date.parse('2026-11-21T12:00:00Z'));
  const accounts = createAccounts(memoryAccounts(), cheapHashes);
  const [lab] = await Promise.all([startLab(), ...demoUsers.map(accounts.signUp)]);
  const store = memoryStore();
  const sessions = createSessions<SessionData>({ store, clock });
  const throttle = createThrottle({ store, clock });
  const keys = keyRing(generateKey());
  const tokens = createTokens({ keys, store, clock, issuer: 'front-desk', audience: 'front-desk' });
  const made: Desk = {
    sessions,
    throttle,
    browsers: knownBrowsers(keys),
    accounts,
    keys,
    tokens,
    ownTransport: undefined,
    metrics: () => '',
    metricsToken: undefined,
    lab,
    clock,
    demo: true,
    origins: [base],
    ...overrides,
  };
  // Whether the site is built on this machine is none of a test's business.
  const app = createApp(made, siteFolder);

  return {
    clock,
    app,
    sessions,
    /** Of the lab. */
    origins: lab.origins,
    close: () => lab.close(),

    /** Another visitor: a browser with a jar of its own. */
    visitor(userAgent = 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0') {
      const client = createTestClient(app, { headers: { 'user-agent': userAgent } });
      return {
        client,
        /** A page, wherever the redirects lead. */
        get: (path: string) => client.fetch(path),
        /** The answer itself, not followed. */
        ask: (path: string, init: RequestInit = {}) => client.fetch(path, { redirect: 'manual', ...init }),
        submit: (path: string, fields: Record<string, string> = {}) =>
          client.fetch(path, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' }),
        signIn: (user: { id: string; password: string }, more: Record<string, string> = {}) =>
          client.fetch('/sign-in', {
            method: 'POST',
            body: new URLSearchParams({ user: user.id, password: user.password, ...more }),
            redirect: 'manual',
          }),
      };
    },
  };
}

/** `name=value` of the cookie that this answer sets. */
export function setCookie(response: Response, name: string): string | undefined {
  return response.headers.getSetCookie().find((line) => line.startsWith(`${name}=`));
}
