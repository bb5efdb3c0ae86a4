import type { Adopted, SessionOptions } from 'hallpass/session';
import { testClock } from 'hallpass/testing';
import { Browser, type Shop, shop } from '../../../tools/test/shop.ts';
import { type Case, equal, failureCode } from '../../case.ts';
import type { OpenStore } from './open-store.ts';

type Old = { user?: string; data?: Partial<Shop> };
const oldCookie = 'old=s%3Asigned-id';

/** An application with sessions of another library, which its store loses when they are discarded. */
function moved(old: Old, more: Partial<SessionOptions<Shop>> = {}, discard = () => true) {
  const kept = new Map([['s:signed-id', old]]);
  const adopt = (readCookie: (name: string) => string | undefined): Adopted<Shop> | undefined => {
    const id = readCookie('old');
    const session = id === undefined ? undefined : kept.get(id);
    if (id === undefined || session === undefined) return undefined;
    return { id, ...session, discard: () => discard() && kept.delete(id) };
  };
  const fixture = shop({ ...more, adopt });
  return { ...fixture, kept };
}

const pairOf = (line = '') => line.split(';', 1)[0] ?? '';
const letOthersRun = () => new Promise((resolve) => setTimeout(resolve));

/** What requests that come at once with the cookie of another library find. @param open an empty store each time @param atOnce how many requests */
export function adopted(open: OpenStore, atOnce: number): Case[] {
  const signedIn = { user: 'alice', data: { visits: 0, theme: 'dark' } };

  return [
    {
      name: 'all go on in one session, sign nobody out and lose no write',
      async run() {
        const { sessions, events, clock, kept } = moved(signedIn, {
          store: await open(),
          storeTimeout: '60s',
        });
        const jar: string[] = [];
        const request = async () => {
          const session = await sessions.open(oldCookie);
          equal(session.user, 'alice');
          await sessions.commit(session).then((lines) => jar.push(pairOf(lines[0])));
        };
        await Promise.all(Array.from({ length: atOnce }, request));
        equal(new Set(jar).size, 1);
        clock.advance('60s');
        await letOthersRun();
        equal(kept.size, 0);
        const next = await sessions.open(`${jar.at(-1)}; ${oldCookie}`);
        equal([next.user, next.data], ['alice', signedIn.data]);
        equal((await sessions.list('alice')).length, 1);
        equal(events.filter(({ type }) => type === 'adopted').length, 1);
        equal(events.filter(({ type }) => type === 'login').length, 1);
      },
    },

    {
      name: 'that all write lose none of it',
      async run() {
        const { sessions } = moved(signedIn, { store: await open(), storeTimeout: '60s' });
        const opened = await Promise.all(Array.from({ length: 8 }, () => sessions.open(oldCookie)));
        for (const session of opened) session.update('visits', (count = 0) => count + 1);
        const lines = await Promise.all(opened.map((session) => sessions.commit(session)));
        equal((await sessions.open(pairOf(lines[7]?.[0]))).get('visits'), 8);
      },
    },

    {
      name: 'an anonymous cart is one too',
      async run() {
        const { sessions } = moved({ data: { cart: ['tea'] } }, { store: await open() });
        const opened = await Promise.all([sessions.open(oldCookie), sessions.open(oldCookie)]);
        opened[0].set('theme', 'dark');
        opened[1].set('visits', 1);
        const [one, other] = await Promise.all(opened.map((session) => sessions.commit(session)));
        equal(one, other);
        const { cart, theme, visits } = (await sessions.open(pairOf(one?.[0]))).data;
        equal([cart, theme, visits], [['tea'], 'dark', 1]);
      },
    },

    {
      name: 'one that comes after the others were answered, inside the grace, is served by the same session',
      async run() {
        const { sessions, clock } = moved(signedIn, { store: await open() });
        const first = await sessions.open(oldCookie);
        const [line] = await sessions.commit(first);
        clock.advance('59s');
        const late = await sessions.open(oldCookie);
        late.set('theme', 'light');
        equal(late.id, first.id);
        equal(await sessions.commit(late), [line]);
        equal((await sessions.open(pairOf(line))).get('theme'), 'light');
      },
    },

    {
      name: 'after the grace the old cookie opens nothing, though it was not discarded',
      async run() {
        const { sessions, clock } = moved(signedIn, { store: await open() }, () => false);
        await sessions.commit(await sessions.open(oldCookie));
        clock.advance('60s');
        const session = await sessions.open(oldCookie);
        equal([session.user, session.explain().reasons[0]?.code], [undefined, 'session-wrong-verifier']);
      },
    },

    {
      name: 'and a logout ends them all: the old cookie begins nothing again, also where it was not discarded',
      async run() {
        let fails = true;
        const { sessions, clock, kept } = moved(signedIn, { store: await open() }, () => {
          if (fails) throw new Error('away');
          return true;
        });
        const [line] = await sessions.commit(await sessions.open(oldCookie));
        clock.advance('60s');
        await letOthersRun();
        equal(kept.size, 1);
        const overtaken = await sessions.open(`${pairOf(line)}; ${oldCookie}`);
        fails = false;
        overtaken.logout();
        await sessions.commit(overtaken);
        equal(kept.size, 0);
        kept.set('s:signed-id', signedIn);
        clock.advance('11h');
        const session = await sessions.open(oldCookie);
        equal([session.user, session.explain().reasons[0]?.code], [undefined, 'session-revoked']);
      },
    },

    {
      name: 'begins nothing anew when ours has ended, though the process that took it over died within the grace',
      async run() {
        const [store, clock] = [await open(), testClock(1_700_000_000_000)];
        const dying = { now: clock.now, delay: () => new Promise<never>(() => {}) };
        const { sessions } = moved(signedIn, { store, clock: dying });
        await sessions.commit(await sessions.open(oldCookie));
        clock.advance('13h');
        const later = moved(signedIn, { store, clock }).sessions;
        await later.sweep();
        equal((await later.open(oldCookie)).user, undefined);
      },
    },

    {
      name: 'begins nothing after a logout as long as its session would have lived, not a day, should the old store bring it back',
      async run() {
        const store = await open();
        const remembered = { ...signedIn, remember: true };
        const { sessions, clock, kept } = moved(remembered, { store, remember: '30d' });
        const leaving = await sessions.open(oldCookie);
        leaving.logout();
        await sessions.commit(leaving);
        equal(kept.size, 0, 'what the old store keeps');
        kept.set('s:signed-id', remembered);
        clock.advance('29d');
        await sessions.sweep();
        equal((await sessions.open(oldCookie)).user, undefined);
      },
    },

    {
      name: 'one whose end is a fraction of a millisecond is remembered, and can sign out',
      async run() {
        const adopt = () => ({
          id: 'a seal',
          user: 'alice',
          expiresAt: 1_702_000_000_000.5,
          authenticatedAt: 1_699_999_999_999.5,
        });
        const { sessions, clock, events } = shop({ store: await open(), adopt });
        await new Browser(sessions, oldCookie).visit();
        await new Browser(sessions, oldCookie).visit((session) => session.logout());
        clock.advance('13h');
        equal((await sessions.open(oldCookie)).user, undefined);
        equal(
          events.filter(({ type }) => type === 'store-failed'),
          [],
        );
      },
    },

    {
      name: 'one that signs out while others are under way ends what they would begin',
      async run() {
        const { sessions } = moved(signedIn, { store: await open() });
        const [reading, writing, leaving] = await Promise.all([
          sessions.open(oldCookie),
          sessions.open(oldCookie),
          sessions.open(oldCookie),
        ]);
        leaving.logout();
        await sessions.commit(leaving);
        equal(await sessions.commit(reading), []);
        writing.set('theme', 'light');
        equal(await failureCode(sessions.commit(writing)), 'session-gone');
        equal(await sessions.list('alice'), []);
      },
    },

    {
      name: 'one that signs in leaves the others behind, as any login does',
      async run() {
        const { sessions } = moved(signedIn, { store: await open() });
        const [writing, signing] = await Promise.all([sessions.open(oldCookie), sessions.open(oldCookie)]);
        signing.login('alice');
        const [line] = await sessions.commit(signing);
        writing.set('theme', 'light');
        equal(await failureCode(sessions.commit(writing)), 'session-gone');
        equal((await sessions.open(oldCookie)).user, undefined);
        const next = await sessions.open(pairOf(line));
        equal([next.user, next.fresh('1m'), next.get('theme')], ['alice', true, 'dark']);
      },
    },

    {
      name: 'one whose user was signed out everywhere meanwhile is nobody, without an error for what nobody asked for',
      async run() {
        const store = await open();
        const { sessions } = moved(signedIn, { store });
        const session = await sessions.open(oldCookie);
        const { enlist } = store;
        store.enlist = async (...given) => {
          const answer = await enlist.apply(store, given);
          store.enlist = enlist;
          await sessions.revokeAll('alice');
          return answer;
        };
        equal(await sessions.commit(session), []);
        equal((await new Browser(sessions, oldCookie).open()).user, undefined);
      },
    },

    {
      name: 'has an authority before it is committed, so that a page may ask for a CSRF token',
      async run() {
        const { sessions } = moved(signedIn, { store: await open() });
        const session = await sessions.open(oldCookie);
        const { authority } = session;
        equal(/^[\w-]{22}\.0$/.test(authority), true, 'an authority');
        const [line] = await sessions.commit(session);
        equal((await sessions.open(pairOf(line))).authority, authority);
        equal((await sessions.open(oldCookie)).authority, authority);
      },
    },
  ];
}
