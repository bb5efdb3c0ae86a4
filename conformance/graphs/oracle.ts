import { type Graph, type Node, type PlantedCookie, turns } from './graph.ts';
import { isAddress, isLoopback, isSuffix, type Place } from './places.ts';
import { type Credential, freshMarker, type Pattern, type Secrets } from './secrets.ts';

// What must happen in a graph, worked out without a line of hallpass: decisions 0006 to 0010 of docs/decisions for
// credentials, headers and bodies, draft-ietf-httpbis-rfc6265bis-22 for cookies.

/** One request that must arrive, and the markers that must be in it: these and no others. */
export interface Due {
  readonly node: number;
  readonly method: string;
  readonly markers: ReadonlySet<number>;
}

/** The requests of a call, and how it ends after the last one. */
export interface Course {
  readonly requests: readonly Due[];
  readonly end: 'answer' | 'redirect-reflects-secret' | 'AbortError';
}

type Scope = readonly Pattern[] | 'anywhere';

/** Decision 0007. `http://` covers the upgrade to https on the default ports too. */
function covers(scope: Scope, { scheme, host, port }: Place): boolean {
  if (scope === 'anywhere') return true;
  return scope.some((one) => {
    if (one.below ? !host.endsWith(`.${one.host}`) : host !== one.host) return false;
    if (one.scheme === scheme) return one.port === '*' || one.port === port;
    return one.scheme === 'http' && (one.port === '*' || (one.port === 80 && port === 443));
  });
}

const originOnly = (place: Place): Scope => [{ ...place, below: false, text: '' }];

/** Decision 0010, and decision 0009 for what it leaves of the body. */
function methodAfter(method: string, status: number): string {
  if (status === 303) return method === 'HEAD' ? method : 'GET';
  return status < 303 && method === 'POST' ? 'GET' : method;
}

/** What a request to a place is given. */
interface Given {
  readonly markers: Set<number>;
  /** The secrets that stand in its query. */
  readonly query: Credential[];
  /** The credential that answers a 401. */
  readonly refreshed: Credential | undefined;
}

function givenTo(place: Place, left: boolean, secrets: Secrets, fresh: ReadonlySet<Credential>): Given {
  const markers = new Set<number>();
  const query: Credential[] = [];
  let refreshed: Credential | undefined;
  const taken = new Set<string>();
  const give = (name: string, marker: number | undefined, allowed: boolean) => {
    if (marker === undefined || !allowed || taken.has(name)) return false;
    taken.add(name);
    markers.add(marker);
    return true;
  };
  give('authorization', secrets.authorization, !left);
  give('x-api-key', secrets.apiKey, !left);
  for (const credential of secrets.credentials) {
    const { kind, name, marker, scope } = credential;
    if (kind === 'netrc') give('authorization', secrets.userinfo, !left);
    const given = give(name, fresh.has(credential) ? freshMarker(marker) : marker, covers(scope, place));
    if (given && (kind === 'query' || kind === 'custom')) query.push(credential);
    if (given && kind === 'refreshed') refreshed = credential;
  }
  give('authorization', secrets.userinfo, !left);
  return { markers, query, refreshed };
}

/** The course of the whole call, up to where its caller gives it up. */
export function courseOf(graph: Graph): Course {
  const { abortAt } = graph;
  const course = wholeCourse(graph);
  if (abortAt === undefined || abortAt >= course.requests.length) return course;
  return { requests: course.requests.slice(0, abortAt + 1), end: 'AbortError' };
}

function wholeCourse({ nodes, secrets, method: first }: Graph): Course {
  const start = nodes[0] as Node;
  const own = originOnly(start.place);
  const requests: Due[] = [];
  const visits = new Map<number, number>();
  const literal = new Map(secrets.cookies.map(({ name, marker }) => [name, marker]));
  const fresh = new Set<Credential>();
  const refused = new Set<number>();
  /** The secrets that an escaped Location has written into the present URL. */
  let carried: Credential[] = [];
  let jar: Stored[] = [];
  let left = false;
  let method = first;
  let body = first === 'POST' || first === 'PUT' ? secrets.body : undefined;

  for (let at = 0; ; ) {
    const node = nodes[at] as Node;
    left ||= !covers(own, node.place);
    const { markers, query, refreshed } = givenTo(node.place, left, secrets, fresh);
    if (body !== undefined) markers.add(body);
    const overlay = left ? [] : [...literal];
    for (const [, marker] of overlay) markers.add(marker);
    for (const cookie of jar) {
      if (reaches(cookie, node) && !overlay.some(([name]) => name === cookie.name))
        markers.add(cookie.marker);
    }
    requests.push({ node: at, method, markers });

    for (const cookie of node.cookies) {
      const stored = plant(cookie, node, jar);
      if (stored === undefined) continue;
      jar = jar.filter((old) => !isSame(old, stored));
      if (cookie.maxAge !== 0) jar.push(stored);
      if (covers(own, node.place)) literal.delete(cookie.name);
    }

    if (node.refuses && !refused.has(at)) {
      refused.add(at);
      if (refreshed === undefined) return { requests, end: 'answer' };
      fresh.add(refreshed);
      continue;
    }
    const turn = (visits.get(at) ?? 0) + 1;
    visits.set(at, turn);
    const next = nodes[node.to];
    if (next === undefined || turn > turns) return { requests, end: 'answer' };
    const then = methodAfter(method, node.status);
    if (then !== method) body = undefined;
    if (body !== undefined && !covers(own, next.place)) return { requests, end: 'answer' };
    const echoed = node.echoes === 'nothing' ? [] : [...query, ...carried];
    if (echoed.some(({ scope }) => !covers(scope, next.place)))
      return { requests, end: 'redirect-reflects-secret' };
    // The parameters of the credentials themselves are taken out of a Location, and added anew.
    carried = node.echoes === 'as it is' ? carried : echoed;
    method = then;
    at = node.to;
  }
}

/** The markers that may be in a request to this node at all, whatever the client keeps: what lies outside is a leak. */
export function mayKeep({ nodes, secrets }: Graph, at: number, planters: Iterable<number>): Set<number> {
  const node = nodes[at] as Node;
  const may = new Set<number>();
  const { authorization, apiKey, userinfo, body, cookies, credentials } = secrets;
  if (covers(originOnly((nodes[0] as Node).place), node.place)) {
    const own = [authorization, apiKey, userinfo, body, ...cookies.map(({ marker }) => marker)];
    for (const marker of own) if (marker !== undefined) may.add(marker);
  }
  for (const { kind, marker, scope } of credentials) {
    if (!covers(scope, node.place)) continue;
    may.add(marker);
    if (kind === 'refreshed') may.add(freshMarker(marker));
  }
  for (const planter of planters) {
    const from = nodes[planter] as Node;
    for (const cookie of from.cookies) {
      const stored = homeOf(cookie, from);
      if (stored === undefined) continue;
      // Some clients take plain http to a loopback address for secure, as two of three browsers do.
      const secure = stored.secure && !isLoopback(node.place.host);
      if (reaches({ ...stored, secure }, node)) may.add(cookie.marker);
    }
  }
  return may;
}

interface Stored {
  readonly name: string;
  readonly marker: number;
  readonly domain: string;
  readonly hostOnly: boolean;
  readonly path: string;
  readonly secure: boolean;
}

/** §5.1.3 */
const domainMatches = (host: string, domain: string) =>
  host === domain || (host.endsWith(`.${domain}`) && !isAddress(host));

/** §5.1.4 */
const pathMatches = (path: string, cookie: string) =>
  path === cookie || path.startsWith(cookie.endsWith('/') ? cookie : `${cookie}/`);

const isSame = (a: Stored, b: Stored) =>
  a.name === b.name && a.domain === b.domain && a.hostOnly === b.hostOnly && a.path === b.path;

/**
 * §5.7: where a cookie lives that this node sets, unless it names a domain that is not the node's to name. A Domain that
 * is the address of the node gives a host-only cookie, as in every browser.
 */
function homeOf(cookie: PlantedCookie, { place: { host }, path: request }: Node): Stored | undefined {
  const { name, marker, secure } = cookie;
  const asked = (cookie.domain ?? '').replace(/^\./, '').toLowerCase();
  if (asked !== '' && (!domainMatches(host, asked) || isSuffix(asked))) return undefined;
  const path = cookie.path?.startsWith('/') ? cookie.path : request.slice(0, request.lastIndexOf('/')) || '/';
  return { name, marker, secure, path, hostOnly: asked === '' || isAddress(host), domain: asked || host };
}

/** §5.7: the cookie as it is stored, unless the answer may not plant it. */
function plant(cookie: PlantedCookie, node: Node, jar: readonly Stored[]): Stored | undefined {
  const stored = homeOf(cookie, node);
  const { name, secure } = cookie;
  if (stored === undefined) return undefined;
  if (!secure && (cookie.sameSite === 'None' || name.startsWith('__'))) return undefined;
  if (name.startsWith('__Host-') && (cookie.domain || cookie.path !== '/')) return undefined;
  if (node.place.scheme === 'https') return stored;
  const overlays = (old: Stored) =>
    old.secure &&
    old.name === name &&
    (domainMatches(old.domain, stored.domain) || domainMatches(stored.domain, old.domain)) &&
    pathMatches(stored.path, old.path);
  return secure || jar.some(overlays) ? undefined : stored;
}

/** §5.8.3 for a program's own request, which is never cross-site. */
function reaches({ domain, hostOnly, path, secure }: Stored, { place, path: request }: Node): boolean {
  const inDomain = hostOnly ? place.host === domain : domainMatches(place.host, domain);
  return inDomain && pathMatches(request, path) && (place.scheme === 'https' || !secure);
}
