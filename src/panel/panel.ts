import type { Trace } from '../client/trace/types.ts';
import { ExchangeLint } from '../cookie/lint-exchanges.ts';
import type { RecordedHeader } from '../cookie/recorded/exchange.ts';
import { aClock, expectEvent, expectTrace } from '../errors/kinds.ts';
import { checkOptions, having, type Shape } from '../errors/misuse.ts';
import type { SuffixList } from '../scope/site.ts';
import type { Verdict } from '../scope/verdict.ts';
import type { ServerEvent } from '../server/events.ts';
import { type Exchange, pathOf, type ResponseHead } from '../server/exchange.ts';
import type { PipelineWatcher } from '../server/watcher.ts';
import type { SessionEvent } from '../session/events.ts';
import { type Clock, systemClock } from '../time.ts';
import type { TokenEvent } from '../tokens/events.ts';
import { CurrentRequest } from './current-request.ts';
import { eventOfPanel, exchangeOf, type PanelEntry, traceOfPanel } from './entries.ts';
import { type OpenEntry, PanelLog } from './log.ts';
import { panelAnswer } from './pages.ts';

/** Options of {@link createPanel}. */
export interface PanelOptions {
  /** Where it is served. Default: `/__hallpass`. */
  path?: string;
  /** How many requests are kept. Default: 100. */
  maxRequests?: number;
  /** The Public Suffix List, as `publicSuffixes` of hallpass/jar. Default: the last label of a host counts as its suffix. */
  suffixes?: SuffixList;
  /** What time it is. Default: the system's clock. */
  clock?: Clock;
}

const shape: Shape<PanelOptions> = {
  path: 'string',
  maxRequests: 'number',
  suffixes: 'object',
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
 * what CSRF and CORS refused, and the calls that the server made meanwhile, live, each refusal with its fix. It is served to
 * this machine only: to a loopback address that asks for a loopback Host, not through a proxy, and not to other sites' pages.
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
  if (globalThis.process?.env?.NODE_ENV === 'production') {
    throw new TypeError(
      'createPanel is for development: with NODE_ENV=production make none, as in watch: isProduction ? undefined : createPanel().',
    );
  }
  const { path = '/__hallpass', maxRequests = 100, suffixes, clock = systemClock } = options;
  if (!/^\/[\w.~-]+(?:\/[\w.~-]+)*$/.test(path))
    throw new TypeError("path of createPanel begins with '/' and ends without one, as '/__hallpass'.");
  const log = new PanelLog(maxRequests);
  const current = new CurrentRequest<OpenEntry>();
  const lint = new ExchangeLint({ suffixes, repeats: true });
  const watched = new WeakMap<Exchange, Watched>();

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
    known.entry.exchange = exchangeOf(judged, pathOf(exchange.url), known.csrf);
    log.changed(known.entry);
  }

  return {
    get entries() {
      return log.entries;
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
      return panelAnswer(exchange, path, log);
    },
    begun(exchange) {
      anExchange(exchange, 'panel.begun(exchange)', 'exchange');
      const entry = log.open(clock.now());
      entry.exchange = { method: exchange.method, path: pathOf(exchange.url), cookies: [], findings: [] };
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

const pairOf = (name: string, value: string | null | undefined): RecordedHeader[] =>
  value === undefined || value === null ? [] : [[name, value]];

const headersOf = (head: ResponseHead): RecordedHeader[] => [
  ...head.getSetCookie().map((line): RecordedHeader => ['set-cookie', line]),
  ...decides.flatMap((name) => pairOf(name, head.get(name))),
];

/** Where the browser believes it is, as far as the request says. */
function urlOf(exchange: Exchange): URL | undefined {
  const { url, secure } = exchange;
  const host = exchange.header('host');
  return URL.parse(url) ?? URL.parse(`${secure ? 'https' : 'http'}://${host}${url}`) ?? undefined;
}
