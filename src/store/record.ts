import type { Ended, LoginSwap, PatchResult, SessionPatch, SessionRecord } from './contract.ts';

/** Of a row that belongs to nobody. */
export function anonymous(
  selector: string,
  life: Pick<SessionRecord, 'idle' | 'idleAt' | 'absoluteAt'>,
  now: number,
): Omit<SessionRecord, 'hash'> {
  return {
    selector,
    gen: 0,
    userId: null,
    data: {},
    createdAt: now,
    authenticatedAt: null,
    seenAt: now,
    ...life,
    remember: false,
  };
}

/** A row that no verifier opens, for what the library itself keeps until then. */
export function markRow(
  selector: string,
  data: SessionRecord['data'],
  { now, until }: { now: number; until: number },
): SessionRecord {
  const life = { idle: until - now, idleAt: until, absoluteAt: until };
  return { ...anonymous(selector, life, now), data, hash: '' };
}

/** When a record ends by itself, in ms since 1970. */
export function endsAt(record: Pick<SessionRecord, 'idleAt' | 'absoluteAt'>): number {
  return Math.min(record.idleAt, record.absoluteAt);
}

/** A record that somebody was told has expired: it has done so at every time, whatever `now` a later call brings. */
export function expired<Row extends Pick<SessionRecord, 'idleAt'>>(record: Row): Row {
  return { ...record, idleAt: 0 };
}

/** True for what a store gives of a session that lives. */
export function isLive(row: SessionRecord | Ended | undefined): row is SessionRecord {
  return typeof row === 'object';
}

/** True for a record that was told to have expired before. */
export function isExpiredForGood({ idleAt }: Pick<SessionRecord, 'idleAt'>): boolean {
  return idleAt === 0;
}

/** How long a tombstone is kept where the absolute deadline is not known: longer than any request is under way. */
export const tombstoneLife = 86_400_000;

/** How long after it took its time a call may come, in ms: a list of what has ended remembers it so much longer. */
export const lateness = 60_000;

/** A record after `touch`. A deadline never moves back. */
export function touched<Row extends Pick<SessionRecord, 'seenAt' | 'idle' | 'idleAt' | 'absoluteAt'>>(
  record: Row,
  now: number,
): Row {
  return { ...record, seenAt: Math.max(record.seenAt, now), idleAt: idleAtAfter(record, now) };
}

function idleAtAfter(
  { idle, idleAt, absoluteAt }: Pick<SessionRecord, 'idle' | 'idleAt' | 'absoluteAt'>,
  now: number,
): number {
  return Math.max(idleAt, Math.min(now + idle, absoluteAt));
}

/** What a patch makes of a row: the next record, or why nothing is written. Every store decides by this. */
export function patched(
  row: SessionRecord | 'revoked' | undefined,
  patch: SessionPatch,
  epoch: number,
): { next: SessionRecord; result: PatchResult } | { next?: undefined; result: PatchResult } {
  if (row === undefined) return { result: { gone: 'absent' } };
  if (row === 'revoked') return { result: { gone: 'revoked' } };
  if (endsAt(row) <= patch.now) return { next: expired(row), result: { gone: 'expired' } };
  if (row.gen !== patch.gen) return { result: { gone: 'superseded' } };
  if (patch.login !== undefined && patch.login.epoch !== epoch) return { result: { gone: 'revoked' } };

  const { base = {} } = patch;
  const keys = Object.keys(base);
  if (keys.some((key) => textIn(row.data, key) !== base[key])) {
    return { result: { conflict: lookUp(row.data, keys) } };
  }

  const next = after(row, patch);
  return { next, result: { ok: { hash: next.hash, nonce: next.nonce } } };
}

/** The record after a patch that nothing stands against. */
function after(row: SessionRecord, patch: SessionPatch): SessionRecord {
  const { login, verifier, now } = patch;
  const data = changed(row.data, patch);
  if (login !== undefined) return { ...loggedIn(row, login, now), data };
  const used = patch.quiet ? row : { seenAt: Math.max(row.seenAt, now), idleAt: idleAtAfter(row, now) };
  const next = { ...row, data, seenAt: used.seenAt, idleAt: used.idleAt };
  if (verifier === undefined || verifier.from !== row.hash) return next;
  const { from, to, nonce, prevUntil } = verifier;
  return { ...next, hash: to, prev: from, prevUntil, nonce };
}

/** The old verifier gets no successor, so whoever else holds it is out. */
function loggedIn(row: SessionRecord, login: LoginSwap, now: number): SessionRecord {
  const { prev: _prev, prevUntil: _until, nonce: _nonce, externalIds: _ids, ...rest } = row;
  const { to, epoch: _epoch, ...facts } = login;
  const device = login.device ?? row.device;
  return { ...rest, ...facts, device, gen: row.gen + 1, hash: to, seenAt: Math.max(row.seenAt, now) };
}

/** What these keys hold, `null` = absent: the answer to a patch on another base. */
export function lookUp(data: SessionRecord['data'], keys: string[]): Record<string, string | null> {
  const found: Record<string, string | null> = {};
  for (const key of keys) setKey(found, key, textIn(data, key));
  return found;
}

function textIn(data: SessionRecord['data'], key: string): string | null {
  return Object.hasOwn(data, key) ? (data[key] as string) : null;
}

/** Session data after the writes of a patch. */
export function changed(
  data: SessionRecord['data'],
  patch: Pick<SessionPatch, 'set' | 'delete'>,
): SessionRecord['data'] {
  if (patch.set === undefined && patch.delete === undefined) return data;
  const next: Record<string, string> = copied(data);
  for (const key of patch.delete ?? []) delete next[key];
  return written(next, patch.set ?? {});
}

export function copied(data: SessionRecord['data']): Record<string, string> {
  return written({}, data);
}

/**
 * Puts a value under a key, of which none is special, `__proto__` included. The object is an ordinary one: RPC and structured clones refuse, or
 * change, one without a prototype. Who reads a key asks `Object.hasOwn` first.
 */
export function setKey<Value>(into: Record<string, Value>, key: string, value: Value): void {
  if (key !== '__proto__') into[key] = value;
  else Object.defineProperty(into, key, { value, writable: true, enumerable: true, configurable: true });
}

/** As Object.assign does, but that `__proto__` is a key like any other. */
function written(into: Record<string, string>, data: SessionRecord['data']): Record<string, string> {
  for (const key of Object.keys(data)) setKey(into, key, data[key] as string);
  return into;
}
