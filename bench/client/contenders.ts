import axios from 'axios';
import { wrapper } from 'axios-cookiejar-support';
import makeFetchCookie from 'fetch-cookie';
import got from 'got';
import { bearer, type ClientOptions, createClient } from 'hallpass/client';
import { undiciTransport } from 'hallpass/client/undici';
import { CookieJar } from 'hallpass/jar';
import { cookie } from 'http-cookie-agent/undici';
import { CookieJar as ToughJar } from 'tough-cookie';
import { Agent, interceptors, request } from 'undici';
import { token } from '../shared/inputs.ts';
import { versionOf } from '../shared/peers.ts';

/** One way to get a URL and read its body. */
export interface HttpContender {
  readonly name: string;
  /** True for what keeps cookies. */
  readonly jar: boolean;
  /** The length of the body, so that nobody can skip it. */
  get(url: string): Promise<number>;
}

/** What the fixed bearer says, and what a bare contender that sends the same bytes writes by hand. */
const secret = token(2, 43);

/** Cookies that the answers set: a session's and a preference. */
const setByAnswers = 2;

/** A jar's cookies: five go to every path of the origin; of the rest every second one is of another host, or all are kept off by their path. */
export function cookieLines(count: number, url: string, elsewhere: boolean): [line: string, url: string][] {
  return Array.from({ length: count }, (_, i) => {
    const value = `cookie_${i}=${token(i, 22)}`;
    if (i < 5) return [`${value}; Path=/`, url];
    return elsewhere && i % 2 === 0
      ? [`${value}; Path=/`, `http://host${i}.example/`]
      : [`${value}; Path=/away/${i}`, url];
  });
}

/** The same class, of the package's other half. */
type AgentJar = Parameters<typeof cookie>[0]['jar'];

type Lines = ReturnType<typeof cookieLines>;

function toughJar(lines: Lines): ToughJar {
  const jar = new ToughJar();
  for (const [line, url] of lines) jar.setCookieSync(line, url);
  return jar;
}

function ours(name: string, url: string, lines: Lines, options: ClientOptions = {}): HttpContender {
  const jar = new CookieJar({ limits: { maxPerSite: lines.length + setByAnswers } });
  for (const [line, from] of lines) jar.set(line, from);
  const client = createClient({
    jar,
    credentials: bearer(secret, { for: url }),
    onTrace: () => {},
    ...options,
  });
  return { name, jar: true, get: async (to) => (await (await client.fetch(to)).text()).length };
}

const authorization = `Bearer ${secret}`;

function sameHeaders(lines: Lines) {
  const cookie = lines.slice(0, 5).map(([line]) => line.split(';', 1)[0]);
  return { authorization, cookie: cookie.join('; ') };
}

export const bareFetch = (): HttpContender => ({
  name: 'fetch',
  jar: false,
  get: async (url) => (await (await fetch(url)).text()).length,
});

/** The bytes that a session sends, written by hand. */
export function bareFetchWithHeaders(lines: Lines): HttpContender {
  const headers = sameHeaders(lines);
  return {
    name: 'fetch, with the same headers by hand',
    jar: false,
    get: async (url) => (await (await fetch(url, { headers })).text()).length,
  };
}

export const oursOverFetch = (url: string, lines: Lines): HttpContender => ours('hallpass', url, lines);

export const oursOverUndici = (url: string, lines: Lines): HttpContender =>
  ours('hallpass, undici transport', url, lines, { transport: undiciTransport() });

/** A dispatcher of its own, so that no contender meets another's connections. `hops` > 0: through the redirect interceptor. */
export function bareUndici(hops: number): HttpContender {
  const agent = new Agent();
  const dispatcher = hops === 0 ? agent : agent.compose(interceptors.redirect({ maxRedirections: hops }));
  const name = hops === 0 ? versionOf('undici') : `${versionOf('undici')}, redirect interceptor`;
  return {
    name: `${name}, request`,
    jar: false,
    get: async (url) => (await (await request(url, { dispatcher })).body.text()).length,
  };
}

/** The bytes that the undici transport sends, written by hand. */
export function bareUndiciWithHeaders(lines: Lines): HttpContender {
  const dispatcher = new Agent();
  const headers = {
    ...sameHeaders(lines),
    accept: '*/*',
    'accept-encoding': 'gzip, deflate, br, zstd',
    'user-agent': 'hallpass',
  };
  return {
    name: `${versionOf('undici')}, request, with the same headers by hand`,
    jar: false,
    get: async (url) => (await (await request(url, { dispatcher, headers })).body.text()).length,
  };
}

/** The clients with a jar that people use. */
export function peers(lines: Lines): HttpContender[] {
  const fetchCookie = makeFetchCookie(fetch, toughJar(lines));
  const headers = { authorization };
  const gotWithJar = got.extend({ cookieJar: toughJar(lines), headers, retry: { limit: 0 } });
  const axiosWithJar = wrapper(axios.create({ jar: toughJar(lines), headers }));
  const dispatcher = new Agent().compose(
    interceptors.redirect({ maxRedirections: 10 }),
    cookie({ jar: toughJar(lines) as unknown as AgentJar }),
  );
  return [
    {
      name: versionOf('fetch-cookie'),
      jar: true,
      get: async (to) => (await (await fetchCookie(to, { headers })).text()).length,
    },
    {
      name: `${versionOf('undici')} + ${versionOf('http-cookie-agent')}`,
      jar: true,
      get: async (to) => (await (await request(to, { dispatcher, headers })).body.text()).length,
    },
    {
      name: `${versionOf('got')} + ${versionOf('tough-cookie')}`,
      jar: true,
      get: async (to) => (await gotWithJar(to).text()).length,
    },
    {
      name: `${versionOf('axios')} + ${versionOf('axios-cookiejar-support')}`,
      jar: true,
      get: async (to) => (await axiosWithJar.get(to, { responseType: 'text' })).data.length,
    },
  ];
}
