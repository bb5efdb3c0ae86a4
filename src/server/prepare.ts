import { type HostSessions, hostSessions } from '../cookie/host-sessions.ts';
import { checkOptions, expectType, type Shape } from '../errors/misuse.ts';
import { notify } from '../errors.ts';
import { allowedOrigins } from '../scope/allowed-origins.ts';
import type { Reason } from '../scope/verdict.ts';
import type { Sessions } from '../session/types.ts';
import { clockOf } from '../time.ts';
import type { Tokens } from '../tokens/types.ts';
import { isPostOfAnotherSite } from './another-site.ts';
import { type Cors, prepareCors } from './cors.ts';
import { type Csrf, prepareCsrf } from './csrf.ts';
import { tokenHeaderOf } from './csrf-token.ts';
import type { EventDetails } from './events.ts';
import { type Exchange, pathOf } from './exchange.ts';
import { type AnsweringOptions, type ServerOptions, serverShape } from './options.ts';
import {
  type CookieWatch,
  consentWarner,
  cookieWatch,
  crossSiteWriteWarner,
  csrfWarner,
  droppedWritesWarner,
  lateMountWarner,
  preflightWarner,
  sharedAnswerWarner,
  warnerOf,
  warnOfPolicy,
} from './warnings.ts';
import { type PipelineWatcher, watchSafely } from './watcher.ts';

/** The options of one pipeline, checked once and ready for every request. */
export interface PreparedOptions<
  Data extends object,
  Host extends unknown[],
  Claims extends object = Record<string, unknown>,
> {
  readonly sessions: Sessions<Data> | undefined;
  /** What the host does with them. */
  readonly hostSessions: HostSessions | undefined;
  readonly tokens: Tokens<Claims> | undefined;
  readonly cors: Cors | undefined;
  readonly csrf: Csrf | undefined;
  readonly address: ServerOptions<Data, Host, Claims>['address'];
  readonly onRefuse: ServerOptions<Data, Host, Claims>['onRefuse'];
  readonly onError: AnsweringOptions<Data, Host, Claims>['onError'];
  /** The value of Clear-Site-Data for an answer that signs a user out. */
  readonly clearSiteData: string | undefined;
  /** True when somebody is told of events. */
  readonly isWatched: boolean;
  /** Warns of cookies that browsers will drop; `undefined` where nobody is told. */
  readonly watchCookies: CookieWatch | undefined;
  /** Warns of a middleware that may answer without CORS headers; `undefined` without CORS, or where nobody is told. */
  readonly warnOfLateMount: (() => void) | undefined;
  /** Warns of writes that a failure dropped; `undefined` where nobody is told. */
  readonly warnOfDroppedWrites: ((status: number | undefined) => void) | undefined;
  /** Warns of an answer that was offered to shared caches; `undefined` where nobody is told. */
  readonly warnOfSharedAnswer: ((exchange: Exchange) => void) | undefined;
  /** Which cookies with a purpose are set. */
  readonly consent: ServerOptions<Data, Host, Claims>['consent'];
  /** Warns of cookies that were not set for want of consent; `undefined` where nobody is told. */
  readonly warnOfConsent: ((name: string, purpose: string) => void) | undefined;
  /** True where the browser may have a session cookie that it does not send with this request. */
  withholdsSessionCookie(exchange: Exchange): boolean;
  /** Warns of writes that another site's request made and that are not kept; `undefined` where nobody is told. */
  readonly warnOfCrossSiteWrite: ((exchange: Exchange) => void) | undefined;
  /** Warns of a request that may not change state; `undefined` where nobody is told. */
  readonly warnOfCsrf: ((against: readonly Reason[]) => void) | undefined;
  /** Looks on; `undefined` where nobody does. */
  readonly watcher: PipelineWatcher | undefined;
  /** The answer, when this is a preflight, or for the watcher itself. */
  preflight(exchange: Exchange, host: Host): Response | undefined;
  /** Tells the listener; one that throws never breaks a request. */
  emit(event: EventDetails, exchange: Exchange, host: Host): void;
}

/**
 * @param own the shape of options that the host itself reads
 * @throws TypeError for a policy that cannot mean what it says
 */
export function prepare<
  Data extends object,
  Host extends unknown[],
  Claims extends object = Record<string, unknown>,
>(options: AnsweringOptions<Data, Host, Claims>, own?: Shape<object>): PreparedOptions<Data, Host, Claims> {
  checkCall(options, own);
  checkOptions<object>(options, { ...serverShape, ...own }, 'a pipeline');
  if (options.consent !== undefined)
    expectType(options.consent.purposes, 'function', 'consent.purposes of a pipeline');
  const cors =
    options.cors === undefined ? undefined : prepareCors(options.cors, tokenHeaderOf(options.csrf));
  const allowed = allowedOrigins(options.origins ?? [], 'origins');
  const origins = [...(options.origins ?? [])];
  const csrf =
    options.csrf === false ? undefined : prepareCsrf(options.csrf ?? {}, cors?.trusted ?? [], origins);
  const host = options.sessions && hostSessions(options.sessions);
  const warn = warnerOf(options.onWarning);
  if (warn !== undefined) warnOfPolicy(host?.cookie, options, warn);

  const clock = clockOf(options.clock);
  const onEvent = options.onEvent?.bind(options) ?? logFailure;

  const warnOfPreflight = warn && preflightWarner(warn);
  const watcher = options.watch && watchSafely(options.watch);
  const emit = (event: EventDetails, exchange: Exchange, host: Host) => {
    const { method, url } = exchange;
    const reported = { ...event, at: clock.now(), method, path: pathOf(url) };
    watcher?.happened(reported, exchange);
    const work = notify(() => onEvent(reported));
    if (work !== undefined) notify(() => options.waitUntil?.(work, ...host));
  };

  return {
    sessions: options.sessions,
    hostSessions: host,
    tokens: options.tokens,
    cors,
    csrf,
    address: options.address,
    onRefuse: options.onRefuse,
    onError: options.onError,
    clearSiteData: options.clearSiteData?.map((kind) => `"${kind}"`).join(', ') || undefined,
    isWatched: options.onEvent !== undefined || watcher !== undefined,
    watcher,
    consent: options.consent,
    warnOfConsent: warn && consentWarner(warn),
    warnOfLateMount: cors && warn && lateMountWarner(warn),
    warnOfDroppedWrites: warn && droppedWritesWarner(warn),
    warnOfSharedAnswer: warn && sharedAnswerWarner(warn),
    watchCookies:
      warn &&
      cookieWatch(
        [...allowed.exact].filter((origin) => origin.startsWith('http')),
        warn,
      ),
    withholdsSessionCookie: (exchange) =>
      host?.cookie.attributes.sameSite !== 'none' && isPostOfAnotherSite(exchange, allowed),
    warnOfCrossSiteWrite: warn && crossSiteWriteWarner(warn),
    warnOfCsrf: csrf && warn && csrfWarner(warn),
    preflight(exchange, host) {
      const forWatcher = watcher?.answer(exchange);
      if (forWatcher !== undefined) return forWatcher;
      watcher?.begun(exchange);
      const preflight = cors?.preflight(exchange);
      if (preflight === undefined) return undefined;
      const { answer, against } = preflight;
      if (against.length > 0) {
        emit({ type: 'preflight-refused', reasons: against }, exchange, host);
        warnOfPreflight?.(exchange, against);
      }
      watcher?.committed(answer.status, exchange);
      watcher?.answered(answer.headers, exchange);
      return answer;
    },
    emit,
  };
}

/** An error that nobody listens for is not lost. */
function logFailure(event: EventDetails): void {
  if (event.type === 'failed') console.error(event.error);
}

/** What applications and requests of frameworks have, and options never. */
const ofFrameworks = ['addHook', 'on', 'req'] as const;

/** @throws TypeError for what was called by its framework, and for an option that belongs to somebody else */
function checkCall(options: object, own: object = {}): void {
  const given = (options ?? {}) as Readonly<Record<string, unknown>>;
  if (ofFrameworks.some((name) => given[name] !== undefined))
    throw new TypeError(
      'hallpass is called with its options first: app.use(hallpass(options)), or await app.register(hallpass(options)) of Fastify.',
    );
  if (given.trustProxy !== undefined && !('trustProxy' in own))
    throw new TypeError(
      'trustProxy is an option of who reads the connection: toNodeListener(app.fetch, { trustProxy }). Elsewhere the option address tells who asks.',
    );
  if (given.onError !== undefined && !('onError' in own))
    throw new TypeError(
      'onError is for hosts without error handlers. Answer errors with the handler of your framework: app.use((error, req, res, next) => …) of Express, app.setErrorHandler of Fastify, app.onError of Hono.',
    );
}
