import type { RequestSource } from '../cookie/request-source.ts';
import { expectType } from '../errors/misuse.ts';
import type { Authenticated, Tokens, Unauthenticated } from './types.ts';

/** Opens sessions: `createSessions(…)` of `hallpass/session` does. */
export interface SessionOpener<Opened extends { readonly user: string | undefined }> {
  open(from: RequestSource): Promise<Opened>;
}

/** Who came, by a token or by a session from before there were tokens, or why it is nobody. */
export type Authentication<Claims, Opened> =
  | (Authenticated<Claims> & { readonly by: 'token' })
  | { readonly allowed: true; readonly by: 'session'; readonly user: string; readonly session: Opened }
  | Unauthenticated;

/**
 * A guard for the time between sessions and tokens: it accepts both. A token that came decides alone, good or not, so that a
 * sign-out of the token cannot be undone by an old session cookie; without a token the session counts.
 *
 * @example
 * ```ts
 * import { generateKey, keyRing } from 'hallpass/seal';
 * import { createSessions } from 'hallpass/session';
 * import { memoryStore } from 'hallpass/stores/memory';
 * import { acceptBoth, createTokens } from 'hallpass/tokens';
 *
 * const [store, url] = [memoryStore(), 'https://app.test'];
 * const sessions = createSessions({ store });
 * const tokens = createTokens({ keys: keyRing(generateKey()), issuer: url, audience: url, store });
 * const guard = acceptBoth(tokens, sessions);
 *
 * const session = await sessions.open(null);
 * session.login('ada');
 * const [line] = await sessions.commit(session);
 * const visitor = await guard(new Request(url, { headers: { cookie: line?.split(';')[0] ?? '' } }));
 * if (visitor.allowed) console.log(visitor.user, visitor.by); // → ada session
 * ```
 */
export function acceptBoth<Claims extends object, Opened extends { readonly user: string | undefined }>(
  tokens: Pick<Tokens<Claims>, 'authenticate'>,
  sessions: SessionOpener<Opened>,
): (request: RequestSource) => Promise<Authentication<Claims, Opened>> {
  expectType(tokens?.authenticate, 'function', 'tokens.authenticate of acceptBoth(tokens, sessions)');
  expectType(sessions?.open, 'function', 'sessions.open of acceptBoth(tokens, sessions)');
  return async (request) => {
    const visitor = await tokens.authenticate(request);
    if (visitor.allowed) return { ...visitor, by: 'token' };
    if (visitor.reasons[0].code !== 'token-missing') return visitor;
    const session = await sessions.open(request);
    const { user } = session;
    return user === undefined ? visitor : { allowed: true, by: 'session', user, session };
  };
}
