import { CookieJar } from 'hallpass/jar';
import {
  type CommonOptions,
  createSessions,
  type Session,
  type SessionCookieOptions,
  type Sessions,
} from 'hallpass/session';
import { testClock } from 'hallpass/testing';
import { type Case, equal } from '../../case.ts';
import type { OpenStore } from './open-store.ts';

const page = 'https://app.example.com/account';
type Make = (cookie: SessionCookieOptions) => Sessions;
const former = [
  { name: 'sid', domain: null },
  { name: 'id', domain: 'example.com' },
];

function start(make: MakeSessions) {
  const jar = new CookieJar();
  const clock = testClock(1_700_000_000_000);
  const named: Make = (cookie) => make({ cookie, clock });
  const answer = async (sessions: Sessions, session: Session) => {
    const lines = await sessions.commit(session);
    for (const line of lines) jar.set(line, page);
    return lines;
  };
  const request = async (sessions: Sessions, handler: (session: Session) => void = () => {}) => {
    const session = await sessions.open(jar.header(page));
    handler(session);
    await answer(sessions, session);
    return session.user;
  };
  const cookie = () => jar.header(page) ?? '';
  const next = named({ name: 'now', domain: 'example.com', former });
  return {
    cookie,
    clock,
    answer,
    request,
    next,
    old: named({ name: 'sid' }),
    older: named({ name: 'id', domain: 'example.com' }),
  };
}

type MakeSessions = (options: CommonOptions<Record<string, unknown>>) => Sessions;

/** What holds of stored and of sealed sessions. @param make sessions that know nobody */
export function keptUnderAFormerName(make: () => Promise<MakeSessions>): Case[] {
  return [
    ...(['old', 'older'] as const).map((name) => ({
      name: `a session under the ${name} name goes on, and has the present cookie alone after one answer`,
      async run() {
        const { request, cookie, next, [name]: before } = start(await make());
        await request(before, (session) => session.login('ada'));
        equal(await request(next), 'ada');
        equal(/^now=[^;]*$/.test(cookie()), true, cookie());
        equal(await request(next), 'ada');
      },
    })),

    {
      name: 'what is written in the first request is kept',
      async run() {
        const { request, cookie, next, old } = start(await make());
        await request(old, (session) => session.login('ada'));
        await request(next, (session) => session.set('theme', 'dark'));
        equal((await next.open(cookie())).get('theme'), 'dark');
      },
    },

    {
      name: 'several cookies of it are told of',
      async run() {
        const { next } = start(await make());
        const session = await next.open('sid=a; sid=b; id=c');
        const warnings = session.explain().warnings?.map(({ code, facts }) => [code, facts?.name]);
        equal(warnings, [['duplicate-cookie', 'sid']]);
      },
    },

    {
      name: 'requests that come at once all go on',
      async run() {
        const { request, cookie, answer, next, old } = start(await make());
        await request(old, (session) => session.login('ada'));
        const opened = await Promise.all([1, 2, 3].map(() => next.open(cookie())));
        for (const session of opened) equal((await answer(next, session)).length > 0, true, 'a line');
        equal(await request(next), 'ada');
      },
    },

    {
      name: 'a logout under the former name ends the session and leaves no cookie',
      async run() {
        const { request, cookie, next, old } = start(await make());
        await request(old, (session) => session.login('ada'));
        const copy = cookie();
        await request(next, (session) => session.logout());
        equal(cookie(), '');
        equal((await next.open(copy)).user, undefined);
      },
    },

    {
      name: 'a value of a former name opens nothing under another name',
      async run() {
        const { request, cookie, next, old } = start(await make());
        await request(old, (session) => session.login('ada'));
        for (const name of ['now', 'id', 'other'])
          equal((await next.open(cookie().replace('sid', name))).user, undefined);
      },
    },

    {
      name: 'what opens under the present name counts first',
      async run() {
        const { request, cookie, next, old } = start(await make());
        await request(old, (session) => session.login('ada'));
        equal((await next.open(`now=nothing; ${cookie()}`)).user, 'ada');
        const former = cookie();
        await request(next, (session) => session.login('grace'));
        equal((await next.open(`${former}; ${cookie()}`)).user, 'grace');
      },
    },
  ];
}

/** A session cookie that changed its name. @param open an empty store each time */
export function formerName(open: OpenStore): Case[] {
  const stored = async (): Promise<MakeSessions> => {
    const store = await open();
    return (options) => createSessions({ ...options, store });
  };

  return [
    ...keptUnderAFormerName(stored),
    {
      name: 'the former cookie is served for the grace, by the same successor, and then no longer',
      async run() {
        const store = await open();
        const { request, cookie, clock, next, old } = start((options) =>
          createSessions({ ...options, store }),
        );
        await request(old, (session) => session.login('ada'));
        const before = cookie();
        const [line] = (await next.commit(await next.open(before))).slice(-1);
        clock.advance('30s');
        equal((await next.commit(await next.open(before))).at(-1), line);
        clock.advance('31s');
        equal((await next.open(before)).explain().reasons[0]?.code, 'session-wrong-verifier');
        equal((await next.open(line)).user, 'ada');
      },
    },

    {
      name: 'one that was rotated under the former name goes on from either value',
      async run() {
        const store = await open();
        const { request, cookie, next, old } = start((options) => createSessions({ ...options, store }));
        await request(old, (session) => session.login('ada'));
        const before = cookie();
        await request(old, (session) => session.rotate());
        const line = (await next.commit(await next.open(before))).at(-1) ?? '';
        equal(line.startsWith('now='), true, line);
        equal((await next.open(line)).user, 'ada');
        equal((await next.open(cookie())).user, 'ada');
      },
    },
  ];
}
