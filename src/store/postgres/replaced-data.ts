import type { SessionPatch } from '../contract.ts';
import { changed, lookUp } from '../record.ts';
import { fromJson, toJson } from './text.ts';

/**
 * What a plain patch makes of this data, so that PostgreSQL has only to compare and to write. `undefined` where it takes the statement
 * that merges: at a login or a rotation, where the base has moved, and where no data changes, which is not written again then.
 */
export function replacedData(before: string, patch: SessionPatch): string | undefined {
  const { login, verifier, set = {}, delete: deleted = [], base = {} } = patch;
  if (login !== undefined || verifier !== undefined) return undefined;
  if (Object.keys(set).length + deleted.length === 0) return undefined;
  const data = fromJson(before);
  const keys = Object.keys(base);
  const found = lookUp(data, keys);
  return keys.every((key) => found[key] === base[key]) ? toJson(changed(data, patch)) : undefined;
}
