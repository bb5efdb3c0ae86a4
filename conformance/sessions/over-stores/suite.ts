import type { Case } from '../../case.ts';
import { tokenRaces } from '../../tokens/races.ts';
import { adopted } from './adopt-at-once.ts';
import { boundToItsName } from './bound.ts';
import { endOfEverything } from './everything.ts';
import { formerName } from './former-name.ts';
import { ownersInRows } from './indexes.ts';
import { lateRequests } from './late-requests.ts';
import type { OpenStore } from './open-store.ts';
import { reopened } from './reopen.ts';
import { schemaValues } from './schema.ts';
import { severalCookies } from './several-cookies.ts';
import { throttledSignIns } from './sign-in-throttle.ts';

type Suites = Readonly<Record<string, (open: OpenStore, atOnce: number) => Case[]>>;

/** What looks through all sessions of a user, or of everybody. */
const ofUsers: Suites = {
  'the end of every session of everybody': endOfEverything,
  'whom a session belongs to stands in its row': ownersInRows,
  'one refresh token, many requests': tokenRaces,
};

const suites: Suites = {
  ...ofUsers,
  'requests that come at once with the cookie of another library': adopted,
  'sessions of two names over one store': boundToItsName,
  'a session cookie that changed its name': formerName,
  'requests that are late': lateRequests,
  'a session that is opened again': reopened,
  'updates and merges get what the schema gives, and not what was stored': schemaValues,
  'several session cookies': severalCookies,
  'a throttle for sign-ins': throttledSignIns,
};

const over =
  (some: Suites) =>
  (open: OpenStore, atOnce = 10): Readonly<Record<string, readonly Case[]>> =>
    Object.fromEntries(Object.entries(some).map(([title, casesOf]) => [title, casesOf(open, atOnce)]));

/**
 * What sessions, tokens and throttles promise over whatever store there is: the contract of stores says what a store does, these what comes of it.
 * Takes how an empty store is opened, and how many requests come at once where a page may send very many.
 */
export const overStore: ReturnType<typeof over> = over(suites);

/** The part of it that looks through all sessions of a user: what a store of several places does otherwise than one of one. */
export const overStoreOfUsers: ReturnType<typeof over> = over(ofUsers);
