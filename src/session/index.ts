export { type SessionCounters, sessionCounters } from './counters.ts';
export { createSessions } from './create-sessions.ts';
export type { SessionEvent, StoreOperation } from './events.ts';
export type {
  CommonOptions,
  ConflictPolicy,
  SealedOptions,
  Sealing,
  SessionOptions,
} from './options.ts';
export type {
  Adopted,
  LoginOptions,
  Session,
  SessionSummary,
  Sessions,
  SessionView,
  StoredSessions,
  ViewOptions,
  Visitor,
} from './types.ts';
