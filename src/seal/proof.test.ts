import { inspect } from 'node:util';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { generateKey, keyRing, verify } from './index.ts';

const secret = generateKey();
const ring = keyRing(secret);

it('a proof is good for its purpose and text alone', async () => {
  const proof = await ring.prove('csrf', 'text');
  expect(proof).toMatch(/^[\w-]{8}\.[\w-]{43}$/);
  expect(await ring.isProof('csrf', 'text', proof)).toBe(true);
  expect(await ring.isProof('csrf', 'texT', proof)).toBe(false);
  expect(await ring.isProof('other', 'text', proof)).toBe(false);
  expect(await keyRing(generateKey()).isProof('csrf', 'text', proof)).toBe(false);
  await expect(verify(ring, 'csrf', proof)).rejects.toThrow();
});

it('a proof by an old key is good, by a revoked one it is none', async () => {
  const proof = await ring.prove('csrf', 'text');
  const next = generateKey();
  expect(await keyRing([next, secret]).isProof('csrf', 'text', proof)).toBe(true);
  const revoked = keyRing([{ secret: next }, { secret, state: 'revoked' }]);
  expect(await revoked.isProof('csrf', 'text', proof)).toBe(false);
});

it('any other text is no proof, and no error', async () => {
  const proof = await ring.prove('csrf', 'text');
  const near = fc
    .nat(proof.length - 1)
    .map((at) => proof.slice(0, at) + (proof[at] === 'A' ? 'B' : 'A') + proof.slice(at + 1));
  const other = fc.oneof(
    near,
    fc.string({ unit: 'binary' }),
    fc.constantFrom('', '.', proof.slice(1), `${proof}.`),
  );
  await fc.assert(fc.asyncProperty(other, async (given) => !(await ring.isProof('csrf', 'text', given))));
});

it('a ring that has proved shows no key', async () => {
  await ring.prove('csrf', 'text');
  expect(inspect(ring, { depth: 9, showHidden: true })).not.toMatch(/Uint8Array|KeyObject/);
  expect(JSON.stringify(ring)).toBe('{}');
});
