import { aClock } from '../../errors/kinds.ts';
import { checkOptions, type Shape } from '../../errors/misuse.ts';
import type { HopView } from '../../scope/hop.ts';
import { type Clock, clockOf, type Duration, timeoutToMilliseconds } from '../../time.ts';
import {
  authorization,
  type Credential,
  fixed,
  markUnchanging,
  type RequestView,
  type Scoped,
  scopedShape,
} from './credential.ts';
import { checkedToken, RefreshedTokens } from './refresh.ts';

/** What a bearer may say beside its token. */
interface BearerOptions extends Scoped {
  /** Asked once for a new token when a hop in scope was refused with the present one, whoever else waits. Default: the 401 is the answer. */
  refresh?(rejected: string, hop: HopView): Promise<string>;
  /** How long one refresh may keep others waiting; then it has failed, and the next refused call asks again. Default: 30 s. */
  refreshTimeout?: Duration;
  /** What time it is. Default: the system's clock. */
  clock?: Clock;
}

const bearerShape: Shape<BearerOptions> = {
  ...scopedShape,
  refresh: 'function',
  refreshTimeout: 'string|number',
  clock: aClock,
};

type BearerToken = string | ((hop: HopView) => string | Promise<string>);

/**
 * `Authorization: Bearer …` (RFC 6750 §2.1), from a string or a function that is asked at every hop.
 * With `refresh`, a 401 of a hop in scope asks once for a new token, whoever else waits for it, and repeats that hop once.
 * @throws TypeError for what is no token
 * @example
 * ```ts
 * import { bearer, createClient } from 'hallpass/client';
 *
 * const credentials = bearer('expired', { for: 'https://api.example.com', refresh: async () => 'fresh' });
 * const transport = async ({ headers }: { headers: Headers }) =>
 *   headers.get('authorization') === 'Bearer fresh' ? new Response('welcome') : new Response('', { status: 401 });
 * const client = createClient({ credentials, transport });
 * console.log(await client.get('https://api.example.com/').text()); // → welcome
 * ```
 */
export function bearer(token: BearerToken, options: BearerOptions = {}): Credential {
  checkOptions(options, bearerShape, 'bearer');
  const { refresh, refreshTimeout = '30s' } = options;
  const clock = clockOf(options.clock);
  if (typeof token !== 'function' && (typeof token !== 'string' || token === ''))
    throw new TypeError('A bearer is made from a token, or from a function that gives one.');
  if (typeof token === 'string' && refresh === undefined)
    return markUnchanging(
      fixed('bearer', 'authorization', options.for, authorization(`Bearer ${token}`), 'header'),
    );
  const tokens =
    refresh && new RefreshedTokens(refresh.bind(options), timeoutToMilliseconds(refreshTimeout), clock);
  const attach = async (_: RequestView, hop: HopView) => {
    let given = typeof token === 'string' ? token : await token(hop);
    // Nothing yet is something that a refresh can mend.
    if (given !== '' || tokens === undefined) given = checkedToken(given, 'The token function');
    return authorization(`Bearer ${tokens?.send(given, hop) ?? given}`);
  };
  return Object.freeze({
    name: 'authorization',
    kind: 'bearer' as const,
    in: 'header' as const,
    for: options.for,
    attach,
    challenge: tokens && ((_: Response, hop: HopView) => tokens.replace(hop)),
  });
}
