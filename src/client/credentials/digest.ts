import { checkOptions, expectType, refuseOwnCall } from '../../errors/misuse.ts';
import type { HopView } from '../../scope/hop.ts';
import { encodeUtf8, headerOfOctets, octetsOfHeader, toBytes } from '../../scope/octets.ts';
import { toUrl } from '../../scope/origin.ts';
import {
  type Attachment,
  type Credential,
  type RequestView,
  type Scoped,
  scopedShape,
} from './credential.ts';
import { md5 } from './md5.ts';
import { parseChallenges } from './www-authenticate.ts';

type Hash = (octets: Uint8Array<ArrayBuffer>) => string | Promise<string>;

const hashes: Readonly<Record<string, () => Hash | undefined>> = {
  'sha-256': () => sha256,
  'sha-512-256': sha512256,
  md5: () => md5,
};

/** What an origin asked for last, in octets as it came, and how often it was answered. */
interface Space {
  readonly realm: string;
  readonly nonce: string;
  readonly opaque: string | undefined;
  /** As the server wrote it. */
  readonly algorithm: string | undefined;
  readonly hash: Hash;
  readonly session: boolean;
  /** False for a server that knows only RFC 2069. */
  readonly qop: boolean;
  readonly userhash: boolean;
  readonly stale: boolean;
  /** One for the life of the nonce: the key of a `-sess` algorithm is made of it. */
  readonly cnonce: string;
  /** How many requests have gone out with this nonce. */
  count: number;
}

/**
 * `Authorization: Digest …` (RFC 7616): SHA-256 and MD5, SHA-512-256 where the runtime has `node:crypto` with that hash, as Node and Bun; their `-sess` forms, `qop=auth`. An origin is answered when it has asked, and from
 * then on at once, with the nonce that it gave to this client: what one origin asked for is never used at another. The
 * password never travels, so a server that asks over plain http gets no more than a hash. Digest signs the URL of the request,
 * so it does not go together with a secret in the query.
 * @throws TypeError for a user with a colon, which the scheme cannot carry.
 * @example
 * ```ts
 * import { createClient, digest } from 'hallpass/client';
 *
 * const asks = { status: 401, headers: { 'www-authenticate': 'Digest realm="home", nonce="n1", qop="auth"' } };
 * const client = createClient({
 *   credentials: digest('ada', 'a-password', { for: 'https://files.example.com' }),
 *   transport: async ({ headers }) => new Response(headers.get('authorization')?.slice(0, 21), headers.has('authorization') ? {} : asks),
 * });
 * console.log(await client.get('https://files.example.com/').text()); // → Digest username="ada"
 * ```
 */
export function digest(user: string, password: string, options: Scoped = {}): Credential {
  expectType(user, 'string', 'The user of digest(user, password, options)');
  expectType(password, 'string', 'The password of digest(user, password, options)');
  checkOptions(options, scopedShape, 'digest');
  if (user.includes(':')) throw new TypeError('A user of Digest authentication cannot contain a colon.');
  const spaces = new Map<string, Space>();
  const answeredOn = new WeakMap<HopView, Space>();
  const askedOn = new WeakMap<HopView, Space>();

  return Object.freeze({
    name: 'authorization',
    kind: 'digest' as const,
    in: 'header' as const,
    for: options.for,
    async attach(request: RequestView, hop: HopView): Promise<Attachment> {
      expectCallOfClient(request?.url, hop);
      const { url, method } = request;
      const { origin, pathname, search } = toUrl(url);
      const space = spaces.get(origin);
      if (space === undefined) return {};
      answeredOn.set(hop, space);
      space.count += 1;
      return { headers: { authorization: await answer(space, user, password, method, pathname + search) } };
    },
    challenge(response: Response, hop: HopView): boolean {
      expectCallOfClient(hop?.url, response);
      const { origin } = toUrl(hop.url);
      const asked = readChallenge(response.headers?.get('www-authenticate') ?? '');
      const answered = answeredOn.get(hop);
      // A nonce that was kept from an earlier request may be too old, whether or not the server says so: only the refusal of
      // one that this hop was given, or was given again, is about the password.
      const isOwn = answered?.nonce === asked?.nonce || answered === askedOn.get(hop);
      const wrongPassword = answered !== undefined && isOwn && asked?.stale === false;
      if (asked === undefined || wrongPassword) {
        spaces.delete(origin);
        return false;
      }
      spaces.set(origin, asked);
      askedOn.set(hop, asked);
      return true;
    },
  });
}

function expectCallOfClient(url: unknown, other: unknown): void {
  if (typeof url === 'string' && typeof other === 'object' && other !== null) return;
  refuseOwnCall('createClient({ credentials: digest(…) })', 'The client asks this credential, at every hop');
}

/** The first challenge that can be answered: servers list them by preference. RFC 7616 §3.7. */
export function readChallenge(header: string): Space | undefined {
  for (const { scheme, parameters } of parseChallenges(octetsOfHeader(header))) {
    const [realm, nonce] = [parameters.get('realm'), parameters.get('nonce')];
    const algorithm = parameters.get('algorithm');
    const [, name = '', session] = /^(.*?)(-sess)?$/.exec(algorithm?.toLowerCase() ?? 'md5') ?? [];
    const hash = hashes[name]?.();
    const qops =
      parameters
        .get('qop')
        ?.toLowerCase()
        .match(/[^\s,]+/g) ?? undefined;
    if (scheme !== 'digest' || realm === undefined || nonce === undefined || hash === undefined) continue;
    if (qops !== undefined && !qops.includes('auth')) continue;
    return {
      realm,
      nonce,
      opaque: parameters.get('opaque'),
      algorithm,
      hash,
      session: session !== undefined,
      qop: qops !== undefined,
      userhash: parameters.get('userhash')?.toLowerCase() === 'true',
      stale: parameters.get('stale')?.toLowerCase() === 'true',
      cnonce: hex(crypto.getRandomValues(new Uint8Array(16))),
      count: 0,
    };
  }
  return undefined;
}

/** The value of the header. RFC 7616 §3.4. */
export async function answer(
  space: Space,
  user: string,
  password: string,
  method: string,
  uri: string,
): Promise<string> {
  const { realm, nonce, opaque, algorithm, session, qop, userhash, cnonce } = space;
  const count = space.count.toString(16).padStart(8, '0');
  const hash = async (...octets: string[]) => space.hash(toBytes(octets.join(':')));

  const secret = await hash(encodeUtf8(user), realm, encodeUtf8(password));
  const key = session ? await hash(secret, nonce, cnonce) : secret;
  const request = await hash(method, uri);
  const response = qop
    ? await hash(key, nonce, count, cnonce, 'auth', request)
    : await hash(key, nonce, request);

  const fields = [
    userhash ? `username=${quoted(await hash(encodeUtf8(user), realm))}` : nameField(user),
    `realm=${quoted(realm)}`,
    `nonce=${quoted(nonce)}`,
    `uri=${quoted(uri)}`,
    `response=${quoted(response)}`,
    ...(algorithm === undefined ? [] : [`algorithm=${algorithm}`]),
    ...(qop ? ['qop=auth', `nc=${count}`] : []),
    ...(qop || session ? [`cnonce=${quoted(cnonce)}`] : []),
    ...(opaque === undefined ? [] : [`opaque=${quoted(opaque)}`]),
    ...(userhash ? ['userhash=true'] : []),
  ];
  return headerOfOctets(`Digest ${fields.join(', ')}`);
}

/** A user that is not ASCII needs the extended notation. RFC 7616 §3.4, RFC 8187 §3.2. */
function nameField(user: string): string {
  if (/^[\x20-\x7e]*$/.test(user)) return `username=${quoted(user)}`;
  const escaped = encodeURIComponent(user).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16)}`,
  );
  return `username*=UTF-8''${escaped}`;
}

const quoted = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`;

const hex = (octets: Uint8Array) =>
  Array.from(octets, (octet) => octet.toString(16).padStart(2, '0')).join('');

/** WebCrypto has no SHA-512/256: nothing where `node:crypto` has none either, and the next challenge is looked at. */
function sha512256(): Hash | undefined {
  const node: typeof import('node:crypto') | undefined =
    globalThis.process?.getBuiltinModule?.('node:crypto');
  if (node?.getHashes().includes('sha512-256') !== true) return undefined;
  return (octets) => node.createHash('sha512-256').update(octets).digest('hex');
}

async function sha256(octets: Uint8Array<ArrayBuffer>): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', octets)));
}
