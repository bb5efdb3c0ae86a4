import type { StandardSchemaV1 } from '@standard-schema/spec';
import { clone } from '../cookie/clone.ts';
import { expectType } from '../errors/misuse.ts';
import { parsed } from './json.ts';
import { isDataKey } from './keys.ts';

/**
 * The top-level keys that a schema is against: those that it asks for and the session has not, and those whose value it refuses.
 * None at all where it is against the data as a whole. What the schema says is left out: it may repeat a value.
 */
export interface DataRefusal {
  readonly missing: readonly string[];
  readonly invalid: readonly string[];
}

/** Stored values as a handler sees them, by key. */
export interface ReadResult {
  /** Where the schema refused the data: a handler sees none of it. */
  readonly refused: DataRefusal | undefined;
  /** The keys of the data, those that the schema added too. */
  readonly keys: readonly string[];
  /** A copy at every call. */
  value(key: string): unknown;
}

/**
 * Reads stored data by the application's schema. Every read gives values of its own: a schema may give the same default
 * again and again.
 */
export async function readBySchema(
  schema: StandardSchemaV1,
  stored: Readonly<Record<string, string>>,
): Promise<ReadResult> {
  const texts = (key: string) => (Object.hasOwn(stored, key) ? parsed(stored[key]) : undefined);
  const keys = Object.keys(stored).filter((key) => isDataKey(key) && texts(key) !== undefined);
  const data = Object.fromEntries(keys.map((key) => [key, texts(key)]));
  const result = await schema['~standard'].validate(data);
  expectType(result, 'object|array', 'What the schema of createSessions answers');
  const refused = result.issues && refusalOf(result.issues, keys);
  const given = refused ? {} : dataOf((result as StandardSchemaV1.SuccessResult<unknown>).value);
  return {
    refused,
    keys: [...new Set([...keys, ...Object.keys(given)])],
    value: (key) =>
      isDataKey(key) ? (Object.hasOwn(given, key) ? clone(given[key]) : undefined) : texts(key),
  };
}

function refusalOf(issues: readonly StandardSchemaV1.Issue[], stored: readonly string[]): DataRefusal {
  const first = issues.map(({ path }) => path?.[0]);
  const named = first.map((step) => (typeof step === 'object' ? step.key : step));
  const against = [...new Set(named)].filter((key) => typeof key === 'string' && isDataKey(key)) as string[];
  return {
    missing: against.filter((key) => !stored.includes(key)),
    invalid: against.filter((key) => stored.includes(key)),
  };
}

function dataOf(value: unknown): Record<string, unknown> {
  expectType(value, 'object', 'The data that the schema of createSessions gives');
  return value as Record<string, unknown>;
}
