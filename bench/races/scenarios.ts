/** How a request of a history went. */
export interface Went {
  readonly path: string;
  readonly status: number;
  /** What the session holds whose cookie came with the answer, where that is not the one of before. */
  readonly apart: Seen;
}

/** What is known when all requests of a history are answered. */
export interface After {
  readonly went: readonly Went[];
  /** What the session holds that the browser is left with, and what one holds that comes with the cookie of before. */
  readonly browser: Seen;
  readonly old: Seen;
}

export interface Seen {
  readonly user?: string | null;
  readonly visits?: number | null;
  readonly [key: string]: unknown;
}

export interface Scenario {
  readonly fault: string;
  /** The requests that leave the browser together. */
  readonly together: readonly string[];
  readonly signedIn: boolean;
  happened(after: After): boolean;
}

const done = ({ went }: After, path: string) => went.some((one) => one.path === path && one.status === 200);
/** True when a write was acknowledged that neither the browser's session holds nor the one that the answer gave out. */
const lostWrite = ({ went, browser }: After) =>
  went.some(({ path, status, apart }) => {
    const [, key = ''] = path.split('/write?key=');
    return key !== '' && status === 200 && browser[key] !== 'written' && apart[key] !== 'written';
  });

const oldIsUser = (after: After) => done(after, '/logout') && after.old.user === 'alice';
const oldLives = (after: After) => done(after, '/login') && after.old.start === 'written';

/** Each with the fault that it may end in. */
export const scenarios: readonly Scenario[] = [
  {
    fault: 'a write is lost',
    together: ['/write?key=a', '/write?key=b'],
    signedIn: true,
    happened: lostWrite,
  },
  {
    fault: 'a count is lost',
    together: ['/count', '/count'],
    signedIn: true,
    happened: ({ went, browser }) =>
      (browser.visits ?? 0) < went.filter(({ status }) => status === 200).length,
  },
  {
    fault: 'signed in again after the logout',
    together: ['/read', '/logout'],
    signedIn: true,
    happened: oldIsUser,
  },
  {
    fault: 'signed in again after the logout',
    together: ['/write?key=a', '/logout'],
    signedIn: true,
    happened: oldIsUser,
  },
  {
    fault: 'the id of before the login is good',
    together: ['/write?key=a', '/login'],
    signedIn: false,
    happened: oldLives,
  },
  { fault: 'a write is lost', together: ['/write?key=a', '/login'], signedIn: false, happened: lostWrite },
  { fault: 'a write is lost', together: ['/write?key=a', '/rotate'], signedIn: true, happened: lostWrite },
  {
    fault: 'signed out by the new id',
    together: ['/read', '/rotate'],
    signedIn: true,
    happened: ({ browser }) => browser.user !== 'alice',
  },
  {
    fault: 'signed out by the new id',
    together: ['/rotate', '/rotate'],
    signedIn: true,
    happened: ({ browser }) => browser.user !== 'alice',
  },
];
