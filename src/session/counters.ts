import { type EventCounters, eventCounters } from '../store/event-counters.ts';
import type { SessionEvent } from './events.ts';

const details: { readonly [Type in SessionEvent['type']]: string | undefined } = {
  created: undefined,
  login: undefined,
  logout: undefined,
  rotated: undefined,
  replayed: undefined,
  adopted: undefined,
  'not-adopted': 'reason',
  evicted: undefined,
  revoked: undefined,
  'revoked-everything': undefined,
  refused: 'reason',
  'duplicate-cookie': undefined,
  'comma-joined-cookie': undefined,
  'burst-of-failures': undefined,
  'id-from-many-addresses': undefined,
  'id-from-many-agents': undefined,
  conflict: 'outcome',
  gone: 'cause',
  'data-refused': undefined,
  'clock-skew': undefined,
  'clock-jumped': undefined,
  'store-failed': 'operation',
};

/** Counts what happens to sessions. */
export type SessionCounters = EventCounters<SessionEvent>;

/**
 * Counters of events, by type. They hold no user, session or key.
 *
 * @example
 * ```ts
 * import { createSessions, sessionCounters } from 'hallpass/session';
 * import { memoryStore } from 'hallpass/stores/memory';
 *
 * const counters = sessionCounters();
 * const sessions = createSessions({ store: memoryStore(), onEvent: counters.onEvent });
 * const session = await sessions.open(null);
 * session.login('ada');
 * await sessions.commit(session);
 * console.log(String(counters).includes('hallpass_session_events_total{type="login"} 1')); // → true
 * ```
 */
export function sessionCounters(): SessionCounters {
  return eventCounters(
    'sessionCounters',
    'hallpass_session_events_total',
    'What happened to sessions.',
    details,
  );
}
