import { encodeUtf8, headerOfOctets, octetsOfHeader, toBytes } from '../../scope/octets.ts';
import { md5 } from './md5.ts';
import { parseChallenges } from './www-authenticate.ts';

type Hash = (octets: Uint8Array<ArrayBuffer>) => string | Promise<string>;

const hashes: Readonly<Record<string, () => Hash | undefined>> = {
  'sha-256': () => sha256,
  'sha-512-256': sha512256,
  md5: () => md5,
};

/** What an origin asked for last, in octets as it came, and how often it was answered. */
export interface Space {
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
