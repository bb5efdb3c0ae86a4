import { generateKey, keyRing, sealed, signed } from 'hallpass/seal';
import { describe, expect, test } from 'vitest';
import { readable } from './readable.ts';

const secret = '{"user":"john"}';
const base64 = Buffer.from(secret).toString('base64url');

describe('what anybody reads in a cookie', () => {
  test.each([
    ['plain', secret],
    ['percent-encoded', encodeURIComponent(secret)],
    ['base64url', base64],
    ['base64url behind a name of a key and a dot', `k1.${base64}.c2ln`],
    ['base64url inside a longer run', `ab${base64}`],
  ])('is found when it is %s', (_, value) => {
    expect(readable(value)).toContain('john');
  });

  test('is what is signed, and not what is sealed', async () => {
    const ring = keyRing(generateKey());
    expect(readable(await signed(ring).encode(secret, 'session'))).toContain('john');
    expect(readable(await sealed(ring).encode(secret, 'session'))).not.toContain('john');
  });
});
