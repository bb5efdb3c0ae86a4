import { formatCookieDate, parseCookieDate } from '../../src/cookie/date.ts';
import { cookieFinder, parseCookieHeader } from '../../src/cookie/header.ts';
import { lintExchanges } from '../../src/cookie/lint-exchanges.ts';
import { readExchanges } from '../../src/cookie/recorded/read-exchanges.ts';
import {
  parseSetCookie,
  parseSetCookieOctets,
  serializeSetCookie,
  whyIgnored,
} from '../../src/cookie/set-cookie.ts';
import { CookieJar, readCookiesJson, readCookiesTxt } from '../../src/jar/index.ts';
import { allowedOrigins } from '../../src/scope/allowed-origins.ts';
import { type EngineName, engines } from '../../src/scope/engines.ts';
import { toOctets } from '../../src/scope/octets.ts';
import { compileScope, covers } from '../../src/scope/scope.ts';
import { generateKey, keyRing, open, verify } from '../../src/seal/index.ts';
import { createSessions } from '../../src/session/index.ts';
import { memoryStore } from '../../src/store/memory/index.ts';
import { createTokens } from '../../src/tokens/index.ts';

/** What is done with a text, and a second one where that takes two. It throws where something is wrong. */
export type Target = (text: string, other: string) => void | Promise<void>;

const sessions = createSessions({ store: memoryStore() });
const keys = keyRing(generateKey());
const tokens = createTokens({
  store: memoryStore(),
  keys,
  issuer: 'https://a.test',
  audience: 'https://a.test',
});

const engineNames = Object.keys(engines) as EngineName[];

export const targets: Readonly<Record<string, Target>> = {
  'Cookie header'(text, other) {
    const pairs = parseCookieHeader(text);
    // Also what only looks like a name: a part of one, or what stands after a comma.
    const names = new Set([...pairs.map(({ name }) => name), ...text.split(/[;,=\s]+/), other]);
    for (const name of names) {
      const whole = pairs.find((pair) => pair.name === name)?.value;
      same(cookieFinder(name)(text), whole, 'the value that is found');
    }
  },

  'Set-Cookie line'(text) {
    for (const engine of [undefined, ...engineNames]) {
      const cookie = parseSetCookieOctets(toOctets(text), engine);
      if (cookie === undefined) same(whyIgnored(toOctets(text), engine).allowed, false, 'why it is ignored');
    }
    const cookie = parseSetCookie(text);
    const line = cookie && orTypeError(() => serializeSetCookie(cookie));
    if (line === undefined) return;
    const again = parseSetCookie(line);
    same(
      [again?.name, again?.value, again?.domain],
      [cookie?.name, cookie?.value, cookie?.domain],
      'what is written',
    );
  },

  'cookie date'(text) {
    const time = parseCookieDate(text);
    if (time !== undefined) same(parseCookieDate(formatCookieDate(time)), time, 'the time');
  },

  'scope pattern'(text, other) {
    const near = URL.parse(other)?.host ?? other;
    for (const pattern of [text, `https://${near}`, `https://*.${near}`]) {
      const scope = orTypeError(() => compileScope([pattern]));
      if (scope === undefined) continue;
      const host = /^https?:\/\/(?:\*\.)?(\[[^\]]*\]|[^:/]*)(?::|\/|$)/.exec(scope.text)?.[1] ?? '';
      const neighbours = ['', 'a.', 'other', 'a.other-'].map((lead) => `https://${lead}${host}/`);
      for (const address of [text, other, ...neighbours, `https://${host}.evil.test/`]) {
        const url = URL.parse(address);
        if (url === null || !covers(scope, url)) continue;
        if (url.hostname !== host && !url.hostname.endsWith(`.${host}`))
          throw new Error(`${scope.text} covers ${url.href}`);
      }
    }
  },

  'allowed origin'(text, other) {
    const origins = orTypeError(() => allowedOrigins([text], 'origins'));
    if (origins?.includes(other) && text !== other && !text.includes('*'))
      throw new Error('another origin is included');
  },

  jar(text, other) {
    const jar = new CookieJar();
    const from = 'https://a.example.com/app/page';
    for (const line of [text, other]) {
      const { allowed, reasons } = jar.set(line, from);
      same(allowed, reasons.length === 0, 'the verdict');
    }
    for (const stranger of [
      'https://example.org/app/page',
      'https://com/',
      'https://aexample.com/',
      'https://example.com.evil.test/',
    ])
      same(jar.header(stranger), '', `what ${stranger} gets`);
    for (const cookie of jar.select('http://a.example.com/app/page'))
      if (cookie.verdict.allowed && cookie.cookie.secure)
        throw new Error('a Secure cookie travels over http');
    same(
      new CookieJar({}).add(jar.export().cookies).every(({ allowed }) => allowed),
      true,
      'what was exported is taken',
    );
  },

  'saved cookies'(text) {
    readCookiesTxt(text);
    const json = orUndefined(() => JSON.parse(text) as unknown);
    orTypeError(() => readCookiesJson(json));
  },

  recording(text) {
    lintExchanges(readExchanges(text, 'https://a.test/')?.exchanges ?? []);
  },

  async seal(text) {
    for (const opening of [open, verify]) {
      const opened = await opening(keys, 'fuzz', text).catch(errorOfOurs);
      if (opened !== undefined) throw new Error('a text that no key made was opened');
    }
  },

  async 'session cookie'(text) {
    const session = await sessions.open(`__Host-session=${text}`);
    same([session.isNew, session.user, session.explain().allowed], [true, undefined, false], 'the visitor');
    same((await sessions.commit(session)).length, 0, 'the number of lines set');
  },

  async 'access token'(text) {
    const headers = orTypeError(() => new Headers({ authorization: `Bearer ${text}` }));
    if (headers !== undefined) same((await tokens.authenticate(headers)).allowed, false, 'the verdict');
  },
};

function same(actual: unknown, expected: unknown, what: string): void {
  const [is, ought] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (is !== ought) throw new Error(`${what}: expected ${ought}, got ${is}`);
}

/** Misuse is refused by a TypeError, and nothing else is thrown. */
function orTypeError<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

function orUndefined<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}

function errorOfOurs(error: unknown): undefined {
  if (!(error instanceof Error && 'code' in error)) throw error;
}
