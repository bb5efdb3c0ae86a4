import { CookieJar } from 'hallpass/jar';
import { CookieJar as ToughJar } from 'tough-cookie';
import type { Comparison } from '../shared/comparison.ts';
import { checkInputs } from '../shared/fair-inputs.ts';
import { token } from '../shared/inputs.ts';
import { versionOf } from '../shared/peers.ts';
import { median, type Outcome } from '../shared/ratio.ts';

export const peer = versionOf('tough-cookie');
export const unlimited = { maxPerSite: Number.POSITIVE_INFINITY, maxCookies: Number.POSITIVE_INFINITY };

/** What the bench asks of either jar. */
export interface AnyJar {
  set(line: string, url: string): unknown;
  header(url: string): string;
}

export function ourJar(): AnyJar & { jar: CookieJar } {
  const jar = new CookieJar({ limits: unlimited });
  return { jar, set: (line, url) => jar.set(line, url), header: (url) => jar.header(url) };
}

export function toughJar(): AnyJar & { jar: ToughJar } {
  const jar = new ToughJar();
  return {
    jar,
    set: (line, url) => jar.setCookieSync(line, url),
    header: (url) => jar.getCookieStringSync(url),
  };
}

export const hostUrl = (host: number) => `https://host${host}.example-${host % 97}.com/some/page`;
export const line = (seed: number) =>
  `cookie_${seed % 10}=${token(seed, 30)}; Path=/; Secure; HttpOnly; Max-Age=86400`;

/** `count` cookies, ten to a host. */
export function filled(jar: AnyJar, count: number): AnyJar {
  for (let at = 0; at < count; at++) jar.set(line(at), hostUrl(Math.floor(at / 10)));
  return jar;
}

const pagesOf = (hosts: number) =>
  Array.from({ length: 64 }, (_, at) => `${hostUrl((at * 7919) % hosts)}/${token(at, 8)}`);
const nameOfInput = (hosts: number) => (hosts === 1 ? 'pages of one host' : 'pages of many hosts');

/** Our Cookie header beside tough-cookie's, of jars that were filled alike. */
export function reading(
  title: string,
  limit: number,
  ours: AnyJar,
  theirs: AnyJar,
  hosts: number,
): Comparison<string> {
  const urls = pagesOf(hosts);
  if (ours.header(urls[1] ?? '') !== theirs.header(urls[1] ?? ''))
    throw new Error(`${title}: the jars disagree`);
  return {
    title,
    input: nameOfInput(hosts),
    inputs: urls,
    limit,
    ours: { name: 'jar.header', run: (url) => ours.header(url) },
    peer: { name: `${peer} getCookieStringSync`, run: (url) => theirs.header(url) },
  };
}

let sets = 0;

/** As {@link reading}, with one cookie of the host set anew before each read, as an answer does: both are timed. */
export function readingAfterSet(
  title: string,
  limit: number,
  ours: AnyJar,
  theirs: AnyJar,
  hosts: number,
): Comparison<string> {
  const setAndRead = (jar: AnyJar) => (url: string, at: number) => {
    jar.set(
      `cookie_0=${token(at, 22)}${(++sets).toString(36).padStart(8, '0')}; Path=/; Secure; HttpOnly; Max-Age=86400`,
      url,
    );
    return jar.header(url);
  };
  return {
    ...reading(title, limit, ours, theirs, hosts),
    ours: { name: 'jar.set, jar.header', run: setAndRead(ours), readBack: (url) => ours.header(url) },
    peer: {
      name: `${peer} setCookieSync, getCookieStringSync`,
      run: setAndRead(theirs),
      readBack: (url) => theirs.header(url),
    },
  };
}

/** The Cookie header of each host of a jar once, after it was filled: nothing was made for it before. Fresh jars each round. */
export function readingFirst(title: string, limit: number): Outcome {
  const hosts = 2_000;
  const urls = Array.from({ length: hosts }, (_, host) => `${hostUrl(host)}/${token(host, 8)}`);
  checkInputs({ title, inputs: urls });
  const nanoseconds = (empty: AnyJar) => {
    const jar = filled(empty, 10 * hosts);
    globalThis.gc?.();
    const start = process.cpuUsage();
    for (const url of urls) jar.header(url);
    const { user, system } = process.cpuUsage(start);
    return ((user + system) * 1_000) / hosts;
  };
  const rounds = Array.from({ length: 9 }, () => [nanoseconds(ourJar()), nanoseconds(toughJar())] as const);
  return {
    title,
    input: nameOfInput(hosts),
    limit,
    ratio: median(rounds.map(([ours, theirs]) => ours / theirs)),
    ours: median(rounds.map(([ours]) => ours)),
    peer: median(rounds.map(([, theirs]) => theirs)),
    peerName: `${peer} getCookieStringSync`,
  };
}
