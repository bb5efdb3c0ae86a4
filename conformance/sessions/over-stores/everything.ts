import { Browser, shop } from '../../../tools/test/shop.ts';
import { type Case, equal, failureCode } from '../../case.ts';
import { tokenServer } from '../../tokens/token-server.ts';
import type { OpenStore } from './open-store.ts';

/** The end of every session of everybody. @param open an empty store each time */
export function endOfEverything(open: OpenStore): Case[] {
  const signedIn = async (fixture: ReturnType<typeof shop>, user: string) => {
    const browser = new Browser(fixture.sessions);
    await browser.visit((session) => session.login(user, { remember: true }));
    return browser;
  };

  return [
    {
      name: 'ends those of users and of nobody, rotated and remembered ones too, and none that begins later',
      async run() {
        const fixture = shop({ store: await open() });
        const { sessions, clock } = fixture;
        const [ada, bob, cart] = [
          await signedIn(fixture, 'ada'),
          await signedIn(fixture, 'bob'),
          new Browser(sessions),
        ];
        await bob.visit((session) => session.rotate());
        await cart.visit((session) => session.set('cart', ['tea']));
        await sessions.revokeEverything();
        for (const browser of [ada, bob, cart]) {
          const session = await browser.open();
          equal(
            [session.user, session.data, session.explain().reasons[0]?.code],
            [undefined, {}, 'session-revoked'],
          );
        }
        equal(await sessions.list('ada'), []);
        const again = await signedIn(fixture, 'ada');
        clock.advance('2d');
        equal(await again.user(), 'ada');
        equal((await sessions.list('ada')).length, 1);
        await sessions.revokeEverything();
        equal(await again.user(), undefined);
        const third = await signedIn(fixture, 'ada');
        equal([await third.user(), await ada.user(), await again.user()], ['ada', undefined, undefined]);
      },
    },

    {
      name: 'in another process within a second, and who signs in there meanwhile stays signed in',
      async run() {
        const store = await open();
        const [here, there] = [shop({ store }), shop({ store })];
        const ada = await signedIn(here, 'ada');
        const elsewhere = new Browser(there.sessions, ada.cookie);
        const cart = new Browser(there.sessions);
        await cart.visit((session) => session.set('cart', ['tea']));
        equal(await elsewhere.user(), 'ada');
        await here.sessions.revokeEverything();
        const late = new Browser(there.sessions);
        await late.visit((session) => session.set('cart', ['tea']));
        const bob = await signedIn(there, 'bob');
        await cart.visit((session) => session.login('carl'));
        there.clock.advance('1s');
        equal([await elsewhere.user(), (await late.open()).data], [undefined, {}]);
        equal([await bob.user(), await cart.user(), (await cart.open()).data], ['bob', 'carl', {}]);
      },
    },

    {
      name: 'two at once are two, and both count',
      async run() {
        const store = await open();
        const [here, there] = [shop({ store }), shop({ store })];
        const ada = await signedIn(here, 'ada');
        await Promise.all([here.sessions.revokeEverything(), there.sessions.revokeEverything()]);
        equal(await ada.user(), undefined);
        equal(await (await signedIn(there, 'ada')).user(), 'ada');
      },
    },

    {
      name: 'of one cookie alone: sessions of another name live on, and those of a former name end',
      async run() {
        const store = await open();
        const other = shop({ store, cookie: { name: 'other' } });
        const old = shop({ store, cookie: { name: 'old' } });
        const [mine, before] = [await signedIn(other, 'ada'), await signedIn(old, 'ada')];
        await old.sessions.revokeEverything();
        const after = await signedIn(old, 'ada');
        const next = shop({ store, cookie: { name: 'next', former: [{ name: 'old' }] } });
        const users = [before, after].map(({ cookie }) => new Browser(next.sessions, cookie).user());
        equal(await Promise.all(users), [undefined, 'ada']);
        equal(await mine.user(), 'ada');
      },
    },

    {
      name: 'also when a former name is no longer known: what began in its epoch ends, and what ended with it stays ended',
      async run() {
        const store = await open();
        const old = shop({ store, cookie: { name: 'old' } });
        const moving = shop({ store, cookie: { name: 'next', former: [{ name: 'old' }] } });
        const early = await signedIn(moving, 'ada');
        await old.sessions.revokeEverything();
        moving.clock.advance('1s');
        const late = await signedIn(moving, 'ada');
        const moved = shop({ store, cookie: { name: 'next' }, clock: moving.clock });
        const users = () =>
          Promise.all([early, late].map(({ cookie }) => new Browser(moved.sessions, cookie).user()));
        equal(await users(), [undefined, 'ada']);
        await moved.sessions.revokeEverything();
        equal(await users(), [undefined, undefined]);
        equal(await (await signedIn(moved, 'ada')).user(), 'ada');
      },
    },

    {
      name: 'also for requests that are under way in this process: what they write is kept nowhere, and a sign-in begins anew',
      async run() {
        const fixture = shop({ store: await open() });
        const { sessions, events } = fixture;
        const ada = await signedIn(fixture, 'ada');
        const cart = new Browser(sessions);
        await cart.visit((session) => session.set('cart', ['tea']));
        const [writing, rotating, signing] = [await ada.open(), await ada.open(), await cart.open()];
        const reopened = (await sessions.reopen(await ada.open())).session;
        await sessions.revokeEverything();
        writing.set('theme', 'dark');
        reopened?.set('visits', 1);
        for (const session of [writing, reopened])
          equal(await failureCode(session ? sessions.commit(session) : Promise.resolve()), 'session-gone');
        rotating.rotate();
        equal(await sessions.commit(rotating), []);
        equal(events.filter(({ type }) => type === 'gone').length, 3);
        signing.login('bob');
        await cart.receive(signing);
        equal([await cart.user(), (await cart.open()).data], ['bob', {}]);
      },
    },

    {
      name: 'leaves token families alone, which are in the list of sessions and can be ended there; those have an end of their own',
      async run() {
        const store = await open();
        const { sessions, clock } = shop({ store });
        const { tokens } = tokenServer({ store, clock });
        const { tokens: other } = tokenServer({ store, clock, issuer: 'https://other.example' });
        for (const issuer of [tokens, tokens]) await issuer.issueBearer('ada');
        const ours = await tokens.list('ada');
        await other.issueBearer('ada');
        await sessions.revokeEverything();
        equal((await sessions.list('ada')).length, 3, 'in the list of sessions');
        equal(await sessions.revoke(ours[0]?.family ?? '', { user: 'ada' }), true);
        equal((await sessions.list('ada')).length, 2, 'after one was ended');
        clock.advance('1s');
        await tokens.revokeEverything();
        const left = await sessions.list('ada');
        const isOurs = ours.some(({ family }) => family === left[0]?.id);
        equal([left.length, isOurs], [1, false], 'of the other issuer');
        equal(
          (await tokens.list('ada')).length,
          (await other.list('ada')).length,
          'in the lists of both issuers',
        );
      },
    },

    {
      name: 'what ended so has ended, and nobody counts it again',
      async run() {
        const store = await open();
        const fixture = shop({ store });
        const { sessions, clock } = fixture;
        const { tokens } = tokenServer({ store, clock });
        for (const count of [0, 2]) {
          for (let at = 0; at < 3; at += 1) {
            const browser = new Browser(sessions);
            await browser.visit((session) => session.login('ada', { externalId: 'sid-1' }));
          }
          await sessions.revokeEverything();
          const fresh: string[] = [];
          for (let at = 0; at < count; at += 1) {
            const browser = new Browser(sessions);
            await browser.visit((session) => session.login('ada', { externalId: 'sid-1' }));
            fresh.push((await browser.open()).id);
          }
          equal(await sessions.revokeAll('ada', { except: fresh[0] }), Math.max(0, count - 1));
          equal(await sessions.revokeByExternalId('sid-1'), Math.min(1, count));
          for (const ended of fixture.events.filter(({ type }) => type === 'revoked'))
            equal(ended.type === 'revoked' && ended.count < 2, true, 'the count of the event');
        }
        for (let at = 0; at < 3; at += 1) await tokens.issueBearer('bob');
        const [{ family } = { family: '' }] = await tokens.list('bob');
        await tokens.revokeEverything();
        equal(await tokens.revoke({ family, of: 'bob' }), 0);
        await tokens.issueBearer('bob');
        equal(await tokens.revoke({ user: 'bob' }), 1);
      },
    },

    {
      name: 'ends views in this process at once',
      async run() {
        const fixture = shop({ store: await open() });
        const browser = await signedIn(fixture, 'ada');
        using view = fixture.sessions.view(await browser.open());
        const ended = new Promise((resolve) => view.ended.addEventListener('abort', resolve, { once: true }));
        await fixture.sessions.revokeEverything();
        await ended;
        equal([view.ended.reason.code, view.ended.reason.cause], ['session-gone', 'revoked']);
      },
    },
  ];
}
