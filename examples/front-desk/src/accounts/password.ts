import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';

/** What one hash costs whoever guesses: memory is 128 · r · 2^ln octets, work is that times p. */
export interface Cost {
  ln: number;
  r: number;
  p: number;
}

/** Makes the hash; a test counts the work with one of its own. */
export type Scrypt = (password: string, salt: Buffer, cost: Cost) => Promise<Buffer>;

/** 32 MB three times: one of the settings that OWASP's Password Storage Cheat Sheet takes as equal. */
export const usualCost: Cost = { ln: 15, r: 8, p: 3 };

const hashLength = 32;

/** A salted scrypt hash, which says how it was made: `$scrypt$ln=15,r=8,p=3$salt$hash`. */
export async function hashPassword(
  password: string,
  cost: Cost,
  scrypt: Scrypt = runScrypt,
): Promise<string> {
  const salt = randomBytes(16);
  return written(cost, salt, await scrypt(password, salt, cost));
}

/**
 * Whether the password has this hash.
 * @param present the cost of today: right or wrong, and however the hash was made, it is as much work as one hash of it, or time
 * would tell an account with an older hash from a name that nobody has. Default: the hash's own, where no stranger waits
 */
export async function isPassword(
  password: string,
  stored: string,
  present: Cost | undefined = undefined,
  scrypt: Scrypt = runScrypt,
): Promise<boolean> {
  const { cost, salt, hash } = read(stored);
  const derived = await scrypt(password, salt, cost);
  for (const run of paddingOf(cost, present ?? cost)) await scrypt(password, salt, run);
  return timingSafeEqual(derived, hash);
}

/**
 * The hashes that make a hash of a former cost as much work as one of the present. Work is r · p · 2^ln; what is missing is
 * made up by few large ones, since memory takes its time too. A former cost that was dearer cannot be hidden: never lower it.
 */
export function paddingOf(former: Cost, present: Cost): Cost[] {
  const { r } = present;
  let missing = Math.ceil((workOf(present) - workOf(former)) / r);
  const runs: Cost[] = [];
  for (let ln = present.ln; ln > 0 && missing > 0; ln -= 1) {
    const p = Math.floor(missing / 2 ** ln);
    if (p > 0) runs.push({ ln, r, p });
    missing %= 2 ** ln;
  }
  return runs;
}

const workOf = ({ ln, r, p }: Cost) => r * p * 2 ** ln;

/** The hash of no password: who compares with it works as long as with a real one, and always fails. */
export function nobodysHash(cost: Cost): string {
  return written(cost, randomBytes(16), randomBytes(hashLength));
}

/** True for a hash that was made at another cost than this one, and should be made again. */
export function isOutdated(stored: string, { ln, r, p }: Cost): boolean {
  return !stored.startsWith(`$scrypt$ln=${ln},r=${r},p=${p}$`);
}

function written({ ln, r, p }: Cost, salt: Buffer, hash: Buffer): string {
  return `$scrypt$ln=${ln},r=${r},p=${p}$${salt.toString('base64url')}$${hash.toString('base64url')}`;
}

function read(stored: string): { cost: Cost; salt: Buffer; hash: Buffer } {
  const parts = /^\$scrypt\$ln=(\d+),r=(\d+),p=(\d+)\$([\w-]+)\$([\w-]+)$/.exec(stored);
  if (parts === null) throw new Error('An account holds something else than a scrypt hash.');
  const [, ln, r, p, salt = '', hash = ''] = parts;
  return {
    cost: { ln: Number(ln), r: Number(r), p: Number(p) },
    salt: Buffer.from(salt, 'base64url'),
    hash: Buffer.from(hash, 'base64url'),
  };
}

/** In a thread of its own, so other visitors do not wait. NFKC: the same letters from every keyboard. */
export function runScrypt(password: string, salt: Buffer, { ln, r, p }: Cost): Promise<Buffer> {
  const N = 2 ** ln;
  const options: ScryptOptions = { N, r, p, maxmem: 2 * 128 * r * N };
  return new Promise((resolve, reject) =>
    scrypt(password.normalize('NFKC'), salt, hashLength, options, (error, key) =>
      error === null ? resolve(key) : reject(error),
    ),
  );
}
