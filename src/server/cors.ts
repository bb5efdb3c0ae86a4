import { type AllowedOrigin, allowedOrigins } from '../scope/allowed-origins.ts';
import { isToken, namedMethod } from '../scope/http-syntax.ts';
import { shownOrigin } from '../scope/origin.ts';
import { type Reason, reason } from '../scope/verdict.ts';
import { lifetimeToMilliseconds } from '../time.ts';
import { addToList, type Exchange, type ResponseHead } from './exchange.ts';
import type { CorsPolicy } from './options.ts';

/** A CORS policy, checked and ready. Fetch §3.3. */
export interface Cors {
  /** The origins that may come with cookies. */
  readonly trusted: readonly AllowedOrigin[];
  /** The answer, when this is a preflight: it never reaches the handler and never sets a cookie. */
  preflight(exchange: Exchange): Preflight | undefined;
  /** Asks the functions among the origins, before there is anything to be marked. @throws what they throw */
  expectAnswer(exchange: Exchange): void;
  /** Marks the answer, whatever its status. Who gave no answer to `expectAnswer` allows nobody. */
  mark(exchange: Exchange, head: ResponseHead): void;
}

interface Preflight {
  readonly answer: Response;
  /** Why the browser will not send the request itself; empty where it will. */
  readonly against: readonly Reason[];
}

const safelistedMethods = new Set(['GET', 'HEAD', 'POST']);
const usualMethods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];
const usualHeaders = ['authorization', 'content-type'];
const preflightVary = ['Access-Control-Request-Method', 'Access-Control-Request-Headers'];

/**
 * @param tokenHeader the header that carries a CSRF token, where there are any: allowed by default
 * @throws TypeError for a policy that no browser obeys, or that would trust everybody.
 */
export function prepareCors(policy: CorsPolicy, tokenHeader?: string): Cors {
  const credentials = policy.credentials === true;
  const everybody = Array.isArray(policy.origins) && policy.origins.includes('*');
  if (everybody && credentials) {
    throw new TypeError(
      "cors: '*' with credentials would let every site act as the visitor. List the origins, or leave credentials out.",
    );
  }
  if (credentials && policy.exposeHeaders?.includes('*')) {
    throw new TypeError("cors.exposeHeaders: browsers ignore '*' with credentials. List the headers.");
  }
  const origins = allowedOrigins(everybody ? [] : policy.origins, 'cors.origins');
  const asks = policy.origins.some((origin) => typeof origin === 'function');
  const named = (policy.methods ?? usualMethods).map((method) => namedMethod(method, 'cors.methods'));
  const methods = listOf(named, 'cors.methods');
  const byDefault = tokenHeader === undefined ? usualHeaders : [...usualHeaders, tokenHeader];
  const headers = listOf(policy.allowHeaders ?? byDefault, 'cors.allowHeaders');
  const exposed = listOf(policy.exposeHeaders ?? [], 'cors.exposeHeaders');
  const maxAge =
    policy.maxAge === undefined ? undefined : Math.floor(lifetimeToMilliseconds(policy.maxAge) / 1_000);

  function admitOrigin(exchange: Exchange, head: ResponseHead): boolean {
    if (everybody) {
      head.set('access-control-allow-origin', '*');
      return true;
    }
    addToList(head, 'vary', variesByOrigin);
    const origin = exchange.header('origin');
    if (origin === undefined || !origins.includes(origin)) return false;
    head.set('access-control-allow-origin', origin);
    if (credentials) head.set('access-control-allow-credentials', 'true');
    return true;
  }

  function isAdmitted(exchange: Exchange, head: ResponseHead): boolean {
    try {
      return admitOrigin(exchange, head);
    } catch {
      return false; // It was told when the request came.
    }
  }

  /** What an origin that may read answers asks for beyond the policy. */
  function notListed(method: string, wanted: readonly string[]): Reason[] {
    const against: Reason[] = [];
    if (methods !== undefined && !safelistedMethods.has(method) && !methods.includes(method)) {
      against.push(reason('cors-method', { method }));
    }
    const listed = headers?.map((name) => name.toLowerCase());
    for (const header of wanted) {
      if (listed?.includes(header.toLowerCase()) === false) against.push(reason('cors-header', { header }));
    }
    return against;
  }

  return {
    trusted: credentials ? policy.origins : [],
    preflight(exchange) {
      if (exchange.method !== 'OPTIONS' || exchange.header('origin') === undefined) return undefined;
      const method = exchange.header('access-control-request-method');
      if (method === undefined) return undefined;
      const head = new Headers();
      const wanted = asked(exchange.header('access-control-request-headers'));
      const isAdmitted = admitOrigin(exchange, head);
      if (isAdmitted) {
        setList(head, 'access-control-allow-methods', methods ?? asked(method));
        setList(head, 'access-control-allow-headers', headers ?? wanted);
        if (maxAge !== undefined) head.set('access-control-max-age', String(maxAge));
      }
      addToList(head, 'vary', preflightVary);
      const answer = new Response(null, { status: 204, headers: head });
      const origin = shownOrigin(exchange.header('origin'));
      return {
        answer,
        against: isAdmitted ? notListed(method, wanted) : [reason('cors-origin', { origin })],
      };
    },
    expectAnswer(exchange) {
      const origin = asks ? exchange.header('origin') : undefined;
      if (origin !== undefined) origins.includes(origin);
    },
    mark(exchange, head) {
      if (isAdmitted(exchange, head)) setList(head, 'access-control-expose-headers', exposed ?? ['*']);
    },
  };
}

const variesByOrigin = ['Origin'];

function setList(head: ResponseHead, name: string, members: readonly string[]): void {
  if (members.length > 0) head.set(name, members.join(', '));
}

/** The members of a request's list that are tokens: nothing else is ever repeated in an answer. */
function asked(list: string | undefined): string[] {
  return (list ?? '')
    .split(',')
    .map((member) => member.trim())
    .filter(isToken);
}

/** The list; `undefined` = whatever is asked for. */
function listOf(members: readonly string[], where: string): readonly string[] | undefined {
  for (const member of members) {
    if (!isToken(member)) throw new TypeError(`${where}: ${JSON.stringify(member)} is no name.`);
  }
  return members.includes('*') ? undefined : members;
}
