import expressSession from 'express-session';
import { describe, expect, it } from 'vitest';
import { adopting } from '../../tools/test/adopting.ts';
import { oldExpressApp } from '../../tools/test/old-app.ts';
import { Browser, type Shop, shop } from '../../tools/test/shop.ts';
import { fromExpressSession } from './index.ts';

type Old = { user?: string; cart?: string[] };

/** An application on express-session itself, and what its visitors have. */
function oldApp(options: { secret?: string[]; name?: string } = {}) {
  const store = new expressSession.MemoryStore();
  const secret = 'keyboard cat';
  const use = expressSession({ secret, store, resave: false, saveUninitialized: false, ...options });
  const left = () => new Promise((resolve) => store.length((_, count) => resolve(count)));
  return { store, secret, left, ...oldExpressApp(use, () => ({ user: 'ada', cart: ['tea'] })) };
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
    const { signIn, store } = oldApp({ secret: ['older'], name: 'sid' });
    const adopt = fromExpressSession<Shop>({ store, secret: ['newer', 'older'], name: 'sid', takeOver });
    expect((await shop({ adopt }).sessions.open(await signIn())).user).toBe('ada');
    const wrong = fromExpressSession<Shop>({ store, secret: 'newer', name: 'sid', takeOver });
    expect((await shop({ adopt: wrong }).sessions.open(await signIn())).user).toBeUndefined();
  });

  it('is nobody with a changed, unsigned or unknown id', async () => {
    const { store, secret, signIn } = oldApp();
    const { outcome } = adopting(fromExpressSession<Shop>({ secret, store, takeOver }));
    const cookie = decodeURIComponent(await signIn());
    const [id = ''] = /(?<=s:)[^.]+/.exec(cookie) ?? [];
    const of = (value: string) => outcome(`connect.sid=${encodeURIComponent(value)}`);
    for (const value of [`s:${id}`, id, `s:${id}.`, 's:', '']) expect(await of(value)).toBe('malformed');
    for (const value of [`s:x${cookie.slice('connect.sid=s:'.length)}`, `s:${id}.${'A'.repeat(43)}`]) {
      expect(await of(value)).toBe('unproved');
    }
    store.destroy(id);
    expect(await outcome(cookie)).toBe('unknown');
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

  it.each([[undefined], [{ takeOver }], [{ secret: '', takeOver }], [{ secret: 'a', takeOver }]])(
    '%j is misuse',
    (options) => {
      expect(() => fromExpressSession(options as never)).toThrow(TypeError);
    },
  );
});
