import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';

/** One request being answered. */
interface Arrival {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Aborted as soon as the client has gone. */
  readonly gone: AbortSignal;
}

type Route = (arrival: Arrival) => unknown;

/** What the lab does under each path, on every one of its origins. */
export const routes: Readonly<Record<string, Route>> = {
  /** `?url=…&status_code=302`. The Location is sent as it came: relative, broken, repeated, empty or, without `url`, missing. */
  '/redirect-to': (arrival) => redirect(arrival, arrival.url.searchParams.getAll('url')),

  /** `?n=3`: so many redirects, then 200. */
  '/chain'(arrival) {
    const left = numberFrom(arrival, 'n', 3, 10_000);
    if (left === 0) json(arrival, 200, { arrived: true });
    else redirect(arrival, [`/chain?n=${left - 1}`]);
  },

  '/loop': (arrival) => redirect(arrival, ['/loop']),

  '/headers': (arrival) => json(arrival, 200, { headers: arrival.headers }),

  /** 200 to whoever brings a bearer token, any one; 401 to everybody else. */
  '/need'(arrival) {
    if (/^bearer +\S/i.test(arrival.headers.authorization ?? '')) json(arrival, 200, { authenticated: true });
    else json(arrival, 401, { authenticated: false }, { 'www-authenticate': 'Bearer realm="lab"' });
  },

  /** `?s=60`: nothing at all for so many seconds, then 200. */
  async '/hang'(arrival) {
    await wait(numberFrom(arrival, 's', 60, 86_400) * 1_000, undefined, { signal: arrival.gone });
    json(arrival, 200, { late: true });
  },

  /** `?s=5`: the headers at once, then an octet every 100 ms for so many seconds. */
  async '/drip'({ response, ...arrival }) {
    const octets = numberFrom(arrival, 's', 5, 86_400) * 10;
    response.writeHead(200, { 'content-type': 'text/plain' }).flushHeaders();
    for (let sent = 0; sent < octets; sent += 1) {
      await wait(100, undefined, { signal: arrival.gone });
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
  '/set-cookie'(arrival) {
    const { searchParams } = arrival.url;
    const named = [...searchParams].filter(([name]) => name !== 'url' && name !== 'status_code');
    const lines = named.map(([name, value]) => onTheWire(`${name}=${value}`));
    arrival.response.setHeader('set-cookie', lines);
    if (searchParams.has('url')) redirect(arrival, searchParams.getAll('url'));
    else json(arrival, 200, { set: named.map(([name]) => name) });
  },

  /** The Cookie header by name; of several cookies with one name, the first. */
  '/cookies'(arrival) {
    const pairs = (arrival.headers.cookie ?? '').split(';').flatMap((pair) => {
      const [name = '', ...value] = pair.trim().split('=');
      return name === '' ? [] : [[name, value.join('=')]];
    });
    json(arrival, 200, { cookies: Object.fromEntries(pairs.reverse()) });
  },

  /** Everything that came: method, path, headers and body, as text. */
  async '/echo'(arrival) {
    const { method, url: path } = arrival.request;
    json(arrival, 200, { method, path, headers: arrival.headers, body: await text(arrival.request) });
  },
};

/** A request that makes no sense to the lab: 400, with the sentence. */
export class BadParameter extends Error {}

function redirect(arrival: Arrival, locations: string[]): void {
  const status = numberFrom(arrival, 'status_code', 302, 399);
  if (status < 300) throw new BadParameter('status_code is the status of a redirect: 300 to 399.');
  if (locations.length > 0) arrival.response.setHeader('location', locations.map(onTheWire));
  arrival.response.writeHead(status).end();
}

export function json(
  { response }: Pick<Arrival, 'response'>,
  status: number,
  body: object,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

function numberFrom({ url }: Pick<Arrival, 'url'>, name: string, otherwise: number, most: number): number {
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
