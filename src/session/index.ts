export { createSessions } from './create-sessions.ts';
export type { SessionEvent } from './events.ts';
export type { ConflictPolicy, SessionOptions } from './options.ts';
export type {
  HeaderSink,
  LoginOptions,
  Session,
  SessionSummary,
  Sessions,
  StoredSessions,
} from './types.ts';
