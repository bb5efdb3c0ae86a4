import { after } from '../crypto/index.ts';
import { aClock } from '../errors/kinds.ts';
import { checkOptions, expectType, jsonOf } from '../errors/misuse.ts';
import { HallpassError } from '../errors.ts';
import { type Clock, clockOf, instantOf } from '../time.ts';
import { type Envelope, sealing, signing, unopened } from './envelope.ts';
import type { Binding, KeyRing } from './key-ring.ts';

/** How a value is sealed or signed. */
export interface SealOptions {
  /** From this instant on the seal does not open any more: ms since 1970, or a Date. Default: it opens for ever. */
  expires?: number | Date;
}

/** How a seal is opened. */
export interface OpenOptions {
  /** What time it is. Default: the system's clock. */
  clock?: Clock;
}

/**
 * Encrypts and authenticates a JSON value for one purpose. What is sealed for one purpose does not open for another.
 * @throws TypeError when JSON cannot hold the value.
 *
 * @example
 * ```ts
 * import { generateKey, keyRing, open, seal } from 'hallpass/seal';
 *
 * const ring = keyRing(generateKey());
 * const text = await seal(ring, 'invitation', { to: 'ada' }, { expires: Date.now() + 86_400_000 });
 * console.log(await open(ring, 'invitation', text)); // → { to: 'ada' }
 * ```
 */
export function seal(ring: KeyRing, purpose: string, value: unknown, options?: SealOptions): Promise<string> {
  return write(sealing, ring, purpose, value, options);
}

/**
 * The value that {@link seal} was given for this purpose.
 * @throws HallpassError `seal-broken`, `seal-unknown-key`, `seal-expired`.
 *
 * @example
 * ```ts
 * import { generateKey, keyRing, open, seal } from 'hallpass/seal';
 *
 * const ring = keyRing(generateKey());
 * const text = await seal(ring, 'invitation', { to: 'ada' });
 * const other = await open(ring, 'password reset', text).catch((error) => error.code);
 * console.log(other); // → seal-broken
 * ```
 */
export function open(
  ring: KeyRing,
  purpose: string,
  sealed: string,
  options?: OpenOptions,
): Promise<unknown> {
  return read(sealing, ring, purpose, sealed, options);
}

/**
 * Authenticates a JSON value for one purpose. Everybody can read it; nobody can change it.
 * @throws TypeError when JSON cannot hold the value.
 *
 * @example
 * ```ts
 * import { generateKey, keyRing, sign, verify } from 'hallpass/seal';
 *
 * const ring = keyRing(generateKey());
 * const text = await sign(ring, 'download', { file: 'report.pdf' });
 * console.log(await verify(ring, 'download', text)); // → { file: 'report.pdf' }
 * ```
 */
export function sign(ring: KeyRing, purpose: string, value: unknown, options?: SealOptions): Promise<string> {
  return write(signing, ring, purpose, value, options);
}

/**
 * The value that {@link sign} was given for this purpose.
 * @throws HallpassError `seal-broken`, `seal-unknown-key`, `seal-expired`.
 *
 * @example
 * ```ts
 * import { generateKey, keyRing, sign, verify } from 'hallpass/seal';
 *
 * const text = await sign(keyRing(generateKey()), 'download', { file: 'report.pdf' });
 * const stranger = await verify(keyRing(generateKey()), 'download', text).catch((error) => error.code);
 * console.log(stranger); // → seal-unknown-key
 * ```
 */
export function verify(
  ring: KeyRing,
  purpose: string,
  signed: string,
  options?: OpenOptions,
): Promise<unknown> {
  return read(signing, ring, purpose, signed, options);
}

/** Begins a text that says until when it is good. No JSON begins like this. */
const deadline = '@';
function valuePurpose(purpose: string): Binding {
  if (typeof purpose !== 'string') expectType(purpose, 'string', 'The purpose of a seal or signature');
  return { purpose: `value ${purpose}` };
}

async function write(
  envelope: Envelope,
  ring: KeyRing,
  purpose: string,
  value: unknown,
  options: SealOptions = {},
): Promise<string> {
  checkOptions(options, { expires: 'number|object' }, 'seal or sign');
  const { expires } = options;
  const text = jsonOf(value, 'What is sealed or signed');
  if (text === undefined)
    throw new TypeError(`JSON cannot hold ${typeof value}: seal an object, a string or a number.`);
  if (expires === undefined) return envelope.wrap(ring, valuePurpose(purpose), text);
  const until = instantOf(expires);
  if (!Number.isSafeInteger(until) || until < 0)
    throw new TypeError('expires is no instant: give a Date, or whole milliseconds since 1970 (Math.round).');
  return envelope.wrap(ring, valuePurpose(purpose), `${deadline}${until}.${text}`);
}

async function read(
  envelope: Envelope,
  ring: KeyRing,
  purpose: string,
  wrapped: string,
  options: OpenOptions = {},
): Promise<unknown> {
  checkOptions(options, { clock: aClock }, 'open or verify');
  const clock = clockOf(options.clock);
  expectType(wrapped, 'string', 'The sealed or signed text');
  return after(envelope.unwrap(ring, valuePurpose(purpose), wrapped), (opened) => {
    if (typeof opened === 'string') throw unopened(opened);
    const { text } = opened;
    if (!text.startsWith(deadline)) return parsed(text);
    const split = text.indexOf('.');
    if (clock.now() >= Number(text.slice(deadline.length, split))) {
      throw new HallpassError('seal-expired', 'This seal has expired.');
    }
    return parsed(text.slice(split + 1));
  });
}

/** A parser's own error quotes the text, and that was secret. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw unopened('seal-broken');
  }
}
