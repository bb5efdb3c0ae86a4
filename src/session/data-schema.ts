import type { StandardSchemaV1 } from '@standard-schema/spec';
import { clone } from '../cookie/clone.ts';
import { expectType } from '../errors/misuse.ts';
import { parsed } from './json.ts';
import { isDataKey } from './keys.ts';

/** Stored values as a handler sees them, by key. */
export interface ReadResult {
  /** True when the schema refused the data: a handler sees none of it. */
  readonly refused: boolean;
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
  const refused = result.issues !== undefined;
  const given = refused ? {} : dataOf(result.value);
  return {
    refused,
    keys: [...new Set([...keys, ...Object.keys(given)])],
    value: (key) =>
      isDataKey(key) ? (Object.hasOwn(given, key) ? clone(given[key]) : undefined) : texts(key),
  };
}

function dataOf(value: unknown): Record<string, unknown> {
  expectType(value, 'object', 'The data that the schema of createSessions gives');
  return value as Record<string, unknown>;
}
