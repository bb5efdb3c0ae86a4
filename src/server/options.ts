import { aClock, aKeyRing } from '../errors/kinds.ts';
import { having, listOf, oneOf, optionsOf, type Shape } from '../errors/misuse.ts';
import type { AllowedOrigin } from '../scope/allowed-origins.ts';
import type { LintFinding } from '../scope/lint-finding.ts';
import type { Verdict } from '../scope/verdict.ts';
import type { KeyRing } from '../seal/key-ring.ts';
import type { Sessions } from '../session/types.ts';
import type { Clock, Duration } from '../time.ts';
import type { Tokens } from '../tokens/types.ts';
import type { ConsentPolicy } from './consent.ts';
import type { ServerEvent } from './events.ts';
import type { ExemptRoute } from './exempt-routes.ts';
import type { PipelineWatcher } from './watcher.ts';

/** Which other origins' pages may read the answers. */
export interface CorsPolicy {
  /**
   * As browsers write them, `https://app.example.com`, and as `origins` of the server may say it; or `['*']`: every origin,
   * without credentials.
   */
  origins: readonly AllowedOrigin[];
  /** True: with the visitor's cookies. Such origins may also change state, unless `csrf.trust` says otherwise. Default: false. */
  credentials?: boolean;
  /** Default: GET, HEAD, POST, PUT, PATCH, DELETE. `['*']`: whatever is asked for. */
  methods?: readonly string[];
  /**
   * Request headers beyond the CORS-safelisted ones. `['*']`: whatever is asked for. Default: Authorization, Content-Type, and
   * where there are `csrf.keys` the header of their tokens.
   */
  allowHeaders?: readonly string[];
  /** Answer headers that the page's script may read, beyond the CORS-safelisted ones. Default: none. */
  exposeHeaders?: readonly string[];
  /** How long a browser may keep the answer to a preflight; over a day say the unit. Default: as long as it does by itself, 5 s mostly. */
  maxAge?: Duration;
}

/** Which requests may change state with a visitor's cookies. */
export interface CsrfPolicy {
  /** Other origins that may, written as `origins` of the server. Default: the CORS origins, where they have credentials. */
  trust?: readonly AllowedOrigin[];
  /** Prove the tokens of `context.csrfToken()`, for requests of which no header says where they come from. Default: there are no tokens. */
  keys?: KeyRing;
  /** Clients that send neither Sec-Fetch-Site nor Origin: `'allow'` them, as programs, or ask them for a `'token'`. Default: `'allow'`. */
  bare?: 'allow' | 'token';
  /**
   * Which methods are judged: `'unsafe'`, or `'all'`, reads too: for an API behind cookies, whose answers no other site
   * may cause. A link from another site is refused then, so pages go elsewhere. Default: `'unsafe'`.
   */
  methods?: 'unsafe' | 'all';
  /** The request header that carries a token. Default: `x-csrf-token`. */
  header?: string;
  /** The field of an urlencoded form, of 64 KB at most, that carries a token. Default: `csrf_token`. */
  field?: string;
  /** `'report'`: refuse nothing, tell `onEvent`. Default: `'enforce'`. */
  mode?: 'enforce' | 'report';
  /**
   * Routes that are not judged: each exactly, `'POST /hooks/payment'`, or `'/hooks/payment'` for every method; or a family,
   * `{ method: 'POST', path: new URLPattern({ pathname: '/saml/:tenant/acs' }) }`, or the pattern alone for every method. Default: none.
   */
  exempt?: readonly ExemptRoute[];
}

/** A kind of data that a site keeps in a browser. Clear Site Data §3.1. */
export type SiteData = 'cache' | 'cookies' | 'storage' | 'executionContexts' | '*';

/** @typeParam Host what the host hands to the hooks: the request and the platform's own arguments, or a framework's context. */
export interface ServerOptions<
  Data extends object,
  Host extends unknown[],
  Claims extends object = Record<string, unknown>,
> {
  /** Made by `createSessions`. Default: requests have none. */
  sessions?: Sessions<Data>;
  /** Made by `createTokens`. Beside sessions, both are accepted, and a good token comes first. Default: requests have none. */
  tokens?: Tokens<Claims>;
  /**
   * The public origins of this server: `['https://app.example.com']`, in development `['http://localhost:3000']`. A pattern,
   * `https://*.example.com`, is every host below, each of them trusted; a function answers for what no list knows, tenants'
   * domains for example; an app has a scheme of its own, `capacitor://localhost`. One of plain http counts for no request that
   * came over https, unless it is this machine's. Never derived from a request. Without them a state-changing request from a
   * browser that sends Origin but no Sec-Fetch-Site is refused. Default: none.
   */
  origins?: readonly AllowedOrigin[];
  /** Which other origins' pages may read the answers. Default: none. */
  cors?: CorsPolicy;
  /** How state-changing requests are judged; false: not at all. Default: as the defaults of the policy say. */
  csrf?: CsrfPolicy | false;
  /**
   * Cookies whose definition has a `consent` are set for visitors who agree to that purpose, and for nobody else; a cookie of
   * whom agrees no longer is expired. Default: nobody has agreed to anything.
   */
  consent?: ConsentPolicy<Host>;
  /** The visitor's address. Default: the connection's, behind `toNodeListener`. */
  address?(...host: Host): string | undefined;
  /** Gets the promises that `onEvent` returned, for a runtime that ends when the answer is sent. Default: nobody does. */
  waitUntil?(work: Promise<unknown>, ...host: Host): void;
  /**
   * What browsers are told to forget, beside the cookie itself, by the answer that signs a user out (Clear-Site-Data). Note that
   * `'cookies'` means those of the whole site, other applications' too. Browsers heed it over https only.
   * Default: nothing else.
   */
  clearSiteData?: readonly SiteData[];
  /**
   * Told at start what will not work as configured, and of every cookie in an answer that browsers will drop, once. False:
   * nobody is. Default: `console.warn`, when NODE_ENV is `development` or unset.
   */
  onWarning?: false | ((warning: LintFinding) => void);
  /** Looks on, in development: what `createPanel` of hallpass/panel made. Default: nobody does. */
  watch?: PipelineWatcher | undefined;
  /** May return a promise; what it throws is ignored. Default: the error of a `failed` event goes to `console.error`. */
  onEvent?: (event: ServerEvent) => unknown;
  /** What time it is, for events. Default: the system's clock. */
  clock?: Clock;
  /** The answer to a request that `honor` refused. Default: 403 with the reason, as JSON. */
  onRefuse?(verdict: Verdict, ...host: Host): Response | undefined | Promise<Response | undefined>;
}

/** The options where nobody but the pipeline answers errors. Frameworks have error handlers of their own. */
export interface AnsweringOptions<
  Data extends object,
  Host extends unknown[],
  Claims extends object = Record<string, unknown>,
> extends ServerOptions<Data, Host, Claims> {
  /**
   * The answer to what a handler threw, or to a commit that failed. One below 500 says that it was no failure: what was written
   * and a login are kept, where they still can be. For frameworks that throw what they mean as an answer, as the `redirect()` of
   * Next.js. Not asked for a thrown `Response`, which is an answer itself. Default: the answer of the error, or 500;
   * so it is for `undefined`.
   */
  onError?(error: unknown, ...host: Host): Response | undefined | Promise<Response | undefined>;
}

const corsShape: Shape<CorsPolicy> = {
  origins: 'array',
  credentials: 'boolean',
  methods: listOf('string'),
  allowHeaders: listOf('string'),
  exposeHeaders: listOf('string'),
  maxAge: 'string|number',
};

const csrfShape: Shape<CsrfPolicy> = {
  trust: 'array',
  keys: aKeyRing,
  bare: oneOf(['allow', 'token']),
  methods: oneOf(['unsafe', 'all']),
  header: 'string',
  field: 'string',
  mode: oneOf(['enforce', 'report']),
  exempt: 'array',
};

const consentShape: Shape<ConsentPolicy<never>> = {
  purposes: 'function',
  cookies: listOf(having('a defined cookie, as defineCookie(name)', 'read', 'serializeDelete')),
};

/** What every pipeline takes. */
export const serverShape: Shape<ServerOptions<object, never>> = {
  sessions: 'object',
  tokens: having('what createTokens gave', 'authenticate'),
  origins: 'array',
  cors: optionsOf(corsShape),
  csrf: oneOf([false], ['an object of options', optionsOf(csrfShape)]),
  consent: optionsOf(consentShape),
  address: 'function',
  waitUntil: 'function',
  clearSiteData: listOf(oneOf(['cache', 'cookies', 'storage', 'executionContexts', '*'])),
  onWarning: oneOf([false], ['a function', 'function']),
  watch: having('what createPanel gave', 'answer', 'begun', 'happened', 'judged', 'committed', 'answered'),
  onEvent: 'function',
  clock: aClock,
  onRefuse: 'function',
};

/** What a pipeline takes besides, where nobody else answers errors. */
export const answeringShape: Shape<Pick<AnsweringOptions<object, never>, 'onError'>> = {
  onError: 'function',
};
