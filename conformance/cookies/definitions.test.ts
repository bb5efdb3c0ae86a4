import { defineCookie } from 'hallpass';
import { CookieJar } from 'hallpass/jar';
import { generateKey, keyRing, sealed, signed } from 'hallpass/seal';
import { createSessions } from 'hallpass/session';
import { memoryRevocations, memoryStore } from 'hallpass/stores/memory';
import { testClock } from 'hallpass/testing';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';

const url = 'https://www.example.com/';

/** A browser: its jar, and a clock to move. */
function browser() {
  const clock = testClock(Date.parse('2026-11-21T00:00:00Z'));
  const jar = new CookieJar({ clock });
  const facts = (name: string) => {
    const { value: _, ...rest } = jar.get(name, url) ?? { value: '' };
    return rest;
  };
  return { clock, jar, facts };
}

describe('a defined cookie, from the server to a jar and back', () => {
  it('S70: an update replaces the value and nothing else', () => {
    const { jar, facts } = browser();
    const theme = defineCookie('theme', { schema: z.enum(['dark', 'light']), maxAge: '1h' });
    jar.set(theme.serialize('dark'), url);
    const before = facts('theme');
    expect(before).toMatchObject({ httpOnly: true, secure: true, sameSite: 'lax', path: '/' });
    jar.set(theme.serialize(theme.read(jar.header(url)) === 'dark' ? 'light' : 'dark'), url);
    expect(theme.read(jar.header(url))).toBe('light');
    expect(facts('theme')).toEqual(before);
  });

  it('S61, S99: lives for the seconds of its Max-Age, whatever Expires says', () => {
    const { jar, clock } = browser();
    const past = new Date(0);
    jar.set(defineCookie('a', { maxAge: 3_600, expires: past }).serialize('1'), url);
    clock.advance(3_599);
    expect(jar.header(url)).toBe('a=1');
    clock.advance(1);
    expect(jar.header(url)).toBe('');
  });

  it('S62: lives until its Expires, an instant whatever the zone it was written in', () => {
    const { jar, clock } = browser();
    const expires = new Date('2026-11-21T03:00:00+02:00');
    const line = defineCookie('a', { expires }).serialize('1');
    expect(line).toMatch(/; Expires=Sat, 21 Nov 2026 01:00:00 GMT$/);
    jar.set(line, url);
    clock.advance('59m');
    expect(jar.header(url)).toBe('a=1');
    clock.advance('1m');
    expect(jar.header(url)).toBe('');
  });

  it('S100, S101: is for its host alone, unless a Domain widens it', () => {
    const { jar } = browser();
    jar.set(defineCookie('own').serialize('1'), 'https://api.example.com/');
    jar.set(defineCookie('wide', { domain: 'example.com' }).serialize('1'), 'https://api.example.com/');
    expect(jar.header('https://api.example.com/')).toBe('own=1; wide=1');
    expect(jar.header('https://frontend.example.com/')).toBe('wide=1');
  });

  it('X7: any value comes back as it was, in text and in JSON', () => {
    const { jar } = browser();
    const odd = '日本 "q" \\ ;=, \u{1F600} 100% %41';
    const text = defineCookie('text');
    const json = defineCookie('json', { format: 'json' });
    jar.set(text.serialize(odd), url);
    jar.set(json.serialize({ odd }), url);
    expect(text.read(jar.header(url))).toBe(odd);
    expect(json.read(jar.header(url))).toEqual({ odd });
  });

  it('S94, S95: is optional to read, and 422 to require', () => {
    const { jar } = browser();
    const id = defineCookie('session_id', { schema: z.string().min(1) });
    expect(id.read(jar.header(url))).toBeUndefined();
    expect(() => id.require(jar.header(url))).toThrow(expect.objectContaining({ status: 422 }));
    jar.set('session_id=; Secure', url);
    expect(() => id.require(jar.header(url))).toThrow(expect.objectContaining({ status: 422 }));
  });
});

describe.each([
  ['signed', signed],
  ['sealed', sealed],
] as const)('S127: a %s cookie', (kind, codec) => {
  const ring = keyRing(generateKey());
  const role = defineCookie('role', { codec: codec(ring), schema: z.enum(['user', 'admin']) });

  it('comes back from a jar as it was', async () => {
    const { jar } = browser();
    jar.set(await role.serialize('user'), url);
    expect(await role.read(jar.header(url))).toBe('user');
  });

  it('S102: is readable by nobody else exactly when it is sealed', async () => {
    const secret = defineCookie('secret', { codec: codec(ring) });
    const value = 'account number 4711';
    const line = await secret.serialize(value);
    const texts = line.split(/[=;.~]/).flatMap((part) => [part, Buffer.from(part, 'base64url').toString()]);
    expect(texts.some((text) => decodeURIComponent(text.replaceAll('%', '%25')).includes('4711'))).toBe(
      kind === 'signed',
    );
  });

  it.each<[string, (pair: string) => string | Promise<string>]>([
    ['changed', (pair) => pair.replace(/.{4}$/, (end) => (end === 'AAAA' ? 'BBBB' : 'AAAA'))],
    ['cut short', (pair) => pair.slice(0, -1)],
    ['bare', () => 'role=admin'],
    [
      'of another name',
      async () =>
        (await defineCookie('other', { codec: codec(ring) }).serialize('admin')).replace('other=', 'role='),
    ],
    [
      'of another ring',
      () => defineCookie('role', { codec: codec(keyRing(generateKey())) }).serialize('admin'),
    ],
  ])('%s reads as invalid', async (_, forge) => {
    const [line] = (await forge((await role.serialize('user')).split(';')[0]!)).split(';');
    expect(await role.read(line)).toBeUndefined();
    expect((await role.explain(line)).reasons[0]?.code).toBe('cookie-invalid');
    await expect(role.require(line)).rejects.toMatchObject({ status: 422 });
  });
});

describe('S136: a session cookie of either kind', () => {
  const clock = testClock();
  const keys = keyRing(generateKey());
  it.each([
    ['stored', createSessions({ store: memoryStore(), clock })],
    ['sealed', createSessions({ sealed: { keys, revocations: memoryRevocations() }, clock })],
  ])('%s: HttpOnly, Secure, and it brings the user back', async (_, sessions) => {
    const jar = new CookieJar({ clock });
    const session = await sessions.open(null);
    session.login('alice');
    for (const line of await sessions.commit(session)) expect(jar.set(line, url).allowed).toBe(true);
    expect(jar.all()).toMatchObject([{ httpOnly: true, secure: true, hostOnly: true, path: '/' }]);
    expect((await sessions.open(jar.header(url))).user).toBe('alice');
  });
});
