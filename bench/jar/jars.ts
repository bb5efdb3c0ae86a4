import { CookieJar } from 'hallpass/jar';
import { CookieJar as ToughJar } from 'tough-cookie';
import { token } from '../shared/inputs.ts';
import { type Comparison, versionOf } from '../shared/ratio.ts';

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

/** Our Cookie header beside tough-cookie's, of jars that were filled alike. */
export function reading(
  title: string,
  limit: number,
  ours: AnyJar,
  theirs: AnyJar,
  hosts: number,
): Comparison<string> {
  const urls = Array.from({ length: 64 }, (_, at) => `${hostUrl((at * 7919) % hosts)}/${at}`);
  if (ours.header(urls[1] ?? '') !== theirs.header(urls[1] ?? ''))
    throw new Error(`${title}: the jars disagree`);
  return {
    title,
    input: hosts === 1 ? 'pages of one host' : 'pages of many hosts',
    inputs: urls,
    limit,
    ours: { name: 'jar.header', run: (url) => ours.header(url) },
    peer: { name: `${peer} getCookieStringSync`, run: (url) => theirs.header(url) },
  };
}
