import { generateKey, keyRing } from 'hallpass/seal';
import {
  createSessions,
  type SealedOptions,
  type Session,
  type SessionEvent,
  type SessionOptions,
  type Sessions,
  type StoredSessions,
} from 'hallpass/session';
import type { RevocationList, SessionStore } from 'hallpass/store';
import { memoryRevocations, memoryStore } from 'hallpass/stores/memory';
import { type TestClock, testClock } from 'hallpass/testing';

/** What the tests keep in a session. */
export interface Shop {
  cart: string[];
  theme: string;
  visits: number;
  profile: { name: string };
}

/** True for the arguments of a read of the epoch of everything. */
const isEpoch = ([selector]: readonly unknown[]) => String(selector).startsWith('everything-');

/** A store that writes down which of its methods were called, but for the look at the epoch of everything, once a second and at each sign-in, beside another call. */
export function watched(store: SessionStore): { store: SessionStore; calls: string[] } {
  const calls: string[] = [];
  const watching = new Proxy(store, {
    get(target, name: keyof SessionStore) {
      const method = target[name];
      if (typeof method !== 'function') return method;
      return (...given: unknown[]) => {
        if (!(name === 'read' && isEpoch(given))) calls.push(String(name));
        return Reflect.apply(method, target, given);
      };
    },
  });
  return { store: watching, calls };
}

export interface Fixture {
  sessions: StoredSessions<Shop>;
  clock: TestClock;
  calls: string[];
  events: SessionEvent[];
  store: SessionStore;
}

/** Sessions on a store that is watched, with a clock that stands still. */
export function shop(options: Partial<SessionOptions<Shop>> = {}): Fixture {
  const clock = testClock(1_700_000_000_000);
  const events: SessionEvent[] = [];
  const { store, calls } = watched(options.store ?? memoryStore());
  const onEvent = (event: SessionEvent) => events.push(event);
  const sessions = createSessions<Shop>({ clock, onEvent, ...options, store });
  return { sessions, clock, calls, events, store };
}

export interface SealedFixture {
  sessions: Sessions<Shop>;
  clock: TestClock;
  events: SessionEvent[];
  revocations: RevocationList;
  /** The calls of the list of revocations. */
  calls: string[];
}

/** Sealed sessions with a list that is watched, and a clock that stands still. */
export function sealedShop(
  options: Partial<Omit<SealedOptions<Shop>, 'sealed'>> & { sealed?: object; clock?: TestClock } = {},
): SealedFixture {
  const clock = options.clock ?? testClock(1_700_000_000_000);
  const events: SessionEvent[] = [];
  const calls: string[] = [];
  const sealing = { keys: keyRing(generateKey()), revocations: memoryRevocations(), ...options.sealed };
  const { revocations } = sealing;
  const watching: RevocationList = {
    add(id, until) {
      calls.push('add');
      return revocations.add(id, until);
    },
    has(id, now) {
      calls.push('has');
      return revocations.has(id, now);
    },
  };
  const onEvent = (event: SessionEvent) => events.push(event);
  const sealed = { ...sealing, revocations: watching };
  const sessions = createSessions<Shop>({ onEvent, ...options, clock, sealed });
  return { sessions, clock, events, revocations, calls };
}

/** A browser, as far as the session cookie goes: it keeps what the last response said. */
export class Browser {
  cookie: string;
  readonly #sessions: Sessions<Shop>;

  constructor(sessions: Sessions<Shop>, cookie = '') {
    this.#sessions = sessions;
    this.cookie = cookie;
  }

  open(): Promise<Session<Shop>> {
    return this.#sessions.open(this.cookie);
  }

  /** Commits, takes in the response, and gives its Set-Cookie lines. */
  async receive(session: Session<Shop>): Promise<readonly string[]> {
    const lines = await this.#sessions.commit(session);
    for (const line of lines) this.cookie = line.includes('Max-Age=0') ? '' : (line.split(';')[0] ?? '');
    return lines;
  }

  /** One request from beginning to end. */
  async visit(handler: (session: Session<Shop>) => void = () => {}): Promise<readonly string[]> {
    const session = await this.open();
    handler(session);
    return this.receive(session);
  }

  /** Another browser with the same cookie: a second tab whose request is under way, or a thief. */
  copy(): Browser {
    return new Browser(this.#sessions, this.cookie);
  }

  async user(): Promise<string | undefined> {
    return (await this.open()).user;
  }
}

/** A browser whose visitor is signed in. */
export async function signedIn(fixture = sealedShop(), user = 'alice') {
  const browser = new Browser(fixture.sessions);
  await browser.visit((session) => {
    session.login(user);
    session.set('cart', ['tea']);
  });
  fixture.events.length = 0;
  fixture.calls.length = 0;
  return { ...fixture, browser };
}
