import { getIronSession, sealData } from 'iron-session';
import { sealData as sealData8 } from 'iron-session8';
import { describe, expect, it } from 'vitest';
import { adopting } from '../../tools/test/adopting.ts';
import { cookieHeader } from '../../tools/test/old-app.ts';
import type { Shop } from '../../tools/test/shop.ts';
import { type FromIronSessionOptions, fromIronSession } from './index.ts';

const password = { 1: 'the first password, 32 characters', 2: 'the second password, 32 characters' };
const takeOver = ({ user, cart }: { user?: string; cart?: string[] }) => ({ user, data: { cart } });
const read = (more: Partial<FromIronSessionOptions<Shop>> = {}) =>
  adopting(fromIronSession<Shop>({ password, name: 'sid', takeOver, ...more }));

/** What a browser has that signed in to an application on iron-session. */
async function signIn(options: object = {}, session: object = { user: 'ada', cart: ['tea', 'crème'] }) {
  const response = new Response();
  const given = { password, cookieName: 'sid', ...options };
  const old = await getIronSession<object>(new Request('https://shop.test/'), response, given);
  await Object.assign(old, session).save();
  return cookieHeader(response);
}

describe('a visitor of iron-session', () => {
  it('is taken over, and the cookie is expired in the answer', async () => {
    const { sessions } = read();
    const session = await sessions.open(await signIn());
    expect([session.user, session.get('cart')]).toEqual(['ada', ['tea', 'crème']]);
    expect(await sessions.commit(session)).toEqual([
      'sid=; Path=/; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT',
      expect.stringMatching(/^__Host-session=/),
    ]);
  });

  it('of parallel requests all go on in one session', async () => {
    const { together } = read();
    const { users, lines } = await together(await signIn());
    expect(users).toEqual(['ada', 'ada']);
    expect(lines[0]).toEqual(lines[1]);
  });

  it('of version 8 too', async () => {
    expect(await read().outcome(`sid=${await sealData8({ user: 'ada' }, { password })}`)).toBe('ada');
  });

  it('by each password of a rotation, which the seal names, and by no other', async () => {
    const first = await signIn({ password: password[1] });
    expect(await read().outcome(first)).toBe('ada');
    expect(await read({ password: { 2: password[2] } }).outcome(first)).toBe('unproved');
    expect(await read({ password: password[2] }).outcome(first)).toBe('unproved');
  });

  it('until the seal expires, with the minute that iron allows', async () => {
    const { outcome, clock } = read();
    const cookie = await signIn({ ttl: 3600 });
    clock.advance('59m');
    expect(await outcome(cookie)).toBe('ada');
    clock.advance('3m');
    expect(await outcome(cookie)).toBe('expired');
    clock.advance('365d');
    expect(await outcome(await signIn({ ttl: 0 }))).toBe('ada');
  });

  it('also when the session is split over several cookies, all of which are expired', async () => {
    const { sessions, outcome } = read();
    const cookie = await signIn({ chunk: true }, { user: 'ada', note: 'x'.repeat(7_000) });
    const session = await sessions.open(cookie);
    expect(session.user).toBe('ada');
    const expired = (await sessions.commit(session)).slice(0, -1).map((line) => line.split('=')[0]);
    expect(expired).toEqual(cookie.split('; ').map((pair) => pair.split('=')[0]));
    expect(expired.length).toBeGreaterThan(1);
    const parts = cookie.split('; ');
    for (const left of [
      parts.slice(1),
      parts.slice(0, -1),
      [parts[1]?.replace('.1', '.0'), parts[0]?.replace('.0', '.1')],
    ]) {
      expect(await outcome(left.join('; '))).not.toBe('ada');
    }
  });

  it('is nobody with any part of the seal changed', async () => {
    const { outcome } = read();
    const cookie = await signIn({ password });
    const parts = cookie.slice('sid='.length).split('*');
    const of = (changed: string[]) => outcome(`sid=${changed.join('*')}`);
    for (const [at, part] of parts.entries()) {
      const first = part[0] === 'A' ? 'B' : 'A';
      const reason = await of(parts.with(at, at === 5 ? `1${part}` : `${first}${part.slice(1)}`));
      expect(['unproved', 'malformed'], `part ${at}`).toContain(reason);
      expect(['unproved', 'malformed']).toContain(await of(parts.with(at, '')));
    }
    expect(await of(parts.with(1, '__proto__'))).toBe('unproved');
    expect(await of(['Fe26.2', ...parts])).toBe('malformed');
    for (const value of ['', 'x', 'Fe26.2*******', '~2', 'a'.repeat(5_000)]) {
      expect(await outcome(`sid=${value}`), value).toBe('malformed');
    }
  });

  it('is nobody where what is sealed is no session', async () => {
    const { outcome } = read();
    for (const sealed of [null, [], 'ada', 3, JSON.parse('{"a":{"__proto__":{"user":"root"}}}')]) {
      expect(await outcome(`sid=${await sealData8(sealed, { password })}`)).toBe('malformed');
    }
    for (const user of [3, '', { a: 1 }]) {
      expect(await outcome(`sid=${await sealData({ user }, { password })}`)).toBe('failed');
    }
  });

  it.each([
    [undefined],
    [{ name: 'a', takeOver }],
    [{ name: 'a', password: 'short', takeOver }],
    [{ password, takeOver }],
    [{ name: 'a', password }],
  ])('%j is misuse', (options) => {
    expect(() => fromIronSession(options as never)).toThrow(TypeError);
  });
});
