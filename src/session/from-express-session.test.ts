import express from 'express';
import expressSession from 'express-session';
import { describe, expect, it } from 'vitest';
import { Browser, type Shop, shop } from '../../tools/test/shop.ts';
import { fromNodeListener } from '../adapters/node.ts';
import { fromExpressSession } from './index.ts';

type Old = { user?: string; cart?: string[] };

/** An application on express-session itself, and what its visitors have. */
function oldApp(options: { secret?: string[]; name?: string } = {}) {
  const store = new expressSession.MemoryStore();
  const secret = 'keyboard cat';
  const app = express();
  app.use(expressSession({ secret, store, resave: false, saveUninitialized: false, ...options }));
  app.post('/sign-in', (req, res) => {
    Object.assign((req as unknown as { session: object }).session, { user: 'ada', cart: ['tea'] });
    res.send('done');
  });
  const send = fromNodeListener(app);
  const signIn = async () => {
    const response = await send(new Request('https://shop.test/sign-in', { method: 'POST' }));
    return response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  };
  const left = () => new Promise((resolve) => store.length((_, count) => resolve(count)));
  return { store, secret, signIn, left };
}

const takeOver = ({ user, cart }: Old) => ({ user, data: { cart } });

describe('a visitor of express-session', () => {
  it('is taken over by its own cookie and store, and its session there ends after the grace', async () => {
    const { store, secret, signIn, left } = oldApp();
    const { sessions, clock } = shop({ adopt: fromExpressSession<Shop>({ secret, store, takeOver }) });
    const cookie = await signIn();
    const browser = new Browser(sessions, cookie);
    await browser.visit();
    expect(browser.cookie).toMatch(/^__Host-session=/);
    const session = await browser.open();
    expect([session.user, session.get('cart')]).toEqual(['ada', ['tea']]);
    expect(await left()).toBe(1);
    clock.advance('60s');
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(await left()).toBe(0);
    expect((await sessions.open(cookie)).user).toBeUndefined();
  });

  it('by any of several secrets, and under another name', async () => {
    const old = oldApp({ secret: ['older'], name: 'sid' });
    const adopt = fromExpressSession<Shop>({ ...old, secret: ['newer', 'older'], name: 'sid', takeOver });
    expect((await shop({ adopt }).sessions.open(await old.signIn())).user).toBe('ada');
    const wrong = fromExpressSession<Shop>({ ...old, secret: 'newer', name: 'sid', takeOver });
    expect((await shop({ adopt: wrong }).sessions.open(await old.signIn())).user).toBeUndefined();
  });

  it('is nobody with a changed, unsigned or unknown id', async () => {
    const { store, secret, signIn } = oldApp();
    const { sessions } = shop({ adopt: fromExpressSession<Shop>({ secret, store, takeOver }) });
    const cookie = decodeURIComponent(await signIn());
    const [id = ''] = /(?<=s:)[^.]+/.exec(cookie) ?? [];
    for (const value of [
      `s:${id}`,
      id,
      `s:${id}.`,
      `s:x${cookie.slice('connect.sid=s:'.length)}`,
      `s:${id}.${'A'.repeat(43)}`,
      's:',
      '',
    ]) {
      expect((await sessions.open(`connect.sid=${encodeURIComponent(value)}`)).user).toBeUndefined();
    }
  });

  it('an old store that is away is a 503', async () => {
    const { secret, signIn } = oldApp();
    const store = {
      get: (_: string, done: (error: unknown) => void) => done(new Error('away')),
      destroy() {},
    };
    const { sessions } = shop({ adopt: fromExpressSession<Shop>({ secret, store, takeOver }) });
    await expect(sessions.open(await signIn())).rejects.toMatchObject({ status: 503 });
  });

  it.each([[undefined], [{ secret: [] }], [{ secret: '' }], [{ secret: 'a' }]])('%j is misuse', (options) => {
    expect(() => fromExpressSession(options as never)).toThrow(TypeError);
  });
});
