import { createHmac } from 'node:crypto';
import cookieSession from 'cookie-session';
import { describe, expect, it } from 'vitest';
import { adopting } from '../../tools/test/adopting.ts';
import { oldExpressApp } from '../../tools/test/old-app.ts';
import type { Shop } from '../../tools/test/shop.ts';
import { type FromCookieSessionOptions, fromCookieSession } from './index.ts';

const takeOver = ({ user, cart }: { user?: string; cart?: string[] }) => ({ user, data: { cart } });
const read = (more: Partial<FromCookieSessionOptions<Shop>> = {}) =>
  adopting(fromCookieSession<Shop>({ keys: ['key'], takeOver, ...more }));

const oldApp = (keys = ['key'], session: object = { user: 'ada', cart: ['tea', 'crème'] }) =>
  oldExpressApp(cookieSession({ keys }), () => session);

/** A cookie that the library's key signs, whatever stands in it. */
const signed = (value: string) =>
  `session=${value}; session.sig=${createHmac('sha1', 'key').update(`session=${value}`).digest('base64url')}`;
const base64 = (text: string | Uint8Array) => Buffer.from(text as string).toString('base64');

describe('a visitor of cookie-session', () => {
  it('is taken over, and both its cookies are expired in the answer', async () => {
    const { sessions } = read();
    const session = await sessions.open(await oldApp().signIn());
    expect([session.user, session.get('cart')]).toEqual(['ada', ['tea', 'crème']]);
    expect(await sessions.commit(session)).toEqual([
      'session=; Path=/; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT',
      'session.sig=; Path=/; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT',
      expect.stringMatching(/^__Host-session=/),
    ]);
  });

  it('stays signed in over parallel requests: each has a session, for two visitors may have the same cookie', async () => {
    const { together } = read();
    const { users, lines } = await together(await oldApp().signIn());
    expect(users).toEqual(['ada', 'ada']);
    expect(lines[0]?.at(-1)).not.toBe(lines[1]?.at(-1));
  });

  it('by each key of a rotation, and by no other', async () => {
    const cookie = await oldApp(['older']).signIn();
    expect(await read({ keys: ['newer', 'older'] }).outcome(cookie)).toBe('ada');
    expect(await read({ keys: 'newer' }).outcome(cookie)).toBe('unproved');
  });

  it('is nobody with a changed value or signature, or without one', async () => {
    const { outcome } = read();
    const cookie = await oldApp().signIn();
    const other = await oldApp(['key'], { user: 'bob' }).signIn();
    for (const forged of [
      cookie.replace('session=', 'session=A'),
      cookie.slice(0, -1),
      `${cookie.slice(0, -1)}é`,
      cookie.replace(/sig=.*/, 'sig='),
      cookie.replace(/; .*/, ''),
      other.replace(/sig=.*/, /sig=.*/.exec(cookie)?.[0] ?? ''),
      'session=; session.sig=',
    ]) {
      expect(await outcome(forged), forged).toBe('unproved');
    }
  });

  it('is nobody where what is signed is no session', async () => {
    const { outcome } = read();
    for (const value of [
      ...['null', '[]', '"ada"', '3', '{', '', '{"__proto__":{"user":"root"}}', '{"cart":[{"__proto__":1}]}'],
      Uint8Array.of(0x7b, 0xff, 0x7d),
    ].map(base64)) {
      expect(await outcome(signed(value)), value).toBe('malformed');
    }
    expect(await outcome(signed('!'))).toBe('malformed');
    for (const session of [{ user: 3 }, { user: '' }, { user: { toString: 1 } }]) {
      expect(await outcome(signed(base64(JSON.stringify(session))))).toBe('failed');
    }
  });

  it('is nobody where takeOver makes a text of a user that is not there', async () => {
    const { outcome } = read({ takeOver: (old) => ({ user: String(old.user) }) });
    for (const session of ['{}', '{"user":null}', '{"user":{}}']) {
      expect(await outcome(signed(base64(session)))).toBe('failed');
    }
    expect(await outcome(signed(base64('{"user":7}')))).toBe('7');
  });

  it('is nobody where takeOver throws, which an event tells', async () => {
    const { outcome } = read({ takeOver: (old) => ({ user: (old.user as string).trim() }) });
    expect(await outcome(signed(base64('{}')))).toBe('failed');
  });

  it.each([
    [undefined],
    [{ takeOver }],
    [{ keys: [], takeOver }],
    [{ keys: ['a', ''], takeOver }],
    [{ keys: 'a' }],
  ])('%j is misuse', (options) => {
    expect(() => fromCookieSession(options as never)).toThrow(TypeError);
  });
});
