import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateKey, type KeyRing, keyRing } from 'hallpass/seal';
import { hasCode } from '../../shared/listen.ts';
import { Stop } from '../../shared/program.ts';

/** The keys of `HALLPASS_KEYS`, or, on a machine of one's own, one that the first start leaves in the data folder. @throws Stop for what is no key ring */
export function openKeys(folder: string): KeyRing {
  const file = join(folder, 'keys.txt');
  const given = process.env.HALLPASS_KEYS;
  const text = given || keptKey(file);
  try {
    return keyRing(text);
  } catch {
    // The sentence names the place, never what stands there.
    throw new Stop(`${given ? 'HALLPASS_KEYS' : file} is no key ring: npx hallpass keys new makes one.`);
  }
}

function keptKey(file: string): string {
  try {
    // wx: of two processes that start at once, one writes and the other reads.
    writeFileSync(file, `${generateKey()}\n`, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (!hasCode(error)) throw error;
    if (error.code !== 'EEXIST') throw new Stop(`${file} cannot be written (${error.code}).`);
  }
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if (!hasCode(error)) throw error;
    throw new Stop(`${file} cannot be read (${error.code}).`);
  }
}
