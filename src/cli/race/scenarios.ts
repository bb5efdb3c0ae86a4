import type { RaceFindingCode } from '../../why/index.ts';
import type { Deed, RacePlan } from './plan.ts';
import type { Answer } from './timed-request.ts';

/** Two requests of one browser that meet. */
export interface Scenario {
  readonly deeds: readonly [Deed, Deed];
  /** Whether the browser is signed in when they leave. */
  readonly signedIn: boolean;
}

/** What a read shows. */
export interface Seen {
  readonly status: number;
  readonly signedIn: boolean;
  readonly text: string;
}

/** What is known when both requests are answered and their answers have arrived. */
export interface After {
  readonly answers: readonly [Answer, Answer];
  /** What each wrote; undefined for what is no write. */
  readonly values: readonly [string | undefined, string | undefined];
  /** What was written before they left, by a visitor who was not signed in yet. */
  readonly start: string | undefined;
  /** What the browser sees; then what is seen with the cookies of before, and with those that each answer alone would leave. */
  readonly browser: Seen;
  readonly old: Seen;
  readonly apart: readonly [Seen, Seen];
}

/** Something that went wrong, and what was seen of it. */
export interface Fault {
  readonly code: RaceFindingCode;
  readonly seen: string;
}

/** Every pair that can be raced with what the plan tells. */
export function scenariosOf({ requests }: RacePlan): Scenario[] {
  const pairs: readonly (readonly [...Scenario['deeds'], boolean])[] = [
    ['write', 'write', true],
    ['read', 'write', true],
    ['read', 'read', true],
    ['read', 'signOut', true],
    ['write', 'signOut', true],
    ['read', 'signIn', false],
    ['write', 'signIn', false],
    ['read', 'signIn', true],
    ['write', 'signIn', true],
    ['signIn', 'signIn', false],
    ['read', 'renew', true],
    ['write', 'renew', true],
    ['renew', 'renew', true],
    ['renew', 'signOut', true],
  ];
  return pairs
    .filter(([one, other]) => requests[one] !== undefined && requests[other] !== undefined)
    .map(([one, other, signedIn]) => ({ deeds: [one, other], signedIn }));
}

/** True where somebody signs in who is signed in: what the browser had until then ends. */
export const isSecondSignIn = ({ deeds, signedIn }: Scenario): boolean =>
  signedIn && deeds.includes('signIn');

const signedInBefore = 'the cookies of before the second sign-in are signed in';

/**
 * What went wrong when two requests met. Measured on the same two, one after the other in both ways: only what never happens then is
 * the fault of their meeting.
 */
export function faultsOf({ deeds, signedIn }: Scenario, after: After, calm: readonly After[]): Fault[] {
  const faults: Fault[] = [];
  const report = (code: RaceFindingCode, seen: string, happened: (one: After) => boolean) => {
    if (happened(after) && !calm.some(happened)) faults.push({ code, seen });
  };
  const done = (deed: Deed) => (one: After) => doneIn(deeds, deed, one, calm);
  for (const [at, deed] of deeds.entries()) {
    const name = 'AB'[at];
    if (deed === 'write')
      report('lost-write', `what ${name} wrote is not in the read`, (one) =>
        isLost(one, at as 0 | 1, calm, signedIn),
      );
    report(
      'server-error',
      `${name} is answered ${after.answers[at]?.status}`,
      (one) => (one.answers[at]?.status ?? 0) >= 500,
    );
  }
  if (deeds.includes('signOut')) {
    const out = done('signOut');
    report('revived', 'the browser is signed in', (one) => out(one) && one.browser.signedIn);
    report('revived', 'the cookies of before are signed in', (one) => out(one) && one.old.signedIn);
  } else if (signedIn || deeds.includes('signIn')) {
    const into = signedIn ? () => true : done('signIn');
    report('signed-out', 'the browser is not signed in', (one) => into(one) && !one.browser.signedIn);
  }
  if (isSecondSignIn({ deeds, signedIn }))
    report('outlives-sign-in', signedInBefore, (one) => done('signIn')(one) && one.old.signedIn);
  if (!signedIn) {
    report('fixation', 'the cookies of before the sign-in are signed in', ({ old }) => old.signedIn);
    report(
      'outlives-sign-in',
      'the cookies of before the sign-in open what was written before it',
      holdsStart,
    );
  }
  return faults;
}

/** What goes wrong though the two requests never meet: `after` is one after the other. */
export function calmFaultsOf({ deeds, signedIn }: Scenario, after: After): Fault[] {
  const faults: Fault[] = [];
  if (deeds.includes('signOut') && after.old.signedIn)
    faults.push({ code: 'outlives-sign-out', seen: 'a copy of the cookies is still signed in' });
  if (isSecondSignIn({ deeds, signedIn }) && after.old.signedIn)
    faults.push({ code: 'outlives-sign-in', seen: signedInBefore });
  if (!signedIn && after.old.signedIn)
    faults.push({ code: 'fixation', seen: 'the cookies of before the sign-in are signed in' });
  return faults;
}

/**
 * True when a write was acknowledged and the browser does not have it. One that came too late for the id of before may have begun a
 * session of nobody: what that has is not lost.
 */
function isLost(after: After, at: 0 | 1, calm: readonly After[], signedIn: boolean): boolean {
  const value = after.values[at] ?? '';
  const { browser, apart, answers } = after;
  const acknowledged = calm.some((one) => isSameOutcome(one.answers[at], answers[at]));
  const isElsewhere = !signedIn && apart[at].text.includes(value);
  return acknowledged && !browser.text.includes(value) && !isElsewhere;
}

/** True when a request was answered as it is when nothing meets it. */
function doneIn(deeds: Scenario['deeds'], deed: Deed, after: After, calm: readonly After[]): boolean {
  return ([0, 1] as const).some(
    (at) => deeds[at] === deed && calm.some((one) => isSameOutcome(one.answers[at], after.answers[at])),
  );
}

const isSameOutcome = (one: Answer, other: Answer) =>
  one.status === other.status && one.location === other.location;

const holdsStart = ({ start, old }: After) => start !== undefined && old.text.includes(start);
