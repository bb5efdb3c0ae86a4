import type { SessionEvent } from './events.ts';

/** Which detail of an event has a counter of its own for each value. All of them are closed sets, so there is a bounded number of counters. */
const details: { readonly [Type in SessionEvent['type']]: string | undefined } = {
  created: undefined,
  login: undefined,
  logout: undefined,
  rotated: undefined,
  replayed: undefined,
  adopted: undefined,
  evicted: undefined,
  revoked: undefined,
  refused: 'reason',
  'duplicate-cookie': undefined,
  'comma-joined-cookie': undefined,
  'burst-of-failures': undefined,
  'id-from-many-addresses': undefined,
  conflict: 'outcome',
  gone: 'cause',
  'data-refused': undefined,
  'store-failed': 'operation',
};

const metric = 'hallpass_session_events_total';

/** Counts what happens to sessions. */
export interface SessionCounters {
  /** Counts an event: pass it to `createSessions`, or call it from a listener of your own. */
  readonly onEvent: (event: SessionEvent) => void;
  /** The counters in the text format of Prometheus: the body of `/metrics`, as `text/plain; version=0.0.4`. */
  toString(): string;
}

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
  const counts = new Map<string, number>();
  for (const [type, detail] of Object.entries(details)) {
    if (detail === undefined) counts.set(`type="${type}"`, 0);
  }

  return {
    onEvent(event) {
      const detail = details[event.type];
      const facts: { readonly [name: string]: unknown } = event;
      const labels = `type="${event.type}"${detail === undefined ? '' : `,${detail}="${facts[detail]}"`}`;
      counts.set(labels, (counts.get(labels) ?? 0) + 1);
    },

    toString() {
      const lines = [...counts].map(([labels, count]) => `${metric}{${labels}} ${count}\n`);
      return [
        `# HELP ${metric} What happened to sessions.\n`,
        `# TYPE ${metric} counter\n`,
        ...lines.sort(),
      ].join('');
    },
  };
}
