// `node conformance/seal/make-vectors.ts`, after a build: seals and signs the values of the vectors anew, with their keys.
// Only for a change of the format, which makes every seal in the world unreadable: it needs a new mark (hp1, hs1) too.
import { readFileSync, writeFileSync } from 'node:fs';
import { defineCookie } from 'hallpass';
import { keyRing, seal, sealed, sign, signed } from 'hallpass/seal';

const file = new URL('../vectors/seal/node-24.json', import.meta.url);
const { title, oldKey, newKey, value } = JSON.parse(readFileSync(file, 'utf8'));
const ring = keyRing(oldKey);
const secret = defineCookie('secret', { codec: sealed(ring), format: 'json' });
const open = defineCookie('open', { codec: signed(ring), format: 'json' });
const pairs = [await secret.serialize(value), await open.serialize(value)].map((line) => line.split(';')[0]);
const vectors = {
  title,
  oldKey,
  newKey,
  value,
  sealed: await seal(ring, 'vector', value),
  signed: await sign(ring, 'vector', value),
  cookies: pairs.join('; '),
};
writeFileSync(file, `${JSON.stringify(vectors, null, 2)}\n`);
