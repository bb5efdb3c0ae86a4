import {
  defineCookie,
  type LintCode,
  type LintFinding,
  type LintFindingCode,
  lintExchanges,
  lintSetCookie,
  type RecordedHeader,
} from 'hallpass';
import { anywhere, apiKey, bearer, type ClientOptions, createClient } from 'hallpass/client';
import { hallpass } from 'hallpass/hono';
import { type PipelineOptions, pipeline, type RequestContext } from 'hallpass/server';
import { createSessions } from 'hallpass/session';
import { memoryStore } from 'hallpass/stores/memory';
import { Hono } from 'hono';

/** Breaks a rule, and gives what was found. */
export type Breaking = () => LintFinding[] | Promise<LintFinding[]>;

const good = 'Path=/; Secure; HttpOnly; SameSite=Lax';
const cacheable = new Headers({ 'cache-control': 'public, max-age=60' });

/** The smallest line that breaks each rule. */
export const lintCalls = {
  'name-like-prefix': () => lintSetCookie(`Host__theme=v; ${good}`),
  'name-prefix-case': () => lintSetCookie(`__host-sid=v; ${good}`),
  'name-missing': () => lintSetCookie(`v; ${good}`),
  'name-not-token': () => lintSetCookie(`a b=v; ${good}`),
  'value-json': () => lintSetCookie(`a={"n":1}; ${good}`),
  'value-quoted': () => lintSetCookie(`a="v"; ${good}`),
  'value-octets': () => lintSetCookie(`a=v,w; ${good}`),
  'line-too-long': () => lintSetCookie(`a=v; ${`Path=/${'p'.repeat(1_000)}; `.repeat(5)}${good}`),
  'lines-joined': () => lintSetCookie(`a=v; Path=/; Secure; SameSite=Lax, b=w`),
  'attribute-unknown': () => lintSetCookie(`a=v; ${good}; Colour=red`),
  'attribute-misspelt': () => lintSetCookie(`a=v; ${good}; HttpOnyl`),
  'attribute-repeated': () => lintSetCookie(`a=v; ${good}; path=/`),
  'attribute-too-long': () => lintSetCookie(`a=v; ${good}; Domain=${'d'.repeat(1_025)}`),
  'flag-with-value': () => lintSetCookie(`a=v; Path=/; Secure=false; HttpOnly; SameSite=Lax`),
  'expires-unreadable': () => lintSetCookie(`a=v; ${good}; Expires=tomorrow`),
  'expires-not-fixdate': () => lintSetCookie(`a=v; ${good}; Expires=Mon, 21 Nov 2026 10:00:00 GMT`),
  'max-age-unreadable': () => lintSetCookie(`a=v; ${good}; Max-Age=30m`),
  'path-relative': () => lintSetCookie('a=v; Path=app; Secure; HttpOnly; SameSite=Lax'),
  'path-unsaid': () =>
    lintSetCookie('a=v; Secure; HttpOnly; SameSite=Lax', { url: 'https://a.example.com/b/c' }),
  'prefix-not-enforced': () => lintSetCookie(`__Host-a=v; ${good}`, { engine: 'webkit' }),
  'same-site-unsaid': () => lintSetCookie('a=v; Path=/; Secure; HttpOnly'),
  'domain-widens': () => lintSetCookie(`a=v; ${good}; Domain=example.com`),
  'travels-in-clear': () => lintSetCookie('a=v; Path=/; HttpOnly; SameSite=Lax'),
  'script-readable': () => lintSetCookie('__Host-auth=v; Path=/; Secure; SameSite=Lax'),
  'sibling-can-plant': () => lintSetCookie(`session=v; ${good}`),
  'third-party-blocked': () => lintSetCookie('a=v; Path=/; Secure; HttpOnly; SameSite=None'),
  'long-lived-secret': () => lintSetCookie(`__Host-token=v; ${good}; Max-Age=90000`),
  'safari-drops': () => lintSetCookie(`a=v; ${good}`, { url: 'http://localhost:3000/' }),
  'response-cacheable': () => lintSetCookie(`a=v; ${good}`, { headers: cacheable }),
} satisfies Partial<Record<LintCode, () => LintFinding[]>>;

const url = new URL('https://a.example.com/b/c');
const origin = 'https://b.example.com';
const asked = (responseHeaders: RecordedHeader[]) =>
  lintExchanges([
    {
      url,
      status: 200,
      requestHeaders: [
        ['origin', origin],
        ['cookie', 'a=v'],
      ],
      responseHeaders,
    },
  ]).flatMap(({ findings }) => [...findings]);

/** The shortest conversations that break each rule. */
export const exchangeCalls = {
  'deletion-missed': () =>
    lintExchanges([
      { url, responseHeaders: [['set-cookie', `a=v; ${good}`]] },
      { url, responseHeaders: [['set-cookie', 'a=; Max-Age=0']] },
    ]).flatMap(({ findings }) => [...findings]),
  'cors-any-origin': () => asked([['access-control-allow-origin', '*']]),
  'cors-no-credentials': () => asked([['access-control-allow-origin', origin]]),
} satisfies Partial<Record<LintCode, () => LintFinding[]>>;

const a = 'https://a.example.com';
const audit = (options: ClientOptions) => createClient(options).audit();

/** The smallest client that breaks each rule. */
export const auditCalls = {
  'credential-in-header': () => audit({ baseUrl: a, headers: { authorization: 'x' } }),
  'header-without-scope': () => audit({ headers: { authorization: 'x' } }),
  'cookie-without-host': () => audit({ headers: { cookie: 'a=1' } }),
  'scope-anywhere': () => audit({ credentials: bearer('x', { for: anywhere }) }),
  'scope-plain-http': () => audit({ credentials: apiKey('k', 'x', { for: 'http://a.example.com' }) }),
  'user-in-base-url': () => audit({ baseUrl: 'https://u:p@a.example.com' }),
  'secret-listed': () => audit({ redirect: { crossOriginHeaders: ['x-api-key'] } }),
  'body-anywhere': () => audit({ redirect: { crossOriginBody: true } }),
  'timeout-too-long': () => audit({ timeout: '2h' }),
  'retry-not-idempotent': () => audit({ retry: { methods: ['POST'] } }),
} satisfies Partial<Record<LintCode, () => LintFinding[]>>;

/** What a server is told at its start. */
function start(options: Pick<PipelineOptions<object, []>, 'origins' | 'cors'>): LintFinding[] {
  const found: LintFinding[] = [];
  const sessions = createSessions({ store: memoryStore() });
  pipeline({ ...options, sessions, onWarning: (finding) => found.push(finding) });
  return found;
}

/** What a server is told of one request. */
async function serve(
  options: Omit<PipelineOptions<Record<string, unknown>, []>, 'sessions' | 'onWarning'>,
  handler: (context: RequestContext) => Response | Promise<Response>,
  request = new Request(a),
): Promise<LintFinding[]> {
  const found: LintFinding[] = [];
  const sessions = createSessions({ store: memoryStore() });
  const served = pipeline({ ...options, sessions, onWarning: (finding) => found.push(finding) });
  await served((_request, context) => handler(context))(request);
  return found;
}

/** The smallest server that breaks each rule. */
export const serverCalls = {
  'secure-on-http': () => start({ origins: ['http://a.example.com'] }),
  'cors-without-cookie': () =>
    start({ origins: [a], cors: { origins: ['https://b.example.org'], credentials: true } }),
  'mounted-late': async () => {
    const found: LintFinding[] = [];
    const pass = hallpass({ cors: { origins: [a] }, onWarning: (finding) => found.push(finding) });
    await new Hono()
      .use(async (_c, next) => next())
      .use(pass)
      .request(a);
    return found;
  },
  'cross-site-write': () =>
    serve(
      { csrf: false },
      async (context) => {
        (await context.session()).set('state', 1);
        return new Response('x');
      },
      new Request(a, { method: 'POST', headers: { 'sec-fetch-site': 'cross-site' } }),
    ),
  'preflight-refused': () =>
    serve(
      { cors: { origins: [a] } },
      () => new Response('x'),
      new Request(a, {
        method: 'OPTIONS',
        headers: { origin: 'https://b.example.org', 'access-control-request-method': 'PUT' },
      }),
    ),
  'answer-made-private': () =>
    serve({}, async (context) => {
      await context.session();
      return new Response('x', { headers: { 'cache-control': 'public, max-age=60' } });
    }),
  'writes-dropped': () =>
    serve({}, async (context) => {
      (await context.session()).set('seen', 1);
      return new Response(null, { status: 502 });
    }),
  'not-consented': () =>
    serve({}, ({ cookies }) => {
      cookies.set(defineCookie('visitor', { consent: 'statistics' }), 'id');
      return new Response(null, { status: 204 });
    }),
} satisfies Partial<Record<LintCode, Breaking>>;

/** Rules that cannot be broken alone, with what else is then found. */
export const companions: Partial<Record<LintCode, readonly LintFindingCode[]>> = {
  'line-too-long': ['attribute-repeated'],
  'lines-joined': ['same-site-unsaid'],
};
