import { type EventCounters, eventCounters } from '../store/event-counters.ts';
import type { TokenEvent } from './events.ts';

const details: { readonly [Type in TokenEvent['type']]: string | undefined } = {
  issued: undefined,
  refreshed: undefined,
  'refresh-repeated': undefined,
  'refresh-replayed': undefined,
  'refresh-refused': 'reason',
  refused: 'reason',
  'revoked-token': undefined,
  'duplicate-cookie': 'of',
  revoked: 'what',
  'revoked-everything': undefined,
  'store-failed': 'operation',
};

/** Counts what happens to tokens. */
export type TokenCounters = EventCounters<TokenEvent>;

/**
 * Counters of events, by type. They hold no user, family or token.
 *
 * @example
 * ```ts
 * import { generateKey, keyRing } from 'hallpass/seal';
 * import { memoryStore } from 'hallpass/stores/memory';
 * import { createTokens, tokenCounters } from 'hallpass/tokens';
 *
 * const counters = tokenCounters();
 * const tokens = createTokens({
 *   keys: keyRing(generateKey()),
 *   issuer: 'https://app.example.com',
 *   audience: 'https://app.example.com',
 *   store: memoryStore(),
 *   onEvent: counters.onEvent,
 * });
 * await tokens.issueBearer('ada');
 * console.log(String(counters).includes('hallpass_token_events_total{type="issued"} 1')); // → true
 * ```
 */
export function tokenCounters(): TokenCounters {
  return eventCounters('tokenCounters', 'hallpass_token_events_total', 'What happened to tokens.', details);
}
