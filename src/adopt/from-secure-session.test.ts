import { createRequire } from 'node:module';
import fastify from 'fastify';
import sodium from 'sodium-native';
import { describe, expect, it } from 'vitest';
import { adopting } from '../../tools/test/adopting.ts';
import type { Shop } from '../../tools/test/shop.ts';
import { type FromSecureSessionOptions, fromSecureSession } from './index.ts';

// Its types say another `request.session` than those of @fastify/session, which other programs here use.
const secureSession = createRequire(import.meta.url)('@fastify/secure-session');
const key = Buffer.alloc(32, 'a key');
const takeOver = ({ user, cart }: { user?: string; cart?: string[] }) => ({ user, data: { cart } });
const read = (more: Partial<FromSecureSessionOptions<Shop>> = { key }) =>
  adopting(fromSecureSession<Shop>({ sodium, takeOver, ...more }));

/** What a browser has that signed in to an application on @fastify/secure-session. */
async function signIn(
  options: object = { key },
  session: object = { user: 'ada', cart: ['tea', 'crème'] },
): Promise<string> {
  const app = fastify();
  await app.register(secureSession, options);
  app.post('/sign-in', async (request) => {
    const { session: old } = request as unknown as { session: { set(key: string, value: unknown): void } };
    for (const [name, value] of Object.entries(session)) old.set(name, value);
    return 'done';
  });
  const { headers } = await app.inject({ method: 'POST', url: '/sign-in' });
  await app.close();
  return String(headers['set-cookie']).split(';', 1)[0] ?? '';
}

/** A cookie by the library's key, whatever stands in it. */
function boxed(text: string | Uint8Array): string {
  const message = Buffer.from(text as string);
  const [cipher, nonce] = [Buffer.alloc(message.length + 16), Buffer.alloc(24, 'nonce')];
  sodium.crypto_secretbox_easy(cipher, message, nonce, key);
  return `session=${cipher.toString('base64')}%3B${nonce.toString('base64')}`;
}

describe('a visitor of @fastify/secure-session', () => {
  it('is taken over, and the cookie is expired in the answer', async () => {
    const { sessions } = read();
    const session = await sessions.open(await signIn());
    expect([session.user, session.data]).toEqual(['ada', { cart: ['tea', 'crème'] }]);
    expect(await sessions.commit(session)).toEqual([
      'session=; Path=/; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT',
      expect.stringMatching(/^__Host-session=/),
    ]);
  });

  it('of parallel requests all go on in one session', async () => {
    const { together } = read();
    const { users, lines } = await together(await signIn());
    expect(users).toEqual(['ada', 'ada']);
    expect(lines[0]).toEqual(lines[1]);
  });

  it('by each of several keys, and by no other', async () => {
    const newer = Buffer.alloc(32, 'a newer key').toString('base64');
    const cookie = await signIn({ key });
    expect(await read({ key: [newer, key] }).outcome(cookie)).toBe('ada');
    expect(await read({ key: newer }).outcome(cookie)).toBe('unproved');
  });

  it('by a secret and its salt', async () => {
    const secret = 'a secret of at least thirty-two bytes';
    const salt = 'sixteen bytes ok';
    const cookie = await signIn({ secret, salt, cookieName: 'sid' });
    expect(await read({ secret, salt, name: 'sid' }).outcome(cookie)).toBe('ada');
    expect(await read({ secret, name: 'sid' }).outcome(cookie)).toBe('unproved');
  });

  it('until it expires', async () => {
    const { outcome, clock } = read({ key, expiry: 3600 });
    const cookie = await signIn();
    clock.advance('59m');
    expect(await outcome(cookie)).toBe('ada');
    clock.advance('61s');
    expect(await outcome(cookie)).toBe('expired');
    expect(await outcome(boxed('{"user":"ada"}'))).toBe('expired');
    expect(await outcome(boxed('{"user":"ada","__ts":"9999999999"}'))).toBe('expired');
  });

  it('is nobody with any part changed', async () => {
    const { outcome } = read();
    const parts = (await signIn()).slice('session='.length).split('%3B');
    const other = (await signIn()).split('%3B');
    const of = (changed: string[]) => outcome(`session=${changed.join('%3B')}`);
    for (const [at, part] of parts.entries()) {
      // The first octet may be written as %2B or %2F.
      const changed = part.replace(/^(?:%..|.)/, part.startsWith('A') ? 'B' : 'A');
      expect(await of(parts.with(at, changed))).toBe('unproved');
      expect(await of(parts.toSpliced(at, 1))).toBe('malformed');
      expect(await of(parts.with(at, ''))).toBe('malformed');
    }
    expect(await of(parts.with(1, other[1] ?? ''))).toBe('unproved');
    expect(await of([...parts, ''])).toBe('malformed');
    for (const value of ['', 'x', ';', 'a'.repeat(5_000)]) expect(await of([value])).toBe('malformed');
  });

  it('is nobody where what is in the box is no session', async () => {
    const { outcome } = read();
    const now = Math.round(Date.now() / 1000);
    for (const text of [
      'null',
      '[]',
      '"ada"',
      '',
      '{',
      `{"__ts":${now},"a":{"__proto__":{"user":"root"}}}`,
    ]) {
      expect(await outcome(boxed(text)), text).toBe('malformed');
    }
    expect(await outcome(boxed(Uint8Array.of(0xff)))).toBe('malformed');
    for (const user of [3, '', { a: 1 }]) {
      expect(await outcome(boxed(JSON.stringify({ user, __ts: now })))).toBe('failed');
    }
  });

  it.each([
    [undefined],
    [{ key, takeOver }],
    [{ sodium, takeOver }],
    [{ sodium, takeOver, key: [] }],
    [{ sodium, takeOver, key: 'c2hvcnQ=' }],
    [{ sodium, takeOver, key: { length: 32 } }],
    [{ sodium, takeOver, secret: 'short' }],
    [{ sodium, takeOver, secret: 'a secret of at least thirty-two bytes', salt: 'short' }],
    [{ sodium, takeOver, key, expiry: Number.NaN }],
    [{ sodium, takeOver, key, expiry: 86_400_000 }],
    [{ sodium, key }],
  ])('misuse', (options) => {
    expect(() => fromSecureSession(options as never)).toThrow(TypeError);
  });
});
