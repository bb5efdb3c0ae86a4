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
      asked.some(({ path }) => path.test({ pathname }) === true)
    );
  };
}

/** A path as a browser sends it. */
const asWritten = (path: string): string | undefined =>
  path.startsWith('//') ? undefined : URL.parse(path, 'https://host.invalid')?.pathname;

function checkExact(route: string): string {
  const [, given = '', method = '', path = ''] = /^(([A-Za-z]+) )?(\/[^?#\s]*)$/.exec(route) ?? [];
  const written = method.toUpperCase() === method ? given : given.toUpperCase();
  const parameter = /[*{}()[\]]|\/:/.exec(path);
  if (parameter !== null) {
    const pathname = path.replace(/[[{](\w+)[\]}]/g, ':$1');
    throw noRoute(
      route,
      `a family of routes is { ${method && `method: '${method}', `}path: new URLPattern({ pathname: '${pathname}' }) }`,
    );
  }
  const canonical = path === '' ? undefined : asWritten(path);
  const fix = canonical === undefined ? 'POST /hooks/payment' : written + canonical;
  if (fix !== route) throw noRoute(route, `write one exactly, as '${fix}'`);
  return route;
}

const noRoute = (route: unknown, fix: string) =>
  new TypeError(`csrf.exempt: ${JSON.stringify(route)} is no route; ${fix}.`);

function readFamily(route: Exclude<ExemptRoute, string>): { method: string | undefined; path: PathPattern } {
  const { method, path } =
    typeof route === 'object' && 'path' in route ? route : { method: undefined, path: route };
  if (path instanceof RegExp || typeof (path as PathPattern | undefined)?.test !== 'function') {
    throw new TypeError(
      "csrf.exempt: a family of routes is a URLPattern, as { method: 'POST', path: new URLPattern({ pathname: '/saml/:tenant/acs' }) }, or an object with a test({ pathname }) of your own.",
    );
  }
  if (method !== undefined && (typeof method !== 'string' || !/^[A-Z]+$/.test(method))) {
    throw new TypeError(
      `csrf.exempt: ${JSON.stringify(method)} is no method; write method: '${String(method).toUpperCase()}'.`,
    );
  }
  checkParts(path);
  return { method, path };
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
