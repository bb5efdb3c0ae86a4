import { isDevelopment } from '../errors/development.ts';
import type { DataRefusal } from './data-schema.ts';

const warned = new Set<string>();
const mostWarned = 1_000;

/** In development, once for each list of keys: a schema that refuses data empties the session, and nobody sees why. */
export function warnOfRefusedData(refused: DataRefusal): void {
  if (!isDevelopment()) return;
  const sentence = sentenceOf(refused);
  if (warned.has(sentence) || warned.size === mostWarned) return;
  warned.add(sentence);
  console.warn(`hallpass: ${sentence} (npx hallpass why data-refused)`);
}

function sentenceOf({ missing, invalid }: DataRefusal): string {
  const whys = [
    ...(missing.length > 0 ? [`it asks for ${missing.join(', ')}, which was never set`] : []),
    ...(invalid.length > 0 ? [`it refuses the value of ${invalid.join(', ')}`] : []),
  ];
  const why = whys.length > 0 ? whys.join(', and ') : 'it is against the data as a whole';
  return `The schema of createSessions has refused what a session holds, so its handler sees none of it: ${why}. A session begins without data and gets it key by key: let each key be absent (optional, or with a default), and take in what an older version stored.`;
}
