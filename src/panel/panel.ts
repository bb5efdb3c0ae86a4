import type { Trace } from '../client/trace/types.ts';
import { ExchangeLint } from '../cookie/lint-exchanges.ts';
import type { RecordedHeader } from '../cookie/recorded/exchange.ts';
import { randomText } from '../crypto/index.ts';
import { aClock, aSuffixList, expectEvent, expectTrace } from '../errors/kinds.ts';
import { type Check, checkOptions, having, type Shape } from '../errors/misuse.ts';
import { withMaskedParameters } from '../scope/path.ts';
import type { SuffixList } from '../scope/site.ts';
import type { Verdict } from '../scope/verdict.ts';
import type { ServerEvent } from '../server/events.ts';
import { type Exchange, pathOf, type ResponseHead } from '../server/exchange.ts';
import type { PipelineWatcher } from '../server/watcher.ts';
import type { SessionEvent } from '../session/events.ts';
import { type Clock, clockOf } from '../time.ts';
import type { TokenEvent } from '../tokens/events.ts';
import { CurrentRequest } from './current-request.ts';
import { begunExchange, eventOfPanel, exchangeOf, few, type PanelEntry, traceOfPanel } from './entries.ts';
import { ownOrigin, whyNotShown } from './guard.ts';
import { type OpenEntry, PanelLog } from './log.ts';
import { panelAnswer } from './pages.ts';

/** Options of {@link createPanel}. */
export interface PanelOptions {
  /** Where it is served. Default: `/__hallpass`. */
  path?: string;
  /** How many requests are kept, from 1 to 1,000. Default: 100. */
  maxRequests?: number;
  /**
   * What stands in the panel's address behind its path, for nobody is to guess it: 16 or more of A–Z, a–z, 0–9, `-` and `_`. Default:
   * random, another one at every start.
   */
  token?: string;
  /**
   * Takes the panel's address, once, when the first request of this machine has come; `false`: nobody does. Default: it is written
   * to the console.
   */
  onAddress?: ((address: string) => void) | false;
  /** The Public Suffix List, as `publicSuffixes` of hallpass/jar. Default: the last label of a host counts as its suffix. */
  suffixes?: SuffixList;
  /** What time it is. Default: the system's clock. */
  clock?: Clock;
}

const aCount: Check = (value, whose, option) => {
  if (Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 1_000) return;
  throw new TypeError(`${option} of ${whose} is a whole number from 1 to 1000, as 100.`);
};

const aToken: Check = (value, whose, option) => {
  if (typeof value === 'string' && /^[\w-]{16,200}$/.test(value)) return;
  throw new TypeError(
    `${option} of ${whose} is 16 or more letters, digits, - and _, as crypto.randomUUID() gives them.`,
  );
};

const aListener: Check = (value, whose, option) => {
  if (typeof value === 'function' || value === false) return;
  throw new TypeError(`${option} of ${whose} is a function, or false.`);
};

const shape: Shape<PanelOptions> = {
  path: 'string',
  maxRequests: aCount,
  token: aToken,
  onAddress: aListener,
  suffixes: aSuffixList,
  clock: aClock,
};

/** Listeners for what hallpass tells, and the pages that show it. */
export interface Panel extends PipelineWatcher {
  /** `onEvent` of `createSessions`. */
  readonly onSessionEvent: (event: SessionEvent) => void;
  /** `onEvent` of `createTokens`. */
  readonly onTokenEvent: (event: TokenEvent) => void;
  /** `onTrace` of `createClient`. */
  readonly onTrace: (trace: Trace) => void;
  /** Where the panel is, its token included, of an app at this origin. @throws TypeError for what is no URL */
  address(origin: string | URL): string;
  /** The last requests, the oldest first, as the page shows them. */
  readonly entries: readonly PanelEntry[];
}

/** What a request is judged by, when its head is known. */
interface Watched {
  readonly entry: OpenEntry;
  csrf?: Verdict;
  status?: number;
}

const anExchange = having('a request, as pipelines hand it to what they are watched by', 'header');
const aHead = having('the head of an answer, as Headers are', 'get', 'getSetCookie');

/** Request headers that decide about cookies. Only these are looked at, and none is kept. */
const judgedBy: readonly string[] = [
  'cookie',
  'authorization',
  'origin',
  'referer',
  'sec-fetch-site',
  'sec-fetch-mode',
  'sec-fetch-dest',
  'access-control-request-method',
  'access-control-request-headers',
];

/** Answer headers that decide about cookies, beside Set-Cookie. */
const decides: readonly string[] = [
  'location',
  'cache-control',
  'access-control-allow-origin',
  'access-control-allow-credentials',
  'access-control-allow-methods',
  'access-control-allow-headers',
];

/**
 * A page for developers, at `/__hallpass`: the last requests with what browsers make of their cookies, what happened to sessions,
 * what CSRF and CORS refused, and the calls that the server made meanwhile, live, each refusal with its fix. Its address has a
 * token that the console alone is told, so that whoever comes through a proxy has none, and it is served to this machine only: to
 * a loopback address that asks for a loopback Host, not through what says that it is a proxy, and not to other sites' pages.
 * Needs a host that knows who asks: Node, by any adapter that is Node's, or by `toNodeListener`.
 *
 * @throws TypeError with NODE_ENV=production
 * @example
 * ```ts
 * import { createPanel } from 'hallpass/panel';
 * import { pipeline } from 'hallpass/server';
 * import { createSessions } from 'hallpass/session';
 * import { memoryStore } from 'hallpass/stores/memory';
 *
 * const panel = createPanel();
 * const sessions = createSessions({ store: memoryStore(), onEvent: panel.onSessionEvent });
 * const serve = pipeline({ sessions, origins: ['http://localhost:3000'], watch: panel });
 *
 * const app = serve(() => new Response('', { headers: { 'set-cookie': 'a=1; SameSite=None; Path=/' } }));
 * await app(new Request('http://localhost:3000/'));
 * console.log(panel.entries[0]?.exchange?.cookies[0]?.findings[0]?.code); // → none-without-secure
 * ```
 */
export function createPanel(options: PanelOptions = {}): Panel {
  checkOptions(options, shape, 'createPanel');
  if (isProduction()) {
    throw new TypeError(
      'createPanel is for development: with NODE_ENV=production make none, as in watch: isProduction ? undefined : createPanel().',
    );
  }
  const { path = '/__hallpass', maxRequests = 100, suffixes } = options;
  const clock = clockOf(options.clock);
  const { token = randomText(16), onAddress = writeAddress } = options;
  if (!/^\/[\w.~-]+(?:\/[\w.~-]+)*$/.test(path))
    throw new TypeError("path of createPanel begins with '/' and ends without one, as '/__hallpass'.");
  const log = new PanelLog(maxRequests);
  const current = new CurrentRequest<OpenEntry>();
  const lint = new ExchangeLint({ suffixes, live: true });
  const watched = new WeakMap<Exchange, Watched>();
  let isAnnounced = onAddress === false;

  const addressAt = (origin: URL) => new URL(`${path}/${token}`, origin).href;

  /** Says where the panel is, as soon as a request has told where the app is. */
  function announce(exchange: Exchange): void {
    if (isAnnounced || onAddress === false || whyNotShown(exchange) !== undefined) return;
    isAnnounced = true;
    onAddress(addressAt(ownOrigin(exchange)!));
  }

  /** The entry of what is being answered, or one of its own. */
  const here = () => current.value ?? log.open(clock.now());

  function judge(exchange: Exchange, headers: readonly RecordedHeader[]): void {
    const known = watched.get(exchange);
    if (known === undefined) return;
    const { method } = exchange;
    const requestHeaders = judgedBy.flatMap((name) => pairOf(name, exchange.header(name)));
    const url = urlOf(exchange);
    const time = clock.now();
    const judged = lint.next({
      ...(url !== undefined && { url }),
      method,
      ...(known.status !== undefined && { status: known.status }),
      time,
      requestHeaders,
      responseHeaders: headers,
    });
    known.entry.exchange = exchangeOf(judged, shownPath(exchange), known.csrf);
    log.changed(known.entry);
  }

  return {
    get entries() {
      return log.entries;
    },
    address(origin) {
      const url = typeof origin === 'string' || origin instanceof URL ? URL.parse(origin) : null;
      if (url === null || !/^https?:$/.test(url.protocol))
        throw new TypeError("panel.address(origin) takes the origin of the app, as 'http://localhost:3000'.");
      return addressAt(url);
    },
    onSessionEvent(event) {
      expectEvent(event, 'onSessionEvent of a panel');
      log.addEvent(here(), eventOfPanel('session', event));
    },
    onTokenEvent(event) {
      expectEvent(event, 'onTokenEvent of a panel');
      log.addEvent(here(), eventOfPanel('token', event));
    },
    onTrace(trace) {
      expectTrace(trace, 'onTrace of a panel');
      log.addTrace(here(), traceOfPanel(trace));
    },
    answer(exchange) {
      anExchange(exchange, 'panel.answer(exchange)', 'exchange');
      if (isProduction()) return undefined;
      announce(exchange);
      return panelAnswer(exchange, path, token, log);
    },
    begun(exchange) {
      anExchange(exchange, 'panel.begun(exchange)', 'exchange');
      if (isProduction()) return;
      const entry = log.open(clock.now());
      entry.exchange = begunExchange(exchange.method, shownPath(exchange));
      watched.set(exchange, { entry });
      current.enter(entry);
      log.changed(entry);
    },
    happened(event: ServerEvent, exchange) {
      expectEvent(event, 'happened of a panel');
      log.addEvent(watched.get(exchange)?.entry ?? here(), eventOfPanel('server', event));
    },
    judged(verdict, exchange) {
      const known = watched.get(exchange);
      if (known !== undefined) known.csrf = verdict;
    },
    committed(status, exchange) {
      const known = watched.get(exchange);
      if (known !== undefined) known.status = status;
    },
    answered(head, exchange) {
      aHead(head, 'panel.answered(head, exchange)', 'head');
      judge(exchange, headersOf(head));
    },
  };
}

/** Asked at each request: a program may set it after it has begun. */
const isProduction = () => globalThis.process?.env?.NODE_ENV === 'production';

/** To standard error, as the output of a program may be read by another. */
const writeAddress = (address: string) => console.warn(`hallpass: the panel is at ${address}`);

const pairOf = (name: string, value: string | null | undefined): RecordedHeader[] =>
  value === undefined || value === null ? [] : [[name, value]];

const headersOf = (head: ResponseHead): RecordedHeader[] => [
  ...few(head.getSetCookie()).map((line): RecordedHeader => ['set-cookie', line]),
  ...decides.flatMap((name) => pairOf(name, head.get(name))),
];

const shownPath = ({ url }: Exchange) => withMaskedParameters(pathOf(url));

/** Where the browser believes it is, as far as the request says. */
function urlOf(exchange: Exchange): URL | undefined {
  const { url, secure } = exchange;
  const host = exchange.header('host');
  return URL.parse(url) ?? URL.parse(`${secure ? 'https' : 'http'}://${host}${url}`) ?? undefined;
}
