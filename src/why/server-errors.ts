/** What a server, a store, a seal or a file fails with. */
export const serverErrors = {
  'jar-unusable': {
    sentence: 'The file of a jar cannot be read, written or locked.',
    why: 'The file is not a jar, its folder does not exist or is not writable, or another process has held the lock for too long. The sentence of the error says which. What stands in the file was not touched.',
    fix: 'Correct the path or the rights of the folder: beside the file a lock and a new version are written. For cookies.txt and other formats use `hallpass jar import`. To begin anew, move the file away.',
    example: `
      import { openJar } from 'hallpass/jar/file';

      const error = await openJar('/').catch((failure) => failure);
      console.log(error.code); // → jar-unusable
    `,
    guide: 'cookies.md#keep-a-jar-and-move-one',
  },
  'cookie-parameter': {
    sentence: 'A cookie that a route requires is missing, or its value is refused. Answered with 422.',
    why: '`definition.require(request)` was called, and the request has no such cookie, or the schema or the codec does not take its value. `detail` names the cookie and what is wrong, and never the value.',
    fix: 'If the route can do without, use `read` and a default. If the browser should have had the cookie, `hallpass lint URL` says why it has not.',
    example: `
      import { defineCookie, HallpassError } from 'hallpass';

      const cart = defineCookie('cart');
      try {
        cart.require('theme=dark');
      } catch (error) {
        if (!(error instanceof HallpassError)) throw error;
        console.log(error.code); // → cookie-parameter
      }
    `,
    guide: 'cookies.md#define-a-cookie-once',
  },
  internal: {
    sentence: 'The server failed, and the answer says no more. Answered with 500.',
    why: 'The handler threw what is no `HttpError`, or gave what cannot be sent: a mistake in the program, mostly. The visitor learns nothing of it, since a message may hold what is not for them.',
    fix: 'Look into the log: the pipeline tells `onEvent`, and `toNodeListener` its `onError`; without them both write to the console. Throw an `HttpError` where the visitor is to know.',
    example: `
      import { pipeline } from 'hallpass/server';

      const app = pipeline({ onEvent: () => {} })(() => {
        throw new Error('a mistake');
      });
      const answer = await app(new Request('https://shop.example/'));
      console.log(answer.status, (await answer.json()).error); // → 500 internal
    `,
    guide: 'errors.md#on-the-server',
  },
  'seal-unknown-key': {
    sentence: 'The key of a seal is not on the ring, or is revoked.',
    why: 'The text is sealed by a key that this ring does not know: it was dropped, each process makes its own (`keyRing(generateKey())`), or the text comes from another environment.',
    fix: 'Take the keys from `HALLPASS_KEYS`, the same in all processes, and rotate with `hallpass keys rotate`, which keeps older keys for opening. What was sealed with a lost key is lost: send a new link, have the user sign in again.',
    example: `
      import { generateKey, keyRing, open, seal } from 'hallpass/seal';

      const [old, present] = [keyRing(generateKey()), keyRing(generateKey())];
      const link = await seal(old, 'reset', 'ada');
      const opened = open(present, 'reset', link);
      await opened.catch(({ code }) => console.log(code)); // → seal-unknown-key
    `,
    guide: 'cli.md#keys',
  },
  'seal-broken': {
    sentence: 'It is no seal, a changed one, or one for another purpose.',
    why: 'The text was cut or altered on the way (a mail program that breaks a link, a column that is too short), or it was sealed for another purpose: a link that resets a password opens no invitation, and that is what the purpose is for.',
    fix: 'Compare the length of what was sealed with what came, and the two purposes letter by letter. Treat it as a wrong link, with a friendly page; do not say more to whoever sent it.',
    example: `
      import { generateKey, keyRing, open, seal } from 'hallpass/seal';

      const ring = keyRing(generateKey());
      const link = await seal(ring, 'reset', 'ada');
      const opened = open(ring, 'invitation', link);
      await opened.catch(({ code }) => console.log(code)); // → seal-broken
    `,
  },
  'seal-expired': {
    sentence: 'The time of a seal is over.',
    why: 'It was sealed with `expires`, and by the clock of this server that instant has passed. It is genuine otherwise.',
    fix: 'Offer a new link. `expires` is an instant in ms since 1970 or a Date, not a duration: `Date.now() + 3_600_000` for an hour.',
    example: `
      import { generateKey, keyRing, open, seal } from 'hallpass/seal';

      const ring = keyRing(generateKey());
      const expires = Date.now() - 1_000;
      const link = await seal(ring, 'reset', 'ada', { expires });
      const opened = open(ring, 'reset', link);
      await opened.catch(({ code }) => console.log(code)); // → seal-expired
    `,
  },
  'session-gone': {
    sentence: 'The session ended while the request ran. Answered with 409.',
    why: 'A request opened a session, and before it was done another one signed out, signed in anew, or the deadline passed. What it wrote has nowhere to go: a session that has ended stays ended. Nothing of it was kept.',
    fix: 'Repeat the request; the browser then has the new cookie or none. In a page, reload on 409. If it happens without a sign-out, look for a second login in the same moment, such as a double click: disable the button.',
    example: `
      import { createSessions } from 'hallpass/session';
      import { memoryStore } from 'hallpass/stores/memory';

      const sessions = createSessions({ store: memoryStore() });
      const session = await sessions.open(null);
      session.login('ada');
      const [line] = await sessions.commit(session);
      const slow = await sessions.open(line?.split(';')[0]);
      await sessions.revokeAll('ada'); // meanwhile
      slow.set('cart', 1);
      const error = await sessions.commit(slow).catch((failure) => failure);
      console.log(error.code, error.status); // → session-gone 409
    `,
    guide: 'faq.md#my-request-is-a-409-session-gone',
  },
  'session-conflict': {
    sentence:
      "Another request wrote the key first, and conflicts says 'reject'; or too many wrote the session at once. Answered with 409.",
    why: "Two requests had the same session open and set the same key. You asked for this key to be refused then, in place of letting the later one win. Or requests that met others queue for one session, and this one's turn had not come after half of `storeTimeout`: so many write it, or the store is that slow. Nothing of the request was kept, and the session goes on.",
    fix: "Repeat the request. For counters and lists use `session.update('count', (n = 0) => n + 1)`, which runs again on what the other wrote and is refused in a queue alone.",
    example: `
      import { createSessions } from 'hallpass/session';
      import { memoryStore } from 'hallpass/stores/memory';

      const conflicts = { seat: 'reject' } as const;
      const store = memoryStore();
      const sessions = createSessions<{ seat: string }>({ store, conflicts });
      const first = await sessions.open(null);
      first.set('seat', '1A');
      const cookie = (await sessions.commit(first))[0]?.split(';')[0];
      const one = await sessions.open(cookie);
      const two = await sessions.open(cookie);
      one.set('seat', '2B');
      two.set('seat', '3C');
      await sessions.commit(one);
      const error = await sessions.commit(two).catch((failure) => failure);
      console.log(error.code, error.status); // → session-conflict 409
    `,
    guide: 'faq.md#two-requests-count-at-the-same-time-is-one-lost',
  },
  'store-unavailable': {
    sentence: 'The session store did not answer. Answered with 503 and Retry-After.',
    why: 'The database refused the connection, broke it, or took longer than `storeTimeout` (2 s). Nobody can say who the visitor is, so nobody is signed in or out; the cookie stays.',
    fix: "Look after the store: `error.cause` and the event store-failed have its error. If pages should go on without the session meanwhile: `onStoreFailure: 'anonymous'`. If the store is merely slow, find out why before you raise `storeTimeout`.",
    example: `
      import { createSessions } from 'hallpass/session';
      import { memoryStore } from 'hallpass/stores/memory';

      const away = async () => Promise.reject(new Error('connection refused'));
      const store = Object.assign(memoryStore(), { read: away });
      const sessions = createSessions({ store });
      const cookie = '__Host-session=' + 'A'.repeat(22) + '.' + 'A'.repeat(43);
      const error = await sessions.open(cookie).catch((failure) => failure);
      console.log(error.code, error.status); // → store-unavailable 503
    `,
    guide: 'sessions.md#when-the-store-is-away',
  },
  'store-unusable': {
    sentence: 'The store is there and cannot be used; the sentence says what it lacks.',
    why: 'It is not a matter of waiting: the file is no database, its folder is missing, the tables are of a newer version or of another program, the user has no rights, or a replica was asked that does not write.',
    fix: 'Do what the sentence says: make the folder, grant the rights, name the primary. After a rollback of the application, tables of the newer version stay; deploy the newer version again.',
    example: `
      import { sqliteStore } from 'hallpass/stores/sqlite';

      const open = async () => sqliteStore('/no/such/folder/sessions.sqlite');
      const read = async () => (await open()).read('A'.repeat(22), { now: 0 });
      const error = await read().catch((failure) => failure);
      console.log(error.code); // → store-unusable
    `,
    guide: 'sessions.md#which-store',
  },
  unauthenticated: {
    sentence: 'The route asks for a user, and there is none. Answered with 401.',
    why: '`requireUser()` was called and the visitor is anonymous. Why, the session or the token knows: no cookie, an expired one, one that was revoked. The visitor is told none of this.',
    fix: 'Sign in. To learn the reason, `(await context.session()).explain()` or the event `refused`; then `hallpass why` with that code.',
    example: `
      import { pipeline } from 'hallpass/server';
      import { createSessions } from 'hallpass/session';
      import { memoryStore } from 'hallpass/stores/memory';

      const app = pipeline({
        sessions: createSessions({ store: memoryStore() }),
      })(async (_request, context) => ({ user: await context.requireUser() }));
      const answer = await app(new Request('https://app.example.com/'));
      console.log(answer.status); // → 401
      console.log((await answer.json()).error); // → unauthenticated
    `,
    guide: 'server.md',
  },
  'prefetch-refused': {
    sentence:
      'A browser asked ahead of a visit for what signs somebody in or out, or rotates. Answered with 503.',
    why: 'A page had the browser prefetch or prerender a link, or the browser did so by itself, and the request says so (`Sec-Purpose: prefetch`). Nobody has clicked yet, so nothing was committed and no cookie was sent. No browser uses a 503 for the visit: it asks again.',
    fix: 'Nothing is lost. A link that signs out by a GET is better a form with POST, which no browser asks for ahead.',
    example: `
      import { pipeline } from 'hallpass/server';
      import { createSessions } from 'hallpass/session';
      import { memoryStore } from 'hallpass/stores/memory';

      const sessions = createSessions({ store: memoryStore() });
      const app = pipeline({ sessions })(async (_request, context) => {
        (await context.session()).login('guest');
        return new Response();
      });
      const headers = { 'sec-purpose': 'prefetch' };
      const answer = await app(new Request('https://a.test/guest', { headers }));
      console.log(answer.status); // → 503
      console.log((await answer.json()).error); // → prefetch-refused
    `,
    guide: 'server.md#prefetches',
  },
  'stale-authentication': {
    sentence: 'The route asks for a fresh sign-in, and this one is older. Answered with 403.',
    why: "`requireUser({ fresh: '5m' })` guards something dangerous, and the user gave the password longer ago than that. Having been active since does not count, nor does being remembered; a token does not tell when its user gave the password, so with tokens alone nobody is fresh.",
    fix: 'Ask for the password again and call `session.login(user)`; then repeat the request. If it comes up too often, guard fewer routes or raise `fresh`.',
    example: `
      import { pipeline } from 'hallpass/server';
      import { createSessions } from 'hallpass/session';
      import { memoryStore } from 'hallpass/stores/memory';
      import { testClock } from 'hallpass/testing';

      const clock = testClock();
      const sessions = createSessions({ store: memoryStore(), clock });
      const session = await sessions.open(null);
      session.login('ada');
      const cookie = (await sessions.commit(session))[0]?.split(';')[0] ?? '';
      clock.advance('10m');
      const app = pipeline({ sessions })(async (_request, context) => {
        return { user: await context.requireUser({ fresh: '5m' }) };
      });
      const request = new Request('https://a.test/', { headers: { cookie } });
      const answer = await app(request);
      console.log(answer.status); // → 403
      console.log((await answer.json()).error); // → stale-authentication
    `,
    guide: 'sessions.md#a-recent-sign-in',
  },
  'csrf-refused': {
    sentence: 'A request that changes state does not show that it comes from your pages. Answered with 403.',
    why: 'It may be a forged form on another site, which browsers would send with the cookies of the visitor. More often it is your own page at an address that `origins` does not list: another port, www, the name behind a proxy.',
    fix: "The answer, the event `csrf-refused` and, in development, the console say which origin came and by which reason, such as csrf-foreign-origin, it was refused. Mostly it is one line: `origins: ['https://app.example.com']`. `csrf: { mode: 'report' }` refuses nothing while you look.",
    example: `
      import { pipeline } from 'hallpass/server';

      const url = 'https://app.example.com/';
      const headers = { origin: 'https://www.example.com', cookie: 'a=1' };
      const post = () => new Request(url, { method: 'POST', headers });
      const [strict, open] = [[], ['https://www.example.com']].map((origins) =>
        pipeline({ origins, onEvent() {} })(() => new Response('done')),
      );
      const answer = await strict!(post());
      console.log(answer.status); // → 403
      console.log((await answer.json()).error); // → csrf-refused
      console.log((await open!(post())).status); // → 200
    `,
    guide: 'faq.md#every-post-of-my-own-pages-is-a-403-csrf-refused',
  },
  'too-many-attempts': {
    sentence:
      'A throttle has counted as many sign-ins as it lets through. Answered with 429 and Retry-After.',
    why: 'Somebody guesses passwords: of this user, or from this network, an IPv6 /64 being one. Or many people sit behind one address, or a program signs in again and again where it could keep its session.',
    fix: 'Wait as long as Retry-After says. If people are refused, raise `perAddress` of `signInThrottle`, call `succeeded()` after each good sign-in, and count a browser that is known under a name of its own.',
    example: `
      import { signInThrottle } from 'hallpass/session';
      import { memoryStore } from 'hallpass/stores/memory';

      const perUser = { maxAttempts: 1, within: '60s' } as const;
      const throttle = signInThrottle({ store: memoryStore(), perUser });
      await (await throttle.attempt({ user: 'ada' })).succeeded();
      await throttle.attempt({ user: 'ada' });
      const again = throttle.attempt({ user: 'ada' });
      const refused = await again.catch((error) => error);
      console.log(refused.code); // → too-many-attempts
    `,
    guide: 'sessions.md#guessed-passwords',
  },
  'bad-request': {
    sentence: 'The request makes no sense as HTTP. Answered with 400, or 501 for its method.',
    why: 'Two Host headers came, the target names another host than Host, a header cannot be read, or the method is TRACE or CONNECT. Proxies and servers would disagree on what such a request means, and attacks live on that.',
    fix: 'Mend the client or the proxy that writes it; the message names what is wrong. From the open internet this is noise: leave it.',
    example: `
      import { once } from 'node:events';
      import { createServer, request } from 'node:http';
      import { json } from 'node:stream/consumers';
      import { toNodeListener } from 'hallpass/node';

      const server = createServer(toNodeListener(() => new Response('hello')));
      await once(server.listen(0, '127.0.0.1'), 'listening');
      const { port } = server.address() as { port: number };
      const sent = request({ port, host: '127.0.0.1', method: 'TRACE' }).end();
      const [answer] = await once(sent, 'response');
      const { error } = (await json(answer)) as { error: string };
      console.log(answer.statusCode, error); // → 501 bad-request
      server.close();
    `,
    guide: 'adapters.md#tonodelistener',
  },
};
