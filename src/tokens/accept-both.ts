import type { RequestSource } from '../cookie/request-source.ts';
import type { Authenticated, Tokens, Unauthenticated } from './types.ts';

/** Opens sessions: `createSessions(…)` of `hallpass/session` does. */
export interface SessionOpener<Opened extends { readonly user: string | undefined }> {
  open(from: RequestSource): Promise<Opened>;
}

/** A visitor who came with a token, or with a session from before there were tokens. */
export type EitherVisitor<Claims, Opened> =
  | (Authenticated<Claims> & { readonly by: 'token' })
  | { readonly allowed: true; readonly by: 'session'; readonly user: string; readonly session: Opened }
  | Unauthenticated;

/**
 * A guard for the time between sessions and tokens: it accepts both. A token that came decides alone, good or not, so that a
 * sign-out of the token cannot be undone by an old session cookie; without a token the session counts.
 */
export function acceptBoth<Claims extends object, Opened extends { readonly user: string | undefined }>(
  tokens: Pick<Tokens<Claims>, 'authenticate'>,
  sessions: SessionOpener<Opened>,
): (request: RequestSource) => Promise<EitherVisitor<Claims, Opened>> {
  return async (request) => {
    const visitor = await tokens.authenticate(request);
    if (visitor.allowed) return { ...visitor, by: 'token' };
    if (visitor.reasons[0].code !== 'token-missing') return visitor;
    const session = await sessions.open(request);
    const { user } = session;
    return user === undefined ? visitor : { allowed: true, by: 'session', user, session };
  };
}
