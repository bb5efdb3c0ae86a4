import type { Clock, LintFinding } from 'hallpass';
import type { HallpassEnv } from 'hallpass/hono';
import type { KeyRing } from 'hallpass/seal';
import type { ServerEvent } from 'hallpass/server';
import { createSessions, type Sessions, type StoredSessions } from 'hallpass/session';
import type { RevocationList, SessionStore } from 'hallpass/store';
import { createTokens, type Tokens } from 'hallpass/tokens';
import type { Context } from 'hono';
import { fieldProblem, readFields } from '../../shared/requests.ts';

/** What the sections work with; `main.ts` makes the real ones, tests make their own. */
export interface Site {
  /** §5: sealed in the cookie. The article's SessionMiddleware, but encrypted, and a logout counts. */
  readonly sealed: Sessions;
  /** §2, §3 and §10: in the store, under a `session_id`. */
  readonly stored: StoredSessions;
  /** §12: an access token of an hour, and a refresh token that is good for one use. */
  readonly tokens: Tokens;
  readonly keys: KeyRing;
  readonly origins: readonly string[];
  readonly clock: Clock;
  /** True: nothing is shown for debugging. */
  readonly production: boolean;
  /** §4: the Domain of its cookie. Unsaid, the cookie stays with its host, which is the safer thing. */
  readonly cookieDomain: string | undefined;
  /** Told of what browsers will not do as configured. */
  readonly onWarning: false | ((warning: LintFinding) => void);
  /** Told of what is suspicious. */
  readonly onEvent: ((event: ServerEvent) => void) | undefined;
}

export interface SiteParts {
  readonly keys: KeyRing;
  readonly revocations: RevocationList;
  readonly store: SessionStore;
  readonly origins: readonly string[];
  readonly clock?: Clock;
  readonly production?: boolean;
  readonly cookieDomain?: string | undefined;
  readonly onWarning?: (warning: LintFinding) => void;
  readonly onEvent?: (event: ServerEvent) => void;
}

export type SiteEnv = HallpassEnv<Sessions>;
export type SiteContext = Context<SiteEnv>;

export function createSite({ keys, revocations, store, origins, clock = Date, ...rest }: SiteParts): Site {
  const hour = { idle: '1h', absolute: '1h', remember: '1h' } as const;
  return {
    sealed: createSessions({ sealed: { keys, revocations }, ...hour, clock }),
    stored: createSessions({ store, cookie: { name: 'session_id' }, ...hour, clock }),
    tokens: createTokens({
      keys,
      store,
      issuer: origins[0] ?? '',
      audience: 'session-cookies',
      access: '1h',
      cookie: { access: { name: 'access_token' }, refresh: { name: 'refresh_token' } },
      clock,
    }),
    keys,
    origins,
    clock,
    production: rest.production === true,
    cookieDomain: rest.cookieDomain,
    onWarning: rest.onWarning ?? false,
    onEvent: rest.onEvent,
  };
}

/**
 * The name that somebody logs in with: of the body, or of the query, where the article has it. Names in a query end up in logs.
 * As in the article there is no password.
 */
export async function readUsername(c: SiteContext): Promise<string> {
  return (await readFields(c)).get('username') || (c.req.query('username') ?? '').trim();
}

export const nameless = (c: SiteContext): Response => fieldProblem(c, 'username', 'a name is required');
