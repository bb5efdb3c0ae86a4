/** Why a visitor is anonymous. */
export const sessions = {
  'session-no-cookie': {
    why: 'Nothing is wrong with the session; its cookie did not come. The visitor is new, or the browser did not keep the cookie, or withheld it on this request: another host, a fetch without credentials, SameSite after a link.',
    fix: 'For a first visit this is right. Otherwise look at the answer of the sign-in with `hallpass lint URL`, which says what browsers drop and when they send; a fetch to another origin needs `credentials: "include"`. Look for the name too: it is __Host-session by default.',
    example: `
      import { createSessions } from 'hallpass/session';
      import { memoryStore } from 'hallpass/stores/memory';

      const sessions = createSessions({ store: memoryStore() });
      const session = await sessions.open('theme=dark');
      console.log(session.explain().reasons[0]?.code); // → session-no-cookie
    `,
    guide: 'faq.md#the-browser-does-not-keep-my-cookie',
  },
  'session-malformed': {
    why: 'A cookie of that name came and its text cannot be one of ours: it was written by another session library, cut off, encoded twice, or made up. The store was not asked.',
    fix: 'When you moved from another library, give the cookie another name or take over its sessions with `adopt`. Scanners send such values all day; leave them. The visitor is anonymous and gets a good cookie at the next sign-in.',
    example: `
      import { createSessions } from 'hallpass/session';
      import { memoryStore } from 'hallpass/stores/memory';

      const sessions = createSessions({ store: memoryStore() });
      const session = await sessions.open('__Host-session=s%3Aabc.def');
      console.log(session.explain().reasons[0]?.code); // → session-malformed
    `,
    guide: 'moving.md',
  },
  'session-unknown': {
    why: 'The cookie looks right, and the store has no such row. The row was swept after its end, the store was emptied or is another one than yesterday, or each process has a memory store of its own and the request reached another process.',
    fix: 'With several processes, or restarts, take a store that they share: sqlite, redis or postgres. With Redis see that it evicts nothing (maxmemory-policy noeviction). A browser that was away for weeks is expected here.',
    example: `
      import { createSessions } from 'hallpass/session';
      import { memoryStore } from 'hallpass/stores/memory';

      const [before, afterRestart] = [memoryStore(), memoryStore()]
        .map((store) => createSessions({ store }));
      const session = await before!.open(null);
      session.login('ada');
      const [line] = await before!.commit(session);
      const again = await afterRestart!.open(line?.split(';')[0]);
      console.log(again.explain().reasons[0]?.code); // → session-unknown
    `,
    guide: 'sessions.md#which-store',
  },
  'session-wrong-verifier': {
    why: 'The first half of the cookie names a session, the second half does not prove it: it is an older cookie, from before a login or a rotation whose grace is over, or a copy that was restored. It is also what a thief has who took the cookie before the visitor signed in.',
    fix: 'One visitor, once: leave it; the browser has the new cookie from the answer, or signs in again. Many visitors: look whether answers lose their Set-Cookie line (a cache, a proxy), whether `rotate()` is called more than once in `rotationGrace`, and whether two cookies of the name exist.',
    example: `
      import { createSessions } from 'hallpass/session';
      import { memoryStore } from 'hallpass/stores/memory';

      const sessions = createSessions({ store: memoryStore() });
      const session = await sessions.open(null);
      session.set('cart', 1);
      const [line = ''] = await sessions.commit(session);
      const before = line.split(';')[0]!;
      const signingIn = await sessions.open(before);
      signingIn.login('ada'); // swaps the second half
      await sessions.commit(signingIn);
      const verdict = (await sessions.open(before)).explain();
      console.log(verdict.reasons[0]?.code); // → session-wrong-verifier
    `,
    guide: 'sessions.md#what-no-server-can-help',
  },
  'session-expired': {
    why: 'One of its two deadlines passed: `idle`, counted from the last request, or `absolute`, counted from the sign-in whatever happened since. What has expired stays ended, even if a request was under way.',
    fix: 'Sign in again. If it comes too soon, set `idle` and `absolute`, or call `login(user, { remember: true })` for visitors who asked for it. Compare the clocks of your servers and the database when sessions die at once.',
    example: `
      import { createSessions } from 'hallpass/session';
      import { memoryStore } from 'hallpass/stores/memory';
      import { testClock } from 'hallpass/testing';

      const clock = testClock();
      const sessions = createSessions({
        store: memoryStore(),
        clock,
        idle: '1h',
      });
      const session = await sessions.open(null);
      session.login('ada');
      const [line] = await sessions.commit(session);
      clock.advance('61m');
      const verdict = (await sessions.open(line?.split(';')[0])).explain();
      console.log(verdict.reasons[0]?.code); // → session-expired
    `,
    guide: 'sessions.md#lifetimes',
  },
  'session-revoked': {
    why: 'Somebody ended it: a logout in this browser or another tab, "sign out all devices", a login as another user, `sessions.revokeAll`, or `maxPerUser` when the user signed in on one device more. A cookie of an ended session is never good again.',
    fix: 'Sign in again. To find who ended it, look for the event of that session in `onEvent`. If visitors are signed out by signing in elsewhere, raise `maxPerUser`.',
    example: `
      import { createSessions } from 'hallpass/session';
      import { memoryStore } from 'hallpass/stores/memory';

      const sessions = createSessions({ store: memoryStore() });
      const session = await sessions.open(null);
      session.login('ada');
      const [line] = await sessions.commit(session);
      await sessions.revokeAll('ada');
      const verdict = (await sessions.open(line?.split(';')[0])).explain();
      console.log(verdict.reasons[0]?.code); // → session-revoked
    `,
    guide: 'sessions.md#devices',
  },
  'session-broken-seal': {
    why: 'The sealed cookie does not open: its text was changed or cut on the way, it was sealed for a cookie of another name, or a key of the same id holds other bytes. Nothing in it is believed, and the visitor is anonymous.',
    fix: 'A seal is bound to the name of its cookie, so whoever copies a value under another name, a proxy for example, breaks it. See that development and production do not share a domain with different keys. From a single address it is somebody who tries; leave it.',
    example: `
      import { generateKey, keyRing } from 'hallpass/seal';
      import { createSessions } from 'hallpass/session';
      import { memoryRevocations } from 'hallpass/stores/memory';

      const sealed = {
        keys: keyRing(generateKey()),
        revocations: memoryRevocations(),
      };
      const sessions = createSessions({ sealed });
      const session = await sessions.open(null);
      session.login('ada');
      const [line = ''] = await sessions.commit(session);
      const cut = line.split(';')[0]!.slice(0, -4);
      const verdict = (await sessions.open(cut)).explain();
      console.log(verdict.reasons[0]?.code); // → session-broken-seal
    `,
    guide: 'sessions.md#without-a-store',
  },
  'session-unknown-key': {
    why: 'The sealed cookie names a key that this process does not have: the key was dropped or revoked, the process makes a new key at each start (`keyRing(generateKey())`), or a process with a newer list has sealed it.',
    fix: 'Keep the key outside the program: `keyRing(process.env.HALLPASS_KEYS)`. Rotate with `hallpass keys rotate`, which leaves the older keys on the ring; with several processes use --next first and --promote when all have it. After a revocation this is right.',
    example: `
      import { generateKey, keyRing } from 'hallpass/seal';
      import { createSessions } from 'hallpass/session';
      import { memoryRevocations } from 'hallpass/stores/memory';

      const start = () =>
        createSessions({
          sealed: {
            keys: keyRing(generateKey()),
            revocations: memoryRevocations(),
          },
        });
      const [before, after] = [start(), start()];
      const session = await before.open(null);
      session.login('ada');
      const [line] = await before.commit(session);
      const verdict = (await after.open(line?.split(';')[0])).explain();
      console.log(verdict.reasons[0]?.code); // → session-unknown-key
    `,
    guide: 'cli.md#keys',
  },
  'session-from-future': {
    why: 'The sealed cookie was issued later than now, by more than the 60 seconds that two clocks may differ. The clock of the server that sealed it was ahead, or that of this one is behind.',
    fix: 'Set the clocks (NTP) of all servers. In a test with a clock of your own, use the same clock for the one who seals and the one who opens.',
    example: `
      import { generateKey, keyRing } from 'hallpass/seal';
      import { createSessions } from 'hallpass/session';
      import { memoryRevocations } from 'hallpass/stores/memory';
      import { testClock } from 'hallpass/testing';

      const sealed = {
        keys: keyRing(generateKey()),
        revocations: memoryRevocations(),
      };
      const at = (time: number) =>
        createSessions({ sealed, clock: testClock(time) });
      const now = Date.now();
      const [ahead, here] = [at(now + 120_000), at(now)];
      const session = await ahead.open(null);
      session.login('ada');
      const [line] = await ahead.commit(session);
      const verdict = (await here.open(line?.split(';')[0])).explain();
      console.log(verdict.reasons[0]?.code); // → session-from-future
    `,
  },
  'session-not-adopted': {
    why: 'No cookie of ours came, one of your former session library did, and `adopt` did not take its session over. The sentence says why. `malformed`: it is not of that library. `unproved`: none of the keys signed or sealed it. `expired`: its time was over. `unknown`: its store has no such session. `failed`: your `takeOver` threw, or gave what no session can be. The visitor is anonymous.',
    fix: 'One at a time these are scanners and old cookies; leave them. Many `unproved` mean that a key is missing that the old deployment signed with, or that `name` is another. For `failed`, the event `not-adopted` has what was thrown: old sessions come in every shape that the application ever wrote.',
    example: `
      import { fromCookieSession } from 'hallpass/adopt';
      import { createSessions } from 'hallpass/session';
      import { memoryStore } from 'hallpass/stores/memory';

      const adopt = fromCookieSession({
        keys: ['the key of before'],
        takeOver: ({ userId }) => ({ user: userId as string | undefined }),
      });
      const sessions = createSessions({ store: memoryStore(), adopt });
      const session = await sessions.open('session=e30=; session.sig=forged');
      const [why] = session.explain().reasons;
      console.log(why?.code, why?.facts?.why); // → session-not-adopted unproved
    `,
    guide: 'moving.md',
  },
  'session-store-away': {
    why: "The store failed or did not answer in `storeTimeout` (2 s), and `onStoreFailure: 'anonymous'` let the visitor in as nobody. Who the visitor is, nobody knows at the moment; the cookie stays, so all is well when the store is back.",
    fix: "Look after the store: the event store-failed has its error. Pages that must not show a signed-in visitor as a stranger want `onStoreFailure: 'refuse'`, the default, which answers 503.",
    example: `
      import { createSessions } from 'hallpass/session';
      import { memoryStore } from 'hallpass/stores/memory';

      const away = async () => Promise.reject(new Error('connection refused'));
      const store = Object.assign(memoryStore(), { read: away });
      const sessions = createSessions({ store, onStoreFailure: 'anonymous' });
      const cookie = '__Host-session=' + 'A'.repeat(22) + '.' + 'A'.repeat(43);
      const session = await sessions.open(cookie);
      console.log(session.explain().reasons[0]?.code); // → session-store-away
    `,
    guide: 'sessions.md#when-the-store-is-away',
  },
};
