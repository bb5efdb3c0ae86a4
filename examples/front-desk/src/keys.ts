import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateKey, type KeyRing, keyRing } from 'hallpass/seal';
import { hasCode } from '../../shared/listen.ts';

/** The keys of `HALLPASS_KEYS`, or, on a machine of one's own, one that the first start leaves in the data folder. */
export function openKeys(folder: string): KeyRing {
  return keyRing(process.env.HALLPASS_KEYS || keptKey(join(folder, 'keys.txt')));
}

function keptKey(file: string): string {
  try {
    // wx: of two processes that start at once, one writes and the other reads.
    writeFileSync(file, `${generateKey()}\n`, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  }
  return readFileSync(file, 'utf8').trim();
}
