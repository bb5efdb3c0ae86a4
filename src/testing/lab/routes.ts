import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';

/** One request being answered. */
interface Visit {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Aborted as soon as the client has gone. */
  readonly gone: AbortSignal;
}

type Route = (visit: Visit) => unknown;

/** What the lab does under each path, on every one of its origins. */
export const routes: Readonly<Record<string, Route>> = {
  /** `?url=…&status_code=302`. The Location is sent as it came: relative, broken, repeated, empty or, without `url`, missing. */
  '/redirect-to': (visit) => redirect(visit, visit.url.searchParams.getAll('url')),

  /** `?n=3`: so many redirects, then 200. */
  '/chain'(visit) {
    const left = numberFrom(visit, 'n', 3, 10_000);
    if (left === 0) json(visit, 200, { arrived: true });
    else redirect(visit, [`/chain?n=${left - 1}`]);
  },

  '/loop': (visit) => redirect(visit, ['/loop']),

  '/headers': (visit) => json(visit, 200, { headers: visit.headers }),

  /** 200 to whoever brings a bearer token, any one; 401 to everybody else. */
  '/need'(visit) {
    if (/^bearer +\S/i.test(visit.headers.authorization ?? '')) json(visit, 200, { authenticated: true });
    else json(visit, 401, { authenticated: false }, { 'www-authenticate': 'Bearer realm="lab"' });
  },

  /** `?s=60`: nothing at all for so many seconds, then 200. */
  async '/hang'(visit) {
    await wait(numberFrom(visit, 's', 60, 86_400) * 1_000, undefined, { signal: visit.gone });
    json(visit, 200, { late: true });
  },

  /** `?s=5`: the headers at once, then an octet every 100 ms for so many seconds. */
  async '/drip'({ response, ...visit }) {
    const octets = numberFrom(visit, 's', 5, 86_400) * 10;
    response.writeHead(200, { 'content-type': 'text/plain' }).flushHeaders();
    for (let sent = 0; sent < octets; sent += 1) {
      await wait(100, undefined, { signal: visit.gone });
      response.write('.');
    }
    response.end();
  },

  /** 200 and `application/json`, but nothing in it. */
  '/empty': ({ response }) => response.writeHead(200, { 'content-type': 'application/json' }).end(),

  /**
   * `?name=value…`: a Set-Cookie line for each parameter. A value may go on into attributes: `sid=1;%20Path=/`.
   * With `url`, and a `status_code` if wanted, the answer is a redirect as well.
   */
  '/set-cookie'(visit) {
    const { searchParams } = visit.url;
    const named = [...searchParams].filter(([name]) => name !== 'url' && name !== 'status_code');
    const lines = named.map(([name, value]) => onTheWire(`${name}=${value}`));
    visit.response.setHeader('set-cookie', lines);
    if (searchParams.has('url')) redirect(visit, searchParams.getAll('url'));
    else json(visit, 200, { set: named.map(([name]) => name) });
  },

  /** The Cookie header by name; of several cookies with one name, the first. */
  '/cookies'(visit) {
    const pairs = (visit.headers.cookie ?? '').split(';').flatMap((pair) => {
      const [name = '', ...value] = pair.trim().split('=');
      return name === '' ? [] : [[name, value.join('=')]];
    });
    json(visit, 200, { cookies: Object.fromEntries(pairs.reverse()) });
  },

  /** Everything that came: method, path, headers and body, as text. */
  async '/echo'(visit) {
    const { method, url: path } = visit.request;
    json(visit, 200, { method, path, headers: visit.headers, body: await text(visit.request) });
  },
};

/** A request that makes no sense to the lab: 400, with the sentence. */
export class BadParameter extends Error {}

function redirect(visit: Visit, locations: string[]): void {
  const status = numberFrom(visit, 'status_code', 302, 399);
  if (status < 300) throw new BadParameter('status_code is the status of a redirect: 300 to 399.');
  if (locations.length > 0) visit.response.setHeader('location', locations.map(onTheWire));
  visit.response.writeHead(status).end();
}

export function json(
  { response }: Pick<Visit, 'response'>,
  status: number,
  body: object,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

function numberFrom({ url }: Pick<Visit, 'url'>, name: string, otherwise: number, most: number): number {
  const given = url.searchParams.get(name);
  const number = given === null ? otherwise : Number(given || Number.NaN);
  if (number >= 0 && number <= most) return number;
  throw new BadParameter(`${name} is a number from 0 to ${most}.`);
}

/** Header values travel as octets: non-ASCII text goes out as raw UTF-8, as careless servers do it. */
function onTheWire(value: string): string {
  const octets = Buffer.from(value, 'utf8').toString('latin1');
  if (/[\r\n\0]/.test(octets)) throw new BadParameter('A header value has no line breaks.');
  return octets;
}
