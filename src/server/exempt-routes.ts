import { checkOptions } from '../errors/misuse.ts';
import { isTrue } from '../scope/allowed-origins.ts';
import { isToken, namedMethod } from '../scope/http-syntax.ts';
import { type Exchange, pathOf } from './exchange.ts';

/** A `URLPattern`, or whatever else tests a pathname as browsers send it, percent-encoded. */
export interface PathPattern {
  test(input: { pathname: string }): boolean;
}

/**
 * A route exactly, `'POST /hooks/payment'`, or `'/hooks/payment'` for every method; or a family of them, as
 * `{ method: 'POST', path: new URLPattern({ pathname: '/saml/:tenant/acs' }) }`, or the pattern alone for every method.
 */
export type ExemptRoute = string | PathPattern | { method: string; path: PathPattern };

/**
 * Which requests are exempt. A path is compared as it was sent, and exempt by a pattern only where it is written as browsers
 * write it: a router must not see another one behind dots and slashes.
 * @throws TypeError for what could never match, or would match everything
 */
export function prepareExemptions(routes: readonly ExemptRoute[]): (exchange: Exchange) => boolean {
  if (!Array.isArray(routes)) throw new TypeError("csrf.exempt is a list: ['POST /hooks/payment'].");
  const exact = new Set(routes.filter((route) => typeof route === 'string').map(checkExact));
  const families = routes.filter((route) => typeof route !== 'string').map(readFamily);
  return ({ method, url }) => {
    if (routes.length === 0) return false;
    const pathname = pathOf(url);
    if (exact.has(pathname) || exact.has(`${method} ${pathname}`)) return true;
    const asked = families.filter((family) => family.method === undefined || family.method === method);
    return (
      asked.length > 0 &&
      asWritten(pathname) === pathname &&
      asked.some(({ path }) => isTrue(path.test({ pathname }), 'csrf.exempt'))
    );
  };
}

/** A path as a browser sends it. */
const asWritten = (path: string): string | undefined =>
  path.startsWith('//') ? undefined : URL.parse(path, 'https://host.invalid')?.pathname;

function checkExact(route: string): string {
  const [, given = '', path = ''] = /^(?:(\S+) )?(\/[^?#\s]*)$/.exec(route) ?? [];
  const method = isToken(given) ? namedMethod(given, 'csrf.exempt') : '';
  if (given !== method && method === '') throw noRoute(route, "write one exactly, as 'POST /hooks/payment'");
  const written = method && `${method} `;
  const parameter = /[*{}()[\]]|\/:/.exec(path);
  if (parameter !== null) {
    const pathname = path.replace(/[[{](\w+)[\]}]/g, ':$1');
    const pattern = `new URLPattern({ pathname: '${pathname}' })`;
    throw noRoute(
      route,
      `a family of routes is ${method ? `{ method: '${method}', path: ${pattern} }` : pattern}`,
    );
  }
  const canonical = path === '' ? undefined : asWritten(path);
  const fix = canonical === undefined ? 'POST /hooks/payment' : written + canonical;
  if (canonical !== path) throw noRoute(route, `write one exactly, as '${fix}'`);
  return fix;
}

const noRoute = (route: unknown, fix: string) =>
  new TypeError(`csrf.exempt: ${JSON.stringify(route)} is no route; ${fix}.`);

function readFamily(route: Exclude<ExemptRoute, string>): { method: string | undefined; path: PathPattern } {
  const isObject = typeof route === 'object' && route !== null;
  const isBoth = isObject && ('path' in route || 'method' in route || !('test' in route));
  if (isBoth) checkOptions(route, { method: 'string', path: 'any' }, 'a route of csrf.exempt');
  const { method, path } = isBoth ? route : { method: undefined, path: route };
  if (path instanceof RegExp || typeof (path as PathPattern | undefined)?.test !== 'function') {
    throw new TypeError(
      "csrf.exempt: a family of routes is a URLPattern, as { method: 'POST', path: new URLPattern({ pathname: '/saml/:tenant/acs' }) }, or an object with a test({ pathname }) of your own.",
    );
  }
  checkParts(path);
  if (!isBoth) return { method, path };
  if (method === undefined) {
    throw new TypeError(
      'csrf.exempt: a family of routes for every method is the pattern alone, without { path }.',
    );
  }
  return { method: namedMethod(method, 'csrf.exempt'), path };
}

const otherParts = ['protocol', 'username', 'password', 'hostname', 'port', 'search', 'hash'] as const;

/** What a `URLPattern` says of itself. Other implementations need not. */
function checkParts(
  path: PathPattern & Partial<Record<'pathname' | (typeof otherParts)[number], unknown>>,
): void {
  const { pathname } = path;
  if (typeof pathname !== 'string') return;
  if (otherParts.some((part) => path[part] !== undefined && path[part] !== '*')) {
    throw new TypeError(
      `csrf.exempt: a pattern is of the pathname alone, since a proxy may change the rest: new URLPattern({ pathname: '${pathname}' }).`,
    );
  }
  if (pathname === '*' || pathname === '/*') {
    throw new TypeError('csrf.exempt: a pattern of every path judges nothing; that is csrf: false.');
  }
  if (!/^[/*:({]/.test(pathname)) {
    throw new TypeError(
      `csrf.exempt: a pathname begins with '/': new URLPattern({ pathname: '/${pathname}' }).`,
    );
  }
}
