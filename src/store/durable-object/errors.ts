import { safeCause } from '../../errors/safe-cause.ts';
import { HallpassError } from '../../errors.ts';
import type { CallFailure } from './calls.ts';

/** What was wrong inside an object, in a form that travels as JSON. */
export function toOutcome(error: unknown): CallFailure {
  if (error instanceof HallpassError) return { code: 'store-unusable', sentence: error.message };
  return { code: 'store-unavailable', sentence: error instanceof Error ? error.message : 'unknown' };
}

/** What an object said was wrong. */
export function fromOutcome({ code, sentence }: CallFailure): HallpassError {
  const whole =
    code === 'store-unusable' ? sentence : 'A Durable Object failed; the cause of this error says how.';
  return new HallpassError(code, whole, { cause: safeCause(sentence) });
}

/** What it means that an object did not answer. */
export function toStoreError(error: unknown): HallpassError {
  const sentence = 'A Durable Object cannot be reached; the cause of this error says how.';
  return new HallpassError('store-unavailable', sentence, { cause: safeCause(error) });
}
