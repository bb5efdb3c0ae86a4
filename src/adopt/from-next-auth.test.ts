import { encode as encode5 } from 'authjs/jwt';
import { CompactEncrypt } from 'jose';
import { encode as encode4 } from 'next-auth/jwt';
import { describe, expect, it } from 'vitest';
import { adopting } from '../../tools/test/adopting.ts';
import type { Shop } from '../../tools/test/shop.ts';
import { type FromNextAuthOptions, fromNextAuth } from './index.ts';

const secret = 'the secret of tests';
const takeOver = ({ sub, cart }: { sub?: string; cart?: string[] }) => ({ user: sub, data: { cart } });
const read = (more: Partial<FromNextAuthOptions<Shop>> = {}) =>
  adopting(fromNextAuth<Shop>({ secret, takeOver, ...more }));

interface Written {
  name?: string;
  secret?: string;
  maxAge?: number;
  token?: object;
}

const ada = { sub: 'ada', cart: ['tea', 'crème'] };

const versions = {
  'next-auth 4': {
    name: 'next-auth.session-token',
    write: ({ token = ada, ...given }: Written) =>
      encode4({ secret, ...given, token: token as { sub: string } }),
  },
  'Auth.js 5': {
    name: '__Secure-authjs.session-token',
    write: ({ name = '__Secure-authjs.session-token', token = ada, ...given }: Written) =>
      encode5({ secret, ...given, token: token as { sub: string }, salt: name }),
  },
};

/** A value over several cookies, of the size that both versions cut. */
const split = (name: string, value: string) =>
  (value.match(/.{1,3936}/g) ?? []).map((part, at) => `${name}.${at}=${part}`);

describe.each(Object.entries(versions))('a visitor of %s', (_, { name, write }) => {
  const cookie = async (given: Written = {}) => `${name}=${await write(given)}`;

  it('is taken over, and the cookie is expired in the answer', async () => {
    const { sessions } = read();
    const session = await sessions.open(await cookie());
    expect([session.user, session.get('cart')]).toEqual(['ada', ['tea', 'crème']]);
    const expired = expect.stringMatching(`^${name}=; .*Max-Age=0`);
    expect(await sessions.commit(session)).toEqual([expired, expect.stringMatching(/^__Host-session=/)]);
  });

  it('of parallel requests all go on in one session', async () => {
    const { together } = read();
    const { users, lines } = await together(await cookie());
    expect(users).toEqual(['ada', 'ada']);
    expect(lines[0]).toEqual(lines[1]);
  });

  it('by each of several secrets, and by no other', async () => {
    const older = await cookie({ secret: 'older' });
    expect(await read({ secret: ['newer', 'older'] }).outcome(older)).toBe('ada');
    expect(await read().outcome(older)).toBe('unproved');
  });

  it('under a name of its own', async () => {
    const { outcome } = read({ name: 'id' });
    expect(await outcome(`id=${await write({ name: 'id' })}`)).toBe('ada');
    expect((await read().sessions.open(`id=${await write({ name: 'id' })}`)).user).toBeUndefined();
  });

  it('until it expires, with the seconds that are allowed there', async () => {
    const { outcome, clock } = read();
    const old = await cookie({ maxAge: 3600 });
    clock.advance('60m');
    expect(await outcome(old)).toBe('ada');
    clock.advance('20s');
    expect(await outcome(old)).toBe('expired');
  });

  it('and not before its nbf', async () => {
    const { outcome, clock } = read();
    const token = { sub: 'ada', nbf: Math.floor(clock.now() / 1000) + 60 };
    const early = await cookie({ token });
    expect(await outcome(early)).toBe('expired');
    clock.advance('50s');
    expect(await outcome(early)).toBe('ada');
  });

  it('also split over several cookies, all of which are expired; without each of them, nobody', async () => {
    const { sessions, outcome } = read();
    const parts = split(name, await write({ token: { sub: 'ada', note: 'x'.repeat(6_000) } }));
    const session = await sessions.open(parts.join('; '));
    expect(session.user).toBe('ada');
    expect(await sessions.commit(session)).toHaveLength(parts.length + 1);
    expect(await outcome(parts.toReversed().join('; '))).toBe('ada');
    for (const [at] of parts.entries()) {
      expect(['malformed', 'unproved']).toContain(await outcome(parts.toSpliced(at, 1).join('; ')));
    }
    expect(await outcome(`${name}=${'a'.repeat(5_000)}`)).toBe('malformed');
  });

  it('is nobody with any part changed', async () => {
    const { outcome } = read();
    const parts = (await write({})).split('.');
    for (const [at, part] of parts.entries()) {
      const first = part.startsWith('A') ? 'B' : 'A';
      for (const changed of [`${first}${part.slice(1)}`, part.slice(0, -4), `${part}.`, `${part}A`]) {
        if (changed === part) continue;
        const reason = await outcome(`${name}=${parts.with(at, changed).join('.')}`);
        expect(['malformed', 'unproved'], `part ${at}`).toContain(reason);
      }
    }
    for (const value of ['', '....', 'e30....', 'a.b.c.d.e', 'x']) {
      expect(await outcome(`${name}=${value}`), value).toBe('malformed');
    }
  });

  it('is nobody where what is encrypted is no session', async () => {
    const { outcome } = read();
    expect(await outcome(await cookie({ token: JSON.parse('{"__proto__":{"sub":"root"}}') }))).toBe(
      'malformed',
    );
    for (const sub of [3, '', { a: 1 }])
      expect(await outcome(await cookie({ token: { sub } }))).toBe('failed');
  });
});

it('the first of the cookies that is good counts, as after an upgrade of next-auth', async () => {
  const old = `next-auth.session-token=${await versions['next-auth 4'].write({})}`;
  expect((await read().sessions.open(`authjs.session-token=x; ${old}`)).user).toBe('ada');
});

it('no other algorithm is believed', async () => {
  const key = new Uint8Array(32);
  for (const header of [
    { alg: 'A256KW', enc: 'A256GCM' },
    { alg: 'dir', enc: 'A128CBC-HS256' },
  ]) {
    const token = await new CompactEncrypt(new Uint8Array(2)).setProtectedHeader(header).encrypt(key);
    expect(await read().outcome(`next-auth.session-token=${token}`)).toBe('malformed');
  }
});

it.each([
  [undefined],
  [{ takeOver }],
  [{ secret: [], takeOver }],
  [{ secret: ['a', ''], takeOver }],
  [{ secret }],
])('%j is misuse', (options) => {
  expect(() => fromNextAuth(options as never)).toThrow(TypeError);
});
