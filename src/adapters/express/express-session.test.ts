import { inspect } from 'node:util';
import express, { type ErrorRequestHandler, type Request, type RequestHandler } from 'express';
import { expect, it } from 'vitest';
import { createSessions } from '../../session/index.ts';
import { memoryStore } from '../../store/memory/index.ts';
import { createTestClient } from '../../testing/index.ts';
import { type ExpressSession, type ExpressSessionOptions, expressSession, hallpass } from '../express.ts';

const own = 'https://shop.test';
const sessionOf = (req: Request) => (req as unknown as { session: ExpressSession }).session;
const showError: ErrorRequestHandler = (error, _req, res, _next) => void res.status(500).json(error.message);

/** A visitor of an app that does this at every POST, and at GET says who is signed in and what is kept. */
function visit(act: RequestHandler, options?: ExpressSessionOptions, before: RequestHandler[] = []) {
  const pass = hallpass({ sessions: createSessions({ store: memoryStore() }), origins: [own] });
  const app = express().set('env', 'test');
  app.use(pass, ...before, expressSession(pass, options));
  app.post('/', act);
  app.get('/', async (req, res) => {
    res.json({ user: (await pass.user(req)) ?? null, data: { ...sessionOf(req) } });
  });
  app.use(showError);
  return createTestClient(app as never, { baseUrl: own });
}

it('what is written is kept, nested changes too, and copies hold data alone', async () => {
  const visitor = visit((req, res) => {
    const session = sessionOf(req);
    session.counts ??= { views: 0 };
    (session.counts as { views: number }).views++;
    const keys = [];
    for (const key in session) keys.push(key);
    res.json([
      keys,
      'counts' in session,
      'save' in session,
      JSON.stringify(session),
      inspect(session).includes('views'),
    ]);
  });
  const expected = [['counts'], true, true, '{"counts":{"views":1}}', false];
  expect(await visitor.post('/').json()).toEqual(expected);
  await visitor.post('/');
  expect(await visitor.get('/').json()).toEqual({ user: null, data: { counts: { views: 2 } } });
});

it('save signs in whom the data names, once, by a text or a number', async () => {
  let logins = 0;
  const user: ExpressSessionOptions['user'] = ({ account }) => account;
  const visitor = visit(
    (req, res, next) => {
      const session = sessionOf(req);
      session.account = 7;
      logins++;
      session.save((error) => (error ? next(error) : session.touch().save(() => res.json(session.id))));
    },
    { user },
  );
  await visitor.post('/');
  const { headers } = await visitor.post('/');
  expect(headers.getSetCookie()).toEqual([]); // Signed in already.
  expect(await visitor.get('/').json()).toEqual({ user: '7', data: { account: 7 } });
  expect(logins).toBe(2);
});

it('a user that is no text is an error that says the fix', async () => {
  const visitor = visit((req, res, next) => {
    sessionOf(req).passport = { user: { id: 'ada' } };
    sessionOf(req).save((error) => (error ? next(error) : res.json('saved')));
  });
  expect(await visitor.post('/').then((answer) => answer.text())).toMatch(/let serializeUser give the id/);
});

it('regenerate leaves the session of before as it was, to be copied from, and nothing else of it', async () => {
  const visitor = visit((req, res) => {
    const before = sessionOf(req);
    before.cart = 'tea';
    before.regenerate(() => {
      const after = sessionOf(req);
      before.late = true;
      res.json([before === after, before.cart, after.cart ?? null, after.late ?? null]);
    });
  });
  expect(await visitor.post('/').json()).toEqual([false, 'tea', null, null]);
});

it('cookie and sessionID are there to be read; who sets the cookie reads what to do', async () => {
  const visitor = visit((req, res) => {
    const session = sessionOf(req);
    const refused = [
      () => Object.assign(session.cookie, { maxAge: 60_000 }),
      () => Object.assign(session, { cookie: {} }),
    ];
    const errors = refused.map((act) => {
      try {
        return act();
      } catch (error) {
        return (error as Error).message;
      }
    });
    const { sessionID } = req as unknown as { sessionID: string };
    const { expires } = session.cookie;
    session.seen = true;
    res.json([errors, sessionID === session.id && sessionID !== '', expires > new Date()]);
  });
  await visitor.post('/');
  const refusal = expect.stringMatching(/login\(user, \{ remember: true \}\)/);
  expect(await visitor.post('/').json()).toEqual([[refusal, refusal], true, true]);
});

it('"remember me" is a login of ours behind that of the bridge', async () => {
  const pass = hallpass({ sessions: createSessions({ store: memoryStore() }), origins: [own] });
  const app = express().use(pass, expressSession(pass, { user: ({ account }) => account }));
  app.post('/', (req, res) => {
    sessionOf(req).account = 'ada';
    sessionOf(req).save(async () => {
      (await pass.session(req)).login('ada', { remember: true });
      res.json(sessionOf(req).account);
    });
  });
  const answer = await createTestClient(app as never, { baseUrl: own }).post('/');
  expect([await answer.json(), answer.headers.getSetCookie()]).toEqual([
    'ada',
    [expect.stringContaining('Max-Age=2592000')],
  ]);
});

it('destroy ends the session: there is none any more, and no cookie', async () => {
  const visitor = visit(
    (req, res) => {
      const session = sessionOf(req);
      if (session.account === undefined) {
        session.account = 'ada';
        session.save(() => res.json('in'));
      } else session.destroy(() => res.json(sessionOf(req) === undefined));
    },
    { user: ({ account }) => account },
  );
  await visitor.post('/');
  expect(((await visitor.get('/').json()) as { user: string }).user).toBe('ada');
  expect(await visitor.post('/').json()).toBe(true);
  expect(visitor.jar.header(own)).toBe('');
});

it('after the answer has begun a callback gets the error', async () => {
  const errors: unknown[] = [];
  const visitor = visit((req, res) => {
    sessionOf(req).x = 1;
    res.json('sent');
    res.on('finish', () => sessionOf(req).regenerate((error) => errors.push(error)));
  });
  await visitor.post('/');
  await visitor.get('/');
  expect(errors).toMatchObject([{ name: 'TypeError' }]);
});

it('stands where it was mounted twice, and not beside express-session', async () => {
  const pass = hallpass({ sessions: createSessions({ store: memoryStore() }) });
  const twice = express().use(
    pass,
    expressSession(pass),
    expressSession(pass),
    (req, res) => void res.json(sessionOf(req).id),
  );
  expect(
    await createTestClient(twice as never)
      .get('/')
      .json(),
  ).toBe('');
  const theirs: RequestHandler = (req, _res, next) => {
    Object.assign(req, { session: {} });
    next();
  };
  const beside = visit((_req, res) => void res.json('reached'), {}, [theirs]);
  expect(await beside.post('/').then((answer) => answer.text())).toMatch(/not both/);
});
