import { createSessions } from 'hallpass/session';
import type { SessionStore } from 'hallpass/store';
import { testClock } from 'hallpass/testing';
import type { History, Issued, Outcome } from './history.ts';
import { type Choose, interleave, type Pause, Thread } from './interleave.ts';
import { invariants } from './invariants.ts';
import { act, type Data, type Operation, type People, revoke } from './operations.ts';
import { cookieOf, selectorOf, Visitor } from './visitor.ts';

/** What runs at once, and on what kind of session. */
export interface Race {
  readonly signedIn: boolean;
  readonly operations: readonly Operation[];
  /** True when all requests leave the browser before any is answered. */
  readonly together?: boolean;
}

const passing = '61m';
const beyondGrace = '61s';
let races = 0;

/** Runs a race in one order. @throws Error with the sentence that does not hold and the steps that led there. */
export async function run(race: Race, store: SessionStore, choose: Choose): Promise<void> {
  const history = await happen(race, store, choose);
  for (const { sentence, check } of invariants) {
    const wrong = await check(history);
    if (wrong === undefined) continue;
    throw new Error([`${sentence}. But ${wrong}, after`, ...history.steps].join('\n  '));
  }
}

async function happen(race: Race, store: SessionStore, choose: Choose): Promise<History> {
  const number = races++;
  const people: People = { alice: `alice ${number}`, bob: `bob ${number}` };
  const clock = testClock(Date.UTC(2026, 10, 21));
  // No call to the store, and no commit, is ever late: time goes by only where a step says so, and then by an hour.
  const still = { now: clock.now, delay: () => new Promise<void>(() => {}) };
  const sessionsOn = (through: SessionStore) =>
    createSessions<Data>({ store: through, clock: still, storeTimeout: '1d' });
  const plain = sessionsOn(store);

  // Who finds that a session has expired ends it, so then a read changes something too.
  const expiring = race.operations.some(({ kind }) => kind === 'expire');

  const steps: string[] = [];
  const start = await firstVisit();
  const visitor = new Visitor(start.cookie);
  const issued = [start];

  async function firstVisit(): Promise<Issued> {
    const session = await plain.open('');
    session.set('theme', 'start');
    session.set('visits', 10);
    if (race.signedIn) session.login(people.alice);
    const cookie = cookieOf((await plain.commit(session))[0] ?? '');
    const user = race.signedIn ? people.alice : undefined;
    return { cookie, selector: selectorOf(cookie), user, timed: -1, begun: -1, at: -1 };
  }

  /** Every request has a server of its own, and every call to the store is a step. */
  const work = (outcome: Outcome) => async (pause: Pause) => {
    const { operation, name } = outcome;
    const now = () => steps.length - 1;
    let called = -1;
    const server = stepping(store, expiring, async (step) => {
      await pause(step);
      if (called < 0) called = now();
    });
    const sessions = sessionsOn(server);
    const readClock = (text: string) => pause({ on: 'clock', changes: false, text });
    if (operation.kind === 'expire') {
      await pause({ on: 'clock', changes: true, text: 'an hour goes by' });
      clock.advance(passing);
    } else if (operation.kind !== 'request') {
      await readClock('begins');
      const ended = await revoke(sessions, operation.kind, start.selector, people.alice);
      if (!ended) outcome.refused = 'nothing to end';
      outcome.opened = { at: -1, selector: start.selector, user: undefined };
    } else {
      if (!race.together) await pause({ on: 'jar', changes: false, text: 'leaves the browser' });
      outcome.sent = visitor.cookie;
      await readClock('opens');
      outcome.begun = now();
      const session = await sessions.open(outcome.sent);
      const why = session.explain().reasons[0]?.code;
      outcome.opened = { at: now(), selector: session.id, user: session.user, why };
      await readClock('acts');
      const timed = now();
      act(session, operation, name, people);
      called = -1;
      try {
        outcome.lines = await sessions.commit(session);
        outcome.selector = session.id;
      } catch (error) {
        outcome.refused = codeOf(error);
      }
      const cookie = cookieOf(outcome.lines[0] ?? '');
      const { user, id: selector } = session;
      if (cookie !== '' && issued.every((one) => one.cookie !== cookie))
        issued.push({ cookie, selector, user, timed, begun: called, at: now() });
      outcome.done = now();
      if (outcome.lines.length > 0) {
        await pause({ on: 'jar', changes: true, text: 'its response arrives, with a cookie' });
        visitor.receive(outcome.lines);
      }
      return;
    }
    outcome.done = now();
  };

  const outcomes = race.operations.map(
    (operation, index): Outcome => ({
      name: `${'ABC'[index]} (${operation.name})`,
      operation,
      sent: '',
      begun: -1,
      opened: { at: -1, selector: '', user: undefined },
      done: -1,
      refused: undefined,
      selector: '',
      lines: [],
    }),
  );
  const threads: Thread[] = [];
  for (const outcome of outcomes) threads.push(await Thread.start(outcome.name, work(outcome)));
  await interleave(threads, choose, ({ name }, { text }) => steps.push(`${name}: ${text}`));

  const look = async (cookie: string) => {
    const { id, user } = await plain.open(cookie);
    return { known: id !== '', user };
  };
  return {
    start,
    people,
    steps,
    outcomes,
    issued,
    cookie: visitor.cookie,
    async row(selector) {
      const found = await store.read(selector, { now: clock.now() });
      return typeof found === 'object' ? found : undefined;
    },
    look,
    async visitLater() {
      const next = await plain.open(visitor.cookie);
      visitor.receive(await plain.commit(next));
      clock.advance(beyondGrace);
      return { soon: next.id, afterGrace: (await plain.open(visitor.cookie)).id };
    },
  };
}

function stepping(store: SessionStore, expiring: boolean, pause: Pause): SessionStore {
  return new Proxy(store, {
    get(target, name: keyof SessionStore) {
      const method = target[name];
      if (typeof method !== 'function') return method;
      return async (...given: unknown[]) => {
        const text = `the store's ${String(name)}`;
        // What ends everything is no race here, and the look at it once a second would be a step more in each.
        if (name === 'read' && String(given[0]).startsWith('everything-'))
          return Reflect.apply(method, target, given);
        await pause({ on: 'store', changes: expiring || name !== 'read', text });
        return Reflect.apply(method, target, given);
      };
    },
  });
}

function codeOf(error: unknown): string {
  if (error instanceof Error && 'status' in error && error.status === 409 && 'code' in error)
    return String(error.code);
  throw error;
}
