import { checkOptions, expectType, refuseOwnCall } from '../../errors/misuse.ts';
import type { HopView } from '../../scope/hop.ts';
import { toUrl } from '../../scope/origin.ts';
import {
  type Attachment,
  type Credential,
  type RequestView,
  type Scoped,
  scopedShape,
} from './credential.ts';
import { answer, readChallenge, type Space } from './digest-answer.ts';

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
