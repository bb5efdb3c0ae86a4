import { randomUUID } from 'node:crypto';
import { defineCookie } from 'hallpass';
import { type KeyRing, sealed } from 'hallpass/seal';
import { schemaOf } from '../../shared/schema.ts';
import type { DeskContext } from './env.ts';

/** What a browser shows that somebody signed in with it. */
interface KnownBrowser {
  /** Chance, and nobody's name: attempts are counted by it. */
  id: string;
  /** Those who signed in with it; the last one stands last. */
  users: string[];
}

const mostUsers = 5;

const isKnownBrowser = (value: unknown): value is KnownBrowser => {
  const { id, users } = Object(value);
  return typeof id === 'string' && Array.isArray(users) && users.every((user) => typeof user === 'string');
};

/**
 * Browsers in which users signed in before. Their attempts are counted apart, so that whoever guesses elsewhere shuts nobody out of
 * their own browser (OWASP calls it a device cookie). It signs nobody in, and outlives a sign-out.
 */
export function knownBrowsers(keys: KeyRing) {
  const cookie = defineCookie('__Host-known-browser', {
    maxAge: '365d',
    format: 'json',
    codec: sealed(keys),
    schema: schemaOf(isKnownBrowser, 'a browser that is known'),
  });
  return {
    cookie,

    /** The name of this browser, where the user signed in with it before. */
    async idFor(c: DeskContext, user: string): Promise<string | undefined> {
      const known = await c.var.hallpass.cookies.get(cookie);
      return known?.users.includes(user) ? known.id : undefined;
    },

    /** The user is signing in with this browser. */
    async remember(c: DeskContext, user: string): Promise<void> {
      const { id, users } = (await c.var.hallpass.cookies.get(cookie)) ?? { id: randomUUID(), users: [] };
      const others = users.filter((other) => other !== user);
      await c.var.hallpass.cookies.set(cookie, { id, users: [...others, user].slice(-mostUsers) });
    },
  };
}

export type KnownBrowsers = ReturnType<typeof knownBrowsers>;
