import type { RecordedExchange, RecordedHeader } from '../../index.ts';
import type { DevToolsEvent } from './devtools.ts';

/** A cookie that Chromium did not send, or did not keep, and why. */
export interface Blocked {
  readonly name: string;
  readonly when: 'set' | 'sent';
  /** Chromium's own words. */
  readonly reasons: readonly string[];
}

/** A request and its answer, as Chromium told of them. */
export interface Observed {
  readonly exchange: RecordedExchange;
  readonly blocked: readonly Blocked[];
}

type Headers = Readonly<Record<string, string>>;

/** What Chromium tells of one request, each part in an event of its own. */
interface Parts {
  url?: string;
  method?: string;
  asked?: { readonly headers: Headers; readonly blocked: readonly Blocked[] };
  answered?: { readonly status: number; readonly headers: Headers; readonly blocked: readonly Blocked[] };
}

interface BlockedCookie {
  readonly blockedReasons?: readonly string[];
  readonly cookie?: { readonly name?: string };
  readonly cookieLine?: string;
}

/** Puts the events of the Network domain together. One id stands for all requests of a chain of redirects, in their order. */
export class Recorder {
  readonly #chains = new Map<string, Parts[]>();
  readonly #order: Parts[] = [];

  take({ method, params, sessionId = '' }: DevToolsEvent): void {
    const id = `${sessionId} ${params.requestId}`;
    switch (method) {
      case 'Network.requestWillBeSent': {
        const { url, method: verb } = params.request as { url: string; method: string };
        const parts = this.#next(id, 'url');
        parts.url = url;
        parts.method = verb;
        break;
      }
      case 'Network.requestWillBeSentExtraInfo':
        this.#next(id, 'asked').asked = {
          headers: params.headers as Headers,
          blocked: blockedOf('sent', params.associatedCookies),
        };
        break;
      case 'Network.responseReceivedExtraInfo':
        this.#next(id, 'answered').answered = {
          status: params.statusCode as number,
          headers: params.headers as Headers,
          blocked: blockedOf('set', params.blockedCookies),
        };
        break;
    }
  }

  /** `host:port` of everything that the pages asked for, whether it was reached or not. */
  get places(): ReadonlySet<string> {
    const urls = this.#order.flatMap(({ url = '' }) => URL.parse(url) ?? []);
    return new Set(urls.map(placeOf));
  }

  /** What was told in full; a request that the cache answered, or data: URLs, were not. */
  get observed(): Observed[] {
    return this.#order.flatMap(({ url = '', method = 'GET', asked, answered }) => {
      const at = URL.parse(url);
      if (at === null || !/^https?:$/.test(at.protocol) || asked === undefined) return [];
      const exchange = {
        url: at,
        method,
        ...(answered !== undefined && { status: answered.status }),
        requestHeaders: pairsOf(asked.headers),
        responseHeaders: pairsOf(answered?.headers ?? {}),
      };
      return [{ exchange, blocked: [...asked.blocked, ...(answered?.blocked ?? [])] }];
    });
  }

  /** The first request of the chain of which this part is not known yet. */
  #next(id: string, part: keyof Parts): Parts {
    const chain = this.#chains.get(id) ?? [];
    this.#chains.set(id, chain);
    const open = chain.find((parts) => parts[part] === undefined);
    if (open !== undefined) return open;
    const parts: Parts = {};
    chain.push(parts);
    this.#order.push(parts);
    return parts;
  }
}

function blockedOf(when: Blocked['when'], list: unknown): Blocked[] {
  return ((list ?? []) as readonly BlockedCookie[])
    .filter(({ blockedReasons = [] }) => blockedReasons.length > 0)
    .map(({ blockedReasons = [], cookie, cookieLine = '' }) => ({
      name: cookie?.name ?? /^\s*([^=;]*)=/.exec(cookieLine)?.[1]?.trim() ?? '',
      when,
      reasons: blockedReasons,
    }));
}

const pairsOf = (headers: Headers): RecordedHeader[] =>
  Object.entries(headers).flatMap(([name, value]) =>
    value.split('\n').map((line): RecordedHeader => [name, line]),
  );

/** A host with its port, as a proxy is asked for it. */
export const placeOf = ({ hostname, port, protocol }: URL): string =>
  `${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`;
