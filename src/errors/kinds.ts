/* What several options are, whoever takes them: things that are known by what they do. */
import { isToken } from '../scope/http-syntax.ts';
import { type Check, expectType, having } from './misuse.ts';

export const aClock: Check = having('a clock, as testClock()', 'now');
export const aSuffixList: Check = having('a list of public suffixes, as publicSuffixes', 'registrableDomain');
export const aKeyRing: Check = having('a key ring, as keyRing(secret)', 'prove', 'isProof');
export const aRevocationList: Check = having('a list of revocations, as memoryRevocations()', 'add', 'has');
/** Every method that the contract of stores has to have. */
export const aStore: Check = having(
  'a store, for example sqliteStore(path) or memoryStore()',
  'create',
  'read',
  'patch',
  'touch',
  'revoke',
  'enlist',
  'listByUser',
  'revokeByUser',
  'sweep',
);
export const aSignal: Check = having('an AbortSignal, as AbortSignal.timeout(5_000)', 'addEventListener');

/** Of zod, valibot or arktype: the last gives functions. */
export const aSchema: Check = (value, whose, option) => {
  const standard = (value as { '~standard'?: { validate?: unknown } } | null)?.['~standard'];
  if (typeof standard?.validate === 'function') return;
  throw new TypeError(`${option} of ${whose} is a Standard Schema, as zod, valibot and arktype make them.`);
};

/** @param listener the function that hears it, as `onEvent of sessionCounters` @throws TypeError for what is no event */
export function expectEvent(event: unknown, listener: string): void {
  const { type, at } = (event ?? {}) as { readonly type?: unknown; readonly at?: unknown };
  if (typeof type === 'string' && typeof at === 'number') return;
  throw new TypeError(
    `${listener} takes an event, { type, at, … }: pass it on as a listener, and hallpass calls it.`,
  );
}

/** @param listener as above @throws TypeError for what is no trace */
export function expectTrace(trace: unknown, listener: string): void {
  if (Array.isArray((trace as { readonly hops?: unknown } | null | undefined)?.hops)) return;
  throw new TypeError(
    `${listener} takes the trace of a call: pass it on as onTrace of createClient, or call it with traceOf(response).`,
  );
}

export const aHeaderName: Check = (value, whose, option) => {
  expectType(value, 'string', `${option} of ${whose}`);
  if (!isToken(value as string))
    throw new TypeError(`${option} of ${whose} is the name of a header, as 'x-request-id'.`);
};

export const aStatus: Check = (value, whose, option) => {
  if (!Number.isInteger(value) || (value as number) < 200 || (value as number) > 599)
    throw new TypeError(`${option} of ${whose} is a status of HTTP, a whole number from 200 to 599.`);
};
