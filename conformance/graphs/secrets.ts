import fc from 'fast-check';
import { hostAliases, isAddress, isDefaultPort, isLoopback, isSuffix, type Place, places } from './places.ts';

/** A scope as facts, so that nobody needs to parse one; `text` is how the client is told. */
export interface Pattern {
  readonly scheme: 'http' | 'https';
  readonly host: string;
  readonly below: boolean;
  readonly port: number | '*';
  readonly text: string;
}

/** A credential of the client, with a scope of its own. */
export interface Credential {
  readonly kind: 'bearer' | 'refreshed' | 'header' | 'query' | 'custom' | 'netrc';
  /** The header or the query parameter that carries it. */
  readonly name: string;
  readonly scope: readonly Pattern[] | 'anywhere';
  readonly marker: number;
}

/** Everything that must not go astray in one call. What the call itself brings has a marker, or is left out. */
export interface Secrets {
  /** In the order of precedence, those of a netrc last. */
  readonly credentials: readonly Credential[];
  readonly authorization: number | undefined;
  readonly apiKey: number | undefined;
  readonly userinfo: number | undefined;
  readonly body: number | undefined;
  /** The pairs of a literal Cookie header. */
  readonly cookies: readonly { readonly name: string; readonly marker: number }[];
}

/** The value of a secret. All of one length, so that none is a part of another. */
export const secretValue = (marker: number): string => `hp-secret-${String(marker).padStart(4, '0')}`;

/** The token that a credential has once it was refreshed. */
export const freshMarker = (marker: number): number => marker + 20;

/** The text with all its escapes undone, also those of escapes. */
function unescaped(text: string): string {
  const plain = text.replace(/%([\da-f]{2})/gi, (_, octet) =>
    String.fromCharCode(Number.parseInt(octet, 16)),
  );
  return plain === text ? text : unescaped(plain);
}

/** The markers in a text, those that are escaped and those in Basic credentials too. */
export function markersIn(text: string): Set<number> {
  const basic = [...text.matchAll(/Basic ([\w+/=]+)/g)].map(([, token = '']) => atob(token));
  return new Set(
    [...`${unescaped(text)} ${basic}`.matchAll(/hp-secret-(\d{4})/g)].map(([, digits]) => Number(digits)),
  );
}

/** What people may read of a secret. */
export function labelOf(
  marker: number,
  { credentials, authorization, apiKey, userinfo, body }: Secrets,
): string {
  const credential = credentials.find((one) => one.marker === marker || freshMarker(one.marker) === marker);
  if (credential !== undefined) return `credential ${marker} (${credential.kind} ${credential.name})`;
  if (marker === authorization) return 'Authorization header';
  if (marker === apiKey) return 'X-Api-Key header';
  if (marker === userinfo) return 'user in the URL';
  if (marker === body) return 'body';
  return marker >= 1000 ? 'jar cookie' : 'Cookie header';
}

/** The marker of a body. */
export const bodyMarker = 103;

const callMarker = (marker: number) => fc.constantFrom(undefined, marker);

/** Secrets for a graph over these places. */
export function secretsAbout(near: readonly Place[]): fc.Arbitrary<Secrets> {
  const place = fc.oneof(
    { arbitrary: fc.constantFrom(...near), weight: 4 },
    { arbitrary: fc.constantFrom(...places), weight: 1 },
  );
  const pattern = fc
    .tuple(place, fc.constantFrom('origin', 'ports', 'plain', 'below', 'below, ports'), fc.nat({ max: 7 }))
    .map(([about, width, spelling]) => patternFor(about, width, spelling));
  const credential = fc.record({
    kind: fc.constantFrom('bearer', 'refreshed', 'header', 'header', 'query', 'custom'),
    shared: fc.boolean(),
    scope: fc.oneof(
      { arbitrary: fc.array(pattern, { maxLength: 3 }), weight: 12 },
      { arbitrary: fc.constant('anywhere' as const), weight: 1 },
    ),
  });
  const named = fc.array(credential, { maxLength: 5 }).map((all) =>
    all.map(({ shared, ...one }, at) => ({
      ...one,
      name: nameOf(one.kind, shared, at),
      marker: at,
    })),
  );
  const netrc = fc
    .uniqueArray(place, { maxLength: 2, selector: ({ host }) => host })
    .map((machines) => machines.map((machine, at) => netrcEntry(machine, 50 + at)));
  return fc.record({
    credentials: fc.tuple(named, netrc).map(([first, last]) => [...first, ...last]),
    authorization: callMarker(100),
    apiKey: callMarker(101),
    userinfo: callMarker(102),
    body: callMarker(bodyMarker),
    cookies: fc
      .uniqueArray(fc.constantFrom('c0', 'c1', 'l0'))
      .map((names) => names.map((name, at) => ({ name, marker: 110 + at }))),
  });
}

/** An entry of a netrc: its host over https, on every port; over plain http too where that stays on the machine. */
function netrcEntry({ host }: Place, marker: number): Credential {
  const schemes = isLoopback(host) ? (['https', 'http'] as const) : (['https'] as const);
  const text = hostAliases(host)[marker % 4] ?? host;
  const scope = schemes.map((scheme) => ({ scheme, host, below: false, port: '*' as const, text }));
  return { kind: 'netrc', name: 'authorization', scope, marker };
}

function nameOf(kind: Credential['kind'], shared: boolean, at: number): string {
  if (kind === 'bearer' || kind === 'refreshed') return 'authorization';
  return kind === 'header' && shared ? 'x-api-key' : `x-secret-${at}`;
}

/** A pattern below a public suffix is a TypeError, which other tests hold: it becomes the host's own. */
function patternFor(place: Place, width: string, spelling: number): Pattern {
  const parent = place.host.slice(place.host.indexOf('.') + 1);
  const below = width.startsWith('below') && !isAddress(place.host) && !isSuffix(parent);
  const host = below ? parent : place.host;
  const scheme = width === 'plain' ? 'http' : place.scheme;
  const port = width.endsWith('ports') ? '*' : width === 'plain' ? 80 : place.port;
  const written = spelling < 4 ? host : (hostAliases(host)[spelling - 4] ?? host);
  const explicit = spelling % 2 === 1 || (port !== '*' && !isDefaultPort({ scheme, host, port }));
  return {
    scheme,
    host,
    below,
    port,
    text: `${scheme}://${below ? '*.' : ''}${written}${port === '*' || explicit ? `:${port}` : ''}`,
  };
}
