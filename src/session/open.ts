import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { CookieSource } from '../cookie/types.ts';
import { equal, sha256 } from '../crypto/index.ts';
import { allowed, type ReasonCode, reason, refused, verdict } from '../scope/verdict.ts';
import type { SessionRecord, SessionStore } from '../store/contract.ts';
import type { Report } from './events.ts';
import { isDataKey } from './keys.ts';
import { parsePass, successor } from './pass.ts';
import type { SessionCookie } from './session-cookie.ts';
import type { Opened } from './state.ts';
import { Values } from './values.ts';

export interface OpenContext {
  readonly cookie: SessionCookie;
  readonly store: SessionStore;
  readonly schema: StandardSchemaV1 | undefined;
  readonly onStoreFailure: 'refuse' | 'anonymous';
  readonly report: Report;
}

/** Finds the visitor's session: one store read, none without a well-formed cookie. Any cookie at all is an answer, never an error. */
export async function openSession(
  context: OpenContext,
  from: CookieSource,
  at: number,
  device: string | undefined,
): Promise<Opened> {
  const { cookie, store, report } = context;
  const common = { at, device, storeAway: false };
  const found = cookie.find(from);
  if (found === undefined) {
    return { ...common, cookieCame: false, values: new Values(), verdict: refused('session-no-cookie') };
  }

  const warnings = found.count > 1 ? [reason('duplicate-cookie', { name: cookie.name })] : [];
  if (found.count > 1) report({ kind: 'duplicate-cookie', count: found.count });
  const refuse = (code: ReasonCode, selector?: string): Opened => {
    report({ kind: 'refused', reason: code }, selector);
    const storeAway = code === 'session-store-away';
    return {
      ...common,
      cookieCame: true,
      storeAway,
      values: new Values(),
      verdict: verdict([reason(code)], warnings),
    };
  };

  const pass = parsePass(found.value);
  if (pass === undefined) return refuse('session-malformed');
  let row: SessionRecord | undefined;
  try {
    row = await store.read(pass.selector, { now: at });
  } catch (error) {
    if (context.onStoreFailure === 'refuse') throw error;
    return refuse('session-store-away', pass.selector);
  }
  if (row === undefined) return refuse('session-unknown', pass.selector);
  const proof = await proves(pass.verifier, row, at);
  if (proof === undefined) return refuse('session-wrong-verifier', pass.selector);
  if (proof.successor !== undefined) report({ kind: 'replayed' }, pass.selector);

  return {
    ...common,
    ...proof,
    cookieCame: true,
    row,
    verifier: pass.verifier,
    verdict: warnings.length === 0 ? allowed : verdict([], warnings),
    values: context.schema === undefined ? new Values(row.data) : await checked(context.schema, row, report),
  };
}

/** The present verifier proves the visitor, and inside the grace the one before it does. */
async function proves(
  verifier: string,
  row: SessionRecord,
  now: number,
): Promise<{ successor?: string } | undefined> {
  const hashed = sha256(verifier);
  const hash = typeof hashed === 'string' ? hashed : await hashed;
  if (equal(hash, row.hash)) return {};
  if (row.prev === undefined || row.nonce === undefined || !equal(hash, row.prev)) return undefined;
  if (now >= (row.prevUntil ?? 0)) return undefined;
  return { successor: await successor(verifier, row.nonce) };
}

/** Stored data as the schema gives it. Refused data is hidden, and deleted with the next write. */
async function checked(schema: StandardSchemaV1, row: SessionRecord, report: Report): Promise<Values> {
  const values = new Values(row.data);
  const keys = values.keys().filter(isDataKey);
  if (keys.length === 0) return values;
  const stored = Object.fromEntries(keys.map((key) => [key, values.get(key)]));
  const result = await schema['~standard'].validate(stored);
  if (result.issues !== undefined) {
    report({ kind: 'data-refused', keys }, row.selector);
    for (const key of keys) values.hide(key);
    return values;
  }
  const migrated = new Map(Object.entries(result.value as object));
  for (const key of new Set([...keys, ...migrated.keys()])) values.present(key, migrated.get(key));
  return values;
}
