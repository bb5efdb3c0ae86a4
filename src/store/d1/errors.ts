import { safeCause } from '../../errors/safe-cause.ts';
import { HallpassError } from '../../errors.ts';

/** What the platform's error means. Our own stay as they are. */
export function toStoreError(error: unknown): unknown {
  if (error instanceof HallpassError) return error;
  const cause = safeCause(error);
  if (/no such (table|column)/.test(cause.message)) {
    const sentence =
      'The D1 database has no tables of hallpass: put the SQL of d1Schema() into a migration and apply it.';
    return new HallpassError('store-unusable', sentence, { cause });
  }
  const sentence = 'D1 cannot be reached or is not ready; the cause of this error says how.';
  return new HallpassError('store-unavailable', sentence, { cause });
}
