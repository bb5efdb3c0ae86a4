import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import * as z from 'zod';
import { CookieJar } from '../jar/index.ts';
import { defineCookie } from './define.ts';
import { lintSetCookie } from './lint.ts';
import { CookieParameterError } from './parameter-error.ts';
import { parseSetCookie, serializeSetCookie } from './set-cookie.ts';
import type { AsyncCookieDefinition, Codec, CookieAttributes, CookieOptions } from './types.ts';

const clock = { now: () => 0 };

/** SameSite as people write it, and as the line has it. */
const anyCase = [
  ['STRICT', /; SameSite=Strict/],
  ['Strict', /; SameSite=Strict/],
  ['Lax', /; SameSite=Lax/],
  ['LAX', /; SameSite=Lax/],
  ['None', /; SameSite=None/],
  ['nOnE', /; SameSite=None/],
] as unknown as [written: 'lax', line: RegExp][];

describe('defineCookie', () => {
  it('S66, S96, S97, S98: is Secure, HttpOnly, SameSite=Lax, host-only and for every path by default', () => {
    expect(defineCookie('sid').serialize('v')).toBe('sid=v; Path=/; Secure; HttpOnly; SameSite=Lax');
  });

  it('S60: writes what is said', () => {
    const preferences = defineCookie('user_preferences', { maxAge: '1h', secure: false });
    expect(preferences.serialize('dark_mode')).toBe(
      'user_preferences=dark_mode; Path=/; HttpOnly; SameSite=Lax; Max-Age=3600',
    );
  });

  it('S58: writes as little as is wanted', () => {
    const bare = defineCookie('cookie_name', { secure: false, httpOnly: false });
    expect(bare.serialize('cookie_value')).toBe('cookie_name=cookie_value; Path=/; SameSite=Lax');
  });

  it('S68, S69, S94: reads what came, and undefined when nothing did', () => {
    const cookie = defineCookie('cookie_name');
    expect(cookie.read('a=1; cookie_name=cookie_value')).toBe('cookie_value');
    expect(cookie.read('a=1')).toBeUndefined();
    expect(cookie.read(new Headers())).toBeUndefined();
    expect(cookie.read(null)).toBeUndefined();
  });

  it('S136, S137, S138: defines a session, a preference and a tracking cookie, each with its own rules', () => {
    const session = defineCookie('__Host-session', { sensitive: true });
    expect(session.serialize('id')).toBe('__Host-session=id; Path=/; Secure; HttpOnly; SameSite=Lax');

    const zones = Intl.supportedValuesOf('timeZone');
    const preferences = defineCookie('preferences', {
      format: 'json',
      schema: z.object({
        theme: z.enum(['light', 'dark']),
        language: z.string().refine((tag) => Intl.getCanonicalLocales(tag).length === 1),
        timezone: z.string().refine((zone) => zones.includes(zone)),
      }),
      maxAge: '365d',
    });
    const chosen = { theme: 'dark', language: 'de-AT', timezone: 'Europe/Vienna' } as const;
    expect(preferences.read(preferences.serialize(chosen).split(';')[0])).toEqual(chosen);
    expect(() => preferences.serialize({ ...chosen, timezone: 'Mars/Olympus' })).toThrow(TypeError);

    const visits = defineCookie('visitor', { consent: 'statistics', maxAge: '90d' });
    expect(visits.consent).toBe('statistics');
    expect(visits.serializeDelete()).toEqual([
      'visitor=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT',
    ]);
  });

  it('S70: an update keeps every attribute, and may change the lifetime', () => {
    const sid = defineCookie('sid', { maxAge: '1h', domain: 'example.com' });
    expect(sid.serialize('v', { maxAge: '1d' })).toBe(
      'sid=v; Domain=example.com; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=86400',
    );
    expect(sid.serialize('v', { maxAge: null })).toBe(
      'sid=v; Domain=example.com; Path=/; Secure; HttpOnly; SameSite=Lax',
    );
    expect(sid.serialize('v', { expires: new Date(0) })).toMatch(
      /Lax; Expires=Thu, 01 Jan 1970 00:00:00 GMT$/,
    );
    expect(() => sid.serialize('v', { maxAge: '401d' })).toThrow(/'400d'/);
    expect(() => sid.serialize('v', { maxAge: '1500ms' })).toThrow(/whole number/);
  });

  it('S71, S72: deletes by the definition, former variants too', () => {
    const sid = defineCookie('sid', {
      domain: 'example.com',
      path: '/app',
      maxAge: '1h',
      partitioned: true,
      former: [{ path: '/' }, { domain: 'old.example.com' }],
    });
    const rest =
      'Secure; HttpOnly; SameSite=Lax; Partitioned; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT';
    expect(sid.serializeDelete()).toEqual([
      `sid=; Domain=example.com; Path=/app; ${rest}`,
      `sid=; Domain=example.com; Path=/; ${rest}`,
      `sid=; Domain=old.example.com; Path=/app; ${rest}`,
    ]);
  });

  it.each<[string, CookieAttributes]>([
    ['__Host-sid', {}],
    ['__Secure-sid', { domain: 'example.com', path: '/app' }],
    ['sid', { partitioned: true }],
    ['sid', { secure: false, path: '/app/x' }],
  ])('F20: what was set as %s %o is gone from a jar after the deletion', (name, options) => {
    const definition = defineCookie(name, options);
    const jar = new CookieJar({ clock: { now: () => 0 } });
    const url = 'https://www.example.com/app/x';
    expect(jar.set(definition.serialize('v'), url).allowed).toBe(true);
    for (const line of definition.serializeDelete()) expect(jar.set(line, url).allowed).toBe(true);
    expect(jar.size).toBe(0);
  });

  it('X7: any Unicode value comes back as it was, as text and as JSON', () => {
    const text = defineCookie('text');
    const json = defineCookie('json', { format: 'json' });
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 100 }), (value) => {
        expect(text.read(text.serialize(value).split(';')[0])).toBe(value);
        expect(json.read(json.serialize({ value }).split(';')[0])).toEqual({ value });
      }),
    );
  });

  it('X7: writes a value as it is where nothing has to be encoded, and refuses one that is too big', () => {
    const cookie = defineCookie('a');
    expect(cookie.serialize("AZaz09!#$&'()*+-./:<=>?@[]^_`{|}~")).toMatch(
      /^a=AZaz09!#\$&'\(\)\*\+-\.\/:<=>\?@\[\]\^_`\{\|\}~;/,
    );
    expect(cookie.serialize('100%')).toMatch(/^a=100%25;/);
    expect(() => cookie.serialize('é'.repeat(700))).toThrow(/4201 octets.*hallpass\/session/);
    expect(() => cookie.serialize('\ud800')).toThrow(/toWellFormed/);
  });

  it('gives the default for a missing or invalid cookie, a fresh copy each time', () => {
    const theme = defineCookie('theme', { schema: z.enum(['light', 'dark']), default: 'light' });
    expect(theme.read('theme=dark')).toBe('dark');
    expect(theme.read('theme=pink')).toBe('light');
    expect(theme.read('')).toBe('light');
    const list = defineCookie('list', { format: 'json', schema: z.array(z.number()), default: [1] });
    list.read('').push(2);
    expect(list.read('list=nonsense')).toEqual([1]);
  });

  it('says why it reads what it reads', () => {
    const theme = defineCookie('theme', { schema: z.enum(['light', 'dark']), default: 'light' });
    expect(theme.explain('').reasons[0]?.code).toBe('cookie-missing');
    expect(theme.explain('theme=pink').reasons[0]?.code).toBe('cookie-invalid');
    expect(theme.explain('theme=dark')).toMatchObject({ allowed: true, warnings: [] });
    expect(theme.explain('theme=dark; theme=light').warnings[0]?.code).toBe('duplicate-cookie');
  });

  it('gives each reader values of its own, a schema’s defaults too', () => {
    const seen = z.object({ v: z.number(), seen: z.any().default({ ids: [] }) });
    const prefs = defineCookie('prefs', { format: 'json', schema: seen });
    const header = `prefs=${encodeURIComponent('{"v":1}')}`;
    prefs.read(header)?.seen.ids.push('ada');
    expect(prefs.read(header)).toEqual({ v: 1, seen: { ids: [] } });
  });

  it('checks what goes out by the schema that reads it', () => {
    const count = defineCookie('count', { schema: z.coerce.number<string>().int() });
    expect(count.read('count=5')).toBe(5);
    expect(count.serialize('5')).toMatch(/^count=5;/);
    expect(() => count.serialize('x')).toThrow(/Not a value for count/);
    expect(() => defineCookie('a').serialize({} as string)).toThrow(/format: 'json'/);
    expect(() => defineCookie('a', { format: 'json' }).serialize(undefined)).toThrow(/delete\(\)/);
  });

  it('S95: require answers 422 in the shape of a missing cookie parameter', async () => {
    const id = defineCookie('session_id', { schema: z.string().min(3) });
    expect(id.require('session_id=abc')).toBe('abc');
    const failure = caught(() => id.require('')) as CookieParameterError;
    expect(failure).toBeInstanceOf(CookieParameterError);
    expect([failure.code, failure.status]).toEqual(['cookie-parameter', 422]);
    const response = failure.getResponse();
    expect(response.status).toBe(422);
    expect(await response.json()).toEqual({
      detail: [{ loc: ['cookie', 'session_id'], msg: 'field required', type: 'value_error.missing' }],
    });
    expect((caught(() => id.require('session_id=ab')) as CookieParameterError).detail[0]).toMatchObject({
      loc: ['cookie', 'session_id'],
      type: 'value_error',
    });
  });

  it('S126: a value that the schema refuses reads as missing, and is a 422 where it is required', async () => {
    const theme = defineCookie('theme', { schema: z.enum(['light', 'dark']) });
    const withDefault = defineCookie('theme', { schema: z.enum(['light', 'dark']), default: 'light' });
    for (const value of ['pink', 'DARK', '', 'dark%3Cb%3E']) {
      expect([theme.read(`theme=${value}`), withDefault.read(`theme=${value}`)]).toEqual([
        undefined,
        'light',
      ]);
      const { status, detail } = caught(() => theme.require(`theme=${value}`)) as CookieParameterError;
      expect([status, detail.map(({ type }) => type)]).toEqual([422, ['value_error']]);
    }
    expect(theme.require('theme=dark')).toBe('dark');
  });

  it('S126: names the place inside a JSON value, and holds no sensitive value', () => {
    const shape = defineCookie('p', { format: 'json', schema: z.object({ theme: z.literal('dark') }) });
    expect((caught(() => shape.require('p={"theme":1}')) as CookieParameterError).detail[0]?.loc).toEqual([
      'cookie',
      'p',
      'theme',
    ]);
    const leaky = z.string().refine(() => false, { error: (issue) => `got ${issue.input}` });
    expect(String(caught(() => defineCookie('s', { schema: leaky }).require('s=hunter2')))).not.toContain(
      'hunter2',
    );
    expect(
      String(caught(() => defineCookie('s', { schema: leaky, sensitive: true }).require('s=h'))),
    ).not.toContain('got');
  });

  it('S127: with a codec everything is asynchronous, and what the codec did not write reads as missing', async () => {
    const reverse: Codec = {
      encode: async (text, name) => `${name}.${[...text].reverse().join('')}`,
      decode: async (text, name) =>
        text.startsWith(`${name}.`) ? [...text.slice(name.length + 1)].reverse().join('') : undefined,
    };
    const cookie = defineCookie('user', { codec: reverse, default: 'nobody' });
    expect(await cookie.serialize('jane')).toMatch(/^user=user\.enaj;/);
    expect(await cookie.read('user=user.enaj')).toBe('jane');
    expect(await cookie.read('user=admin')).toBe('nobody');
    expect((await cookie.explain('user=admin')).reasons[0]?.code).toBe('cookie-invalid');
    await expect(cookie.require('user=admin')).rejects.toMatchObject({ status: 422 });
    expect((await cookie.set(new Headers(), 'jane')).getSetCookie()).toHaveLength(1);
  });

  it.each(['__proto__', 'constructor', 'toString'])('takes %s for a name like any other', (name) => {
    const cookie = defineCookie(name, { format: 'json' });
    const value = JSON.parse(`{"${name}":1}`);
    expect(cookie.read('a=1')).toBeUndefined();
    expect(cookie.read(`a=1; ${cookie.serialize(value).split(';')[0]}`)).toEqual(value);
    expect(cookie.serializeDelete()[0]).toMatch(new RegExp(`^${name}=;`));
  });

  it("set and delete replace this definition's own line", () => {
    const [a, b] = [defineCookie('a'), defineCookie('b')];
    const headers = b.set(a.set(new Headers(), '1'), '1');
    a.set(headers, '2');
    expect(headers.getSetCookie().map((line) => line.split(';')[0])).toEqual(['b=1', 'a=2']);
    a.delete(headers);
    expect(headers.getSetCookie().map((line) => line.split(';')[0])).toEqual(['b=1', 'a=']);
  });

  it.each<[string, string, CookieOptions, RegExp]>([
    ['S67: SameSite=None without Secure', 'a', { sameSite: 'none', secure: false }, /add Secure/],
    ['Partitioned without Secure', 'a', { partitioned: true, secure: false }, /add Secure/],
    ['__Host- with a domain', '__Host-a', { domain: 'example.com' }, /no Domain/],
    ['__host- below a path', '__host-a', { path: '/x' }, /say Path=\//],
    ['__Http- that scripts see', '__Http-a', { httpOnly: false }, /HttpOnly/],
    ['S67: an unknown SameSite', 'a', { sameSite: 'bogus' as 'lax' }, /'lax', 'strict' or 'none'/],
    ['S61, S99: more than 400 days', 'a', { maxAge: '401d' }, /'400d'/],
    ['S61, S99: half a second', 'a', { maxAge: 1.5 }, /whole number/],
    ['S61, S99: a Max-Age that is no number', 'a', { maxAge: Number.NaN }, /./],
    ['S62: an invalid Date', 'a', { expires: new Date(Number.NaN) }, /new Date/],
    ['S61: an Expires over 400 days ahead', 'a', { expires: new Date(401 * 86_400_000), clock }, /'400d'/],
    ['S63: an attribute inside the path', 'a', { path: '/; Domain=evil.com' }, /starts with '\/'/],
    ['S63: a line break inside the path', 'a', { path: '/\r\nSet-Cookie: b=c' }, /starts with '\/'/],
    ['S64: an attribute inside the domain', 'a', { domain: 'example.com; Path=/x' }, /host name/],
    ['S64: a line break inside the domain', 'a', { domain: 'example.com\r\n' }, /host name/],
    [
      'S103: a sensitive cookie that scripts see',
      'a',
      { sensitive: true, httpOnly: false },
      /remove httpOnly: false/,
    ],
    [
      'S103: a sensitive cookie over plain http',
      'a',
      { sensitive: true, secure: false },
      /remove secure: false/,
    ],
    ['a former variant that is the present one', 'a', { former: [{ path: '/' }] }, /name the path or domain/],
    ['an impossible former variant', '__Host-a', { former: [{ path: '/x' }] }, /say Path=\//],
    ['a misspelt option', 'a', { httponly: false } as CookieOptions, /write httpOnly/],
    ['an unknown option', 'a', { priority: 'high' } as CookieOptions, /write one of path/],
    ['an unknown format', 'a', { format: 'xml' as 'text' }, /'text' or 'json'/],
    ['a name with a space', 'a b', {}, /letters, digits/],
  ])('refuses %s at definition, and says the fix', (_, name, options, fix) => {
    expect(() => defineCookie(name, options)).toThrow(TypeError);
    expect(() => defineCookie(name, options)).toThrow(fix);
  });

  it('S67: takes SameSite in any case, and refuses None without Secure in any', () => {
    for (const [written, line] of anyCase) {
      expect(defineCookie('a', { sameSite: written }).serialize('v')).toMatch(line);
      expect(serializeSetCookie({ name: 'a', value: 'v', secure: true, sameSite: written })).toMatch(line);
      expect(parseSetCookie(`a=v; SameSite=${written}`)?.sameSite).toBe(written.toLowerCase());
    }
    for (const sameSite of ['none', 'None', 'NONE'] as 'none'[]) {
      expect(() => defineCookie('a', { sameSite, secure: false })).toThrow(/add Secure/);
      expect(() => serializeSetCookie({ name: 'a', value: 'v', sameSite })).toThrow(/add Secure/);
      expect(lintSetCookie(`a=v; SameSite=${sameSite}`)[0]?.code).toBe('none-without-secure');
    }
  });

  it('S67: null leaves an attribute out of the line, in the definition and for one emission', () => {
    expect(defineCookie('a', { sameSite: null }).serialize('v')).toBe('a=v; Path=/; Secure; HttpOnly');
    expect(defineCookie('a', { secure: null, httpOnly: null }).serialize('v')).toBe(
      'a=v; Path=/; SameSite=Lax',
    );
    const bare = defineCookie('a', { domain: null, maxAge: null, expires: null, partitioned: null });
    expect(bare.serialize('v')).toBe('a=v; Path=/; Secure; HttpOnly; SameSite=Lax');
    expect(defineCookie('a', { sameSite: null }).serializeDelete()[0]).not.toMatch(/SameSite/);
    const dated = defineCookie('a', { expires: new Date(0), maxAge: '1d' });
    expect(dated.serialize('v', { expires: null })).toBe('a=v; Path=/; Secure; HttpOnly; SameSite=Lax');
  });

  it('null is no way round the rules of a sensitive cookie or a prefix, and a definition says its Path', () => {
    expect(() => defineCookie('a', { sensitive: true, secure: null })).toThrow(/without Secure/);
    expect(() => defineCookie('__Secure-a', { secure: null as never })).toThrow(/must be Secure/);
    expect(() => defineCookie('a', { path: null as never })).toThrow(/Not a Path/);
  });

  it('types what goes in and out', () => {
    const codec: Codec = { encode: async (text) => text, decode: async (text) => text };
    expectTypeOf(defineCookie('a').read).returns.toEqualTypeOf<string | undefined>();
    expectTypeOf(defineCookie('a', { default: 'x' }).read).returns.toEqualTypeOf<string>();
    const theme = defineCookie('a', { schema: z.enum(['light', 'dark']), default: 'light' });
    expectTypeOf(theme.read).returns.toEqualTypeOf<'light' | 'dark'>();
    expectTypeOf(theme.serialize).parameter(0).toEqualTypeOf<'light' | 'dark'>();
    const json = defineCookie('a', { format: 'json', schema: z.object({ n: z.number() }) });
    expectTypeOf(json.read).returns.toEqualTypeOf<{ n: number } | undefined>();
    expectTypeOf(json.require).returns.toEqualTypeOf<{ n: number }>();
    expectTypeOf(defineCookie('a', { codec }).read).returns.toEqualTypeOf<Promise<string | undefined>>();
    expectTypeOf(defineCookie('a', { codec, default: 'x' })).toEqualTypeOf<
      AsyncCookieDefinition<string, string>
    >();
    expectTypeOf(defineCookie('a', { codec }).serialize).returns.toEqualTypeOf<Promise<string>>();
    expectTypeOf(defineCookie('a').serialize).returns.toEqualTypeOf<string>();
    // @ts-expect-error: a __Host- cookie is for every path
    expect(() => defineCookie('__Host-a', { path: '/app' })).toThrow();
    // @ts-expect-error: in any case
    expect(() => defineCookie('__host-a', { secure: false })).toThrow();
    // @ts-expect-error: a __Host-Http- cookie has no domain
    expect(() => defineCookie('__Host-Http-a', { domain: 'example.com' })).toThrow();
    // @ts-expect-error: scripts do not see a __Http- cookie
    expect(() => defineCookie('__Http-a', { httpOnly: false })).toThrow();
    // @ts-expect-error: a __Secure- cookie is Secure
    expect(() => defineCookie('__Secure-a', { secure: false })).toThrow();
    // @ts-expect-error: a __Host- cookie has no domain
    expect(() => defineCookie('__Host-a', { domain: 'example.com' })).toThrow();
    // @ts-expect-error: not one of the schema's values
    expect(() => theme.serialize('pink')).toThrow();
    // @ts-expect-error: no such attribute
    expect(() => defineCookie('a', { httponly: true })).toThrow();
  });
});

function caught(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

it('S61: an Expires is at most 400 days ahead by the clock of the definition, unless a Max-Age wins over it', () => {
  const days = (count: number) => new Date(clock.now() + count * 86_400_000);
  const dated = defineCookie('a', { expires: days(400), clock });
  expect(dated.serialize('v', { expires: days(399) })).toContain('Expires=');
  expect(() => dated.serialize('v', { expires: days(401) })).toThrow(/over 400 days ahead/);
  expect(() => defineCookie('a', { expires: days(401), maxAge: '1d', clock })).not.toThrow();
});
