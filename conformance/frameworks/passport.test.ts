import express, { type NextFunction, type Request, type Response } from 'express';
import express4 from 'express4';
import { expressSession, hallpass } from 'hallpass/express';
import { createSessions } from 'hallpass/session';
import { memoryStore } from 'hallpass/stores/memory';
import { createTestClient } from 'hallpass/testing';
import { Passport } from 'passport';
import { Strategy } from 'passport-local';
import { describe, expect, it } from 'vitest';

const own = 'https://shop.test';

/** A request as passport and the bridge make it. */
type PassportRequest = Request & {
  session: Record<string, unknown> & { regenerate(done: (error?: unknown) => void): void; id: string };
  user?: { name: string };
  isAuthenticated(): boolean;
  login(user: object, options: object, done: (error?: unknown) => void): void;
  logout(options: object, done: (error?: unknown) => void): void;
};
const of = (req: Request) => req as PassportRequest;

/** An app with passport over sessions of ours. */
function visitShop(make: typeof express) {
  const sessions = createSessions({ store: memoryStore() });
  const pass = hallpass({ sessions, origins: [own] });
  const passport = new Passport();
  passport.use(
    new Strategy((name, password, done) => {
      if (password === 'right') done(null, { name });
      else done(null, false, { message: `No, ${name}.` });
    }),
  );
  passport.serializeUser<string>((user, done) => done(null, (user as { name: string }).name));
  passport.deserializeUser((name, done) => done(null, { name }));

  const app = make();
  app.use(pass, expressSession(pass), passport.session());
  app.use(make.urlencoded({ extended: false }));
  const keepSessionInfo = true;
  app.post(
    '/login',
    passport.authenticate('local', {
      successRedirect: '/me',
      failureRedirect: '/sorry',
      failureMessage: true,
    }),
  );
  app.post('/login-and-keep', passport.authenticate('local', { successRedirect: '/me', keepSessionInfo }));
  app.post('/cart', (req, res) => {
    const { session } = of(req);
    session.cart = [...((session.cart as string[]) ?? []), req.body.what];
    res.json(session.cart);
  });
  app.get('/sorry', (req, res) => {
    const { messages } = of(req).session;
    delete of(req).session.messages;
    res.json({ messages });
  });
  app.get('/me', async (req, res) => {
    const { user, session } = of(req);
    res.json({
      passport: user?.name ?? null,
      ours: (await pass.user(req)) ?? null,
      cart: session.cart ?? null,
    });
  });
  const end = (res: Response, next: NextFunction) => (error?: unknown) =>
    error ? next(error) : res.json({ done: true });
  app.post('/logout', (req, res, next) => of(req).logout({}, end(res, next)));
  app.post('/logout-and-keep', (req, res, next) => of(req).logout({ keepSessionInfo }, end(res, next)));
  const visitor = () => createTestClient(app as never, { baseUrl: own });
  return { visitor, sessions };
}

const form = (username: string, password: string) => ({ body: new URLSearchParams({ username, password }) });
const put = (what: string) => ({ body: new URLSearchParams({ what }) });
const nobody = { passport: null, ours: null, cart: null };

describe.each([
  ['Express 5', express],
  ['Express 4', express4],
])('passport over hallpass, on %s', (_, make) => {
  it('login signs in, here and there, under a new cookie; the session of before is ended and its data gone', async () => {
    const { visitor, sessions } = visitShop(make);
    const ada = visitor();
    await ada.post('/cart', put('tea'));
    const before = ada.jar.header(own);
    expect(await ada.post('/login', form('ada', 'right')).json()).toEqual({
      passport: 'ada',
      ours: 'ada',
      cart: null,
    });
    expect(ada.jar.header(own)).not.toBe(before);
    expect(await (await visitor().get('/me', { headers: { cookie: before } })).json()).toEqual(nobody);
    expect((await sessions.list('ada')).length).toBe(1);
  });

  it('a session that somebody planted is not signed in by its victim', async () => {
    const { visitor } = visitShop(make);
    const mallory = visitor();
    await mallory.post('/cart', put('trap'));
    const planted = mallory.jar.header(own);
    const victim = visitor();
    await victim.post('/login', { ...form('ada', 'right'), headers: { cookie: planted } });
    expect(await mallory.get('/me').json()).toEqual(nobody);
    expect(((await victim.get('/me').json()) as { ours: string }).ours).toBe('ada');
  });

  it('keepSessionInfo keeps the data, through login and logout', async () => {
    const { visitor } = visitShop(make);
    const ada = visitor();
    await ada.post('/cart', put('tea'));
    await ada.post('/login-and-keep', form('ada', 'right'));
    await ada.post('/cart', put('milk'));
    expect(await ada.get('/me').json()).toEqual({ passport: 'ada', ours: 'ada', cart: ['tea', 'milk'] });
    const signedIn = ada.jar.header(own);
    await ada.post('/logout-and-keep');
    expect(await ada.get('/me').json()).toEqual({ ...nobody, cart: ['tea', 'milk'] });
    expect(await (await visitor().get('/me', { headers: { cookie: signedIn } })).json()).toEqual(nobody);
  });

  it('logout ends the session: a copy of its cookie is nobody', async () => {
    const { visitor, sessions } = visitShop(make);
    const ada = visitor();
    await ada.post('/login', form('ada', 'right'));
    const signedIn = ada.jar.header(own);
    expect(await ada.post('/logout').json()).toEqual({ done: true });
    expect(await ada.get('/me').json()).toEqual(nobody);
    expect(await (await visitor().get('/me', { headers: { cookie: signedIn } })).json()).toEqual(nobody);
    expect(await sessions.list('ada')).toEqual([]);
  });

  it('another login in the same browser leaves nothing of the first', async () => {
    const { visitor, sessions } = visitShop(make);
    const browser = visitor();
    await browser.post('/login', form('ada', 'right'));
    await browser.post('/cart', put('tea'));
    expect(await browser.post('/login', form('bob', 'right')).json()).toEqual({
      passport: 'bob',
      ours: 'bob',
      cart: null,
    });
    expect([(await sessions.list('ada')).length, (await sessions.list('bob')).length]).toEqual([0, 1]);
  });

  it('what was wrong is told once, by failureMessage', async () => {
    const { visitor } = visitShop(make);
    const eve = visitor();
    expect(await eve.post('/login', form('eve', 'wrong')).json()).toEqual({ messages: ['No, eve.'] });
    expect(await eve.get('/sorry').json()).toEqual({});
  });
});
