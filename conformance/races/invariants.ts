import type { History, Issued, Outcome } from './history.ts';
import { cookieOf, selectorOf } from './visitor.ts';

/** What holds in every interleaving. `check` gives what is wrong, or nothing. */
export interface Invariant {
  readonly sentence: string;
  check(history: History): Promise<string | undefined>;
}

/** Something that ends cookies that are already given out. */
interface Ending {
  readonly by: Outcome;
  readonly at: number;
  ends(issued: Issued): boolean;
  /** What it may have ended as well. */
  mayEnd?(issued: Issued): boolean;
}

const acknowledged = ({ outcomes }: History) => outcomes.filter(({ refused }) => refused === undefined);

function endings(history: History): Ending[] {
  return acknowledged(history).flatMap((by): Ending[] => {
    const { operation, opened, done: at } = by;
    const sameRow = (issued: Issued) => issued.selector === opened.selector;
    const before = (issued: Issued) => issued.begun < at;
    if (operation.kind === 'expire') return expiries(history, by);
    if (operation.kind === 'revoke one') return [{ by, at, ends: sameRow }];
    if (operation.kind !== 'request') {
      return [{ by, at, ends: (issued) => issued.user === history.people.alice && before(issued) }];
    }
    if (operation.logout) return [{ by, at, ends: sameRow }];
    if (operation.login !== undefined) {
      if (opened.user !== undefined && opened.user !== history.people[operation.login])
        return [{ by, at, ends: sameRow }];
      // In a fresh row, because another login was first in the old one, it ends what was given out before it was opened.
      const since = by.selector === opened.selector ? at : opened.at;
      return [{ by, at, ends: (issued) => sameRow(issued) && issued.at < since }];
    }
    return [];
  });
}

/**
 * The hour ends every session that nobody uses. What was under way when it went by took its time before: it may still renew
 * its session, as long as nobody has been told that the session has expired.
 */
function expiries({ outcomes }: History, by: Outcome): Ending[] {
  const at = by.done;
  const mayEnd = (issued: Issued) => issued.timed < at;
  const underWay = outcomes.filter(
    ({ operation, begun, done }) => operation.kind === 'request' && begun < at && at < done,
  );
  const used = new Set(underWay.flatMap(({ sent, selector }) => [selectorOf(sent), selector]));
  const ends = (issued: Issued) => mayEnd(issued) && !used.has(issued.selector);
  const reported = outcomes.filter(
    ({ opened }) => opened.at > at && (opened.why === 'session-expired' || opened.why === 'session-unknown'),
  );
  return [
    { by, at, ends, mayEnd },
    ...reported.map(({ sent, opened }) => ({
      by,
      at: opened.at,
      ends: (issued: Issued) => issued.selector === selectorOf(sent),
    })),
  ];
}

const noOldAuthority: Invariant = {
  sentence:
    'What a login, a logout, a revocation or an expiry ended is over: no cookie from before opens it again',
  async check(history) {
    for (const { by, at, ends } of endings(history)) {
      for (const issued of history.issued.filter(ends)) {
        if ((await history.look(issued.cookie)).known) return `${by.name} ended a cookie that still opens`;
        const late = history.outcomes.find(
          ({ sent, opened }) => sent === issued.cookie && opened.at > at && opened.selector !== '',
        );
        if (late !== undefined) return `${late.name} was let in with a cookie that ${by.name} had ended`;
      }
    }
    return undefined;
  },
};

const rowsAreWhole: Invariant = {
  sentence: 'A row holds every write that was acknowledged there, the last of each key, and no other',
  async check(history) {
    const writers = acknowledged(history).sort((one, other) => one.done - other.done);
    for (const selector of new Set([history.start.selector, ...writers.map((writer) => writer.selector)])) {
      const row = await history.row(selector);
      if (row === undefined) continue;
      const expected: Record<string, string> = {};
      if (selector === history.start.selector) Object.assign(expected, { theme: '"start"', visits: '10' });
      for (const { name, operation } of writers.filter((writer) => writer.selector === selector)) {
        if (operation.kind !== 'request') continue;
        const { writes } = operation;
        if (writes === 'own') expected[`by ${name}`] = JSON.stringify(name);
        if (writes === 'theme') expected.theme = JSON.stringify(name);
        if (writes === 'visits') expected.visits = String(Number(expected.visits ?? 0) + 1);
      }
      const [is, ought] = [text(row.data), text(expected)];
      if (is !== ought) return `a row holds ${is} and should hold ${ought}`;
    }
    return undefined;
  },
};

const text = (data: Readonly<Record<string, string>>) =>
  JSON.stringify(Object.entries(data).sort(([one], [other]) => (one < other ? -1 : 1)));

const signedInStays: Invariant = {
  sentence:
    'Who is signed in stays signed in unless something ended it, whatever order the responses arrived in',
  async check(history) {
    const held = history.issued.find(({ cookie }) => cookie === history.cookie);
    if (held?.user === undefined || isEnded(history, held)) return undefined;
    const { known, user } = await history.look(held.cookie);
    return known && user === held.user ? undefined : `the browser is ${user ?? 'nobody'}, not ${held.user}`;
  },
};

const isEnded = (history: History, held: Issued) =>
  endings(history).some(({ ends, mayEnd = ends }) => mayEnd(held));

const loginIsKept: Invariant = {
  sentence:
    'Who signs in is not signed out by a request that was under way, unless it brings the cookie of a rotation from before the login, or its own session had ended',
  async check(history) {
    const held = history.issued.find(({ cookie }) => cookie === history.cookie);
    if (held === undefined || held.user !== undefined) return undefined;
    for (const { name, operation, lines } of acknowledged(history)) {
      if (operation.kind !== 'request' || operation.login === undefined) continue;
      const given = history.issued.find(({ cookie }) => cookie === cookieOf(lines[0] ?? ''));
      if (given === undefined || held.at < given.at || isEnded(history, given)) continue;
      const winner = history.outcomes.find((one) => cookieOf(one.lines[0] ?? '') === held.cookie);
      if ((await history.row(selectorOf(winner?.sent ?? ''))) === undefined) continue;
      return `${winner?.name} put a new session in the place of ${name}`;
    }
    return undefined;
  },
};

/** The grace is for one rotation: a second one, from the cookie that the first gave out, ends what was sent before both. */
function overtakenTwice({ issued }: History, { sent, opened }: Outcome): boolean {
  const since = issued.find(({ cookie }) => cookie === sent)?.at ?? -1;
  return issued.filter(({ at }) => at > since && at < opened.at).length > 1;
}

const harmless = ({ operation }: Outcome) =>
  operation.kind === 'request' && operation.login === undefined && operation.logout === undefined;

const rotationIsHarmless: Invariant = {
  sentence:
    'Reads, writes and rotations refuse nothing and log nobody out who comes again within the grace time, nor afterwards; only who is overtaken by two rotations in a row is nobody, once',
  async check(history) {
    if (!history.outcomes.every(harmless)) return undefined;
    for (const outcome of history.outcomes.filter((one) => !overtakenTwice(history, one))) {
      const { name, refused, opened } = outcome;
      if (refused !== undefined) return `${name} was refused with ${refused}`;
      if (opened.user !== history.start.user) return `${name} was opened as ${opened.user ?? 'nobody'}`;
    }
    const { soon, afterGrace } = await history.visitLater();
    const ought = history.start.selector;
    return soon === ought && afterGrace === ought
      ? undefined
      : `the browser's later requests open ${soon} and ${afterGrace}`;
  },
};

const onlyLogoutClears: Invariant = {
  sentence: 'Only a logout clears the cookie, and who only reads or writes to a row is given no new session',
  async check({ outcomes }) {
    for (const { name, operation, lines, opened, selector } of outcomes) {
      if (operation.kind !== 'request') continue;
      if (operation.logout === undefined && lines.some((line) => line.includes('Max-Age=0')))
        return `${name} cleared the cookie`;
      if (
        operation.login === undefined &&
        opened.selector !== '' &&
        selector !== '' &&
        selector !== opened.selector
      )
        return `${name} made a new session`;
    }
    return undefined;
  },
};

export const invariants: readonly Invariant[] = [
  noOldAuthority,
  rowsAreWhole,
  signedInStays,
  loginIsKept,
  rotationIsHarmless,
  onlyLogoutClears,
];
