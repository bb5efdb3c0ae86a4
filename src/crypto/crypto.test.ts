import * as nodeCrypto from 'node:crypto';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBase64url, encodeBase64url, equal, randomBytes, randomText } from './index.ts';
import { nodePrimitives } from './node.ts';
import { webPrimitives } from './web.ts';

const node = nodePrimitives(nodeCrypto);
const runtimes = [
  { name: 'node:crypto', one: node, other: webPrimitives },
  { name: 'WebCrypto', one: webPrimitives, other: node },
];
const key = randomBytes(32);
const text = '\uFEFF日本 {"cart":[1]}';

describe.each(runtimes)('$name', ({ one, other }) => {
  it('hashes as FIPS 180-4 says', async () => {
    expect(await one.sha256('abc')).toBe('ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0');
  });

  it('authenticates as RFC 4231 says (case 2)', async () => {
    const mac = one.mac(new TextEncoder().encode('Jefe'));
    const expected = '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843';
    expect(await mac('what do ya want for nothing?')).toBe(
      Buffer.from(expected, 'hex').toString('base64url'),
    );
  });

  it('derives the keys that the other derives, one for each use', async () => {
    const derived = await one.derive(key, 'a use');
    expect(derived).toHaveLength(32);
    expect(derived).toEqual(await other.derive(key, 'a use'));
    expect(derived).not.toEqual(await one.derive(key, 'another use'));
  });

  it('opens what the other sealed, whatever the text', async () => {
    for (const plain of [text, '', 'a'.repeat(5_000)]) {
      const sealed = await one.cipher(key).encrypt(plain);
      expect(await one.cipher(key).decrypt(sealed)).toBe(plain);
      expect(await other.cipher(key).decrypt(sealed)).toBe(plain);
    }
  });

  it('never seals the same text twice alike', async () => {
    const { encrypt } = one.cipher(key);
    expect(await encrypt(text)).not.toBe(await encrypt(text));
  });

  it('opens nothing with another key or text', async () => {
    const cipher = one.cipher(key);
    const sealed = await cipher.encrypt(text);
    expect(await one.cipher(randomBytes(32)).decrypt(sealed)).toBeUndefined();
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1);
      expect(await cipher.decrypt(changed)).toBeUndefined();
      expect(await cipher.decrypt(sealed.slice(0, at))).toBeUndefined();
    }
  });
});

describe('base64url', () => {
  it('writes and reads every byte', () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    for (let length = 0; length <= 256; length += 1) {
      const part = bytes.subarray(0, length);
      const read = decodeBase64url(encodeBase64url(part));
      expect([...(read ?? [])]).toEqual([...part]);
    }
  });

  it.each(['A', 'AB', 'AAB', 'AA==', 'A A', 'A+/A', 'AA.A', 'é'])('reads nothing else: %j', (other) => {
    expect(decodeBase64url(other)).toBeUndefined();
  });

  it('reads a text exactly when encoding gives it again, whatever the decoder of the runtime lets through', () => {
    const part = fc.constantFrom(
      'A',
      'Q',
      'g',
      'z',
      '9',
      '-',
      '_',
      '+',
      '/',
      '=',
      ' ',
      '\n',
      '\0',
      'é',
      'Ł',
      '日',
      '🎫',
    );
    const own = fc.uint8Array({ maxLength: 400 }).map((bytes) => encodeBase64url(bytes));
    const text = fc.array(fc.oneof({ weight: 9, arbitrary: own }, part), { maxLength: 6 });
    fc.assert(
      fc.property(text, (parts) => {
        const whole = parts.join('');
        const bytes = Buffer.from(whole, 'base64url');
        const expected = bytes.toString('base64url') === whole ? [...bytes] : undefined;
        const read = decodeBase64url(whole);
        expect(read && [...read]).toEqual(expected);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('random', () => {
  it('gives each byte away once', () => {
    const seen = new Set(Array.from({ length: 2_000 }, () => randomText(16)));
    expect(seen.size).toBe(2_000);
    for (const one of seen) expect(one).toMatch(/^[\w-]{22}$/);
  });
});

describe('equal', () => {
  it.each([
    ['', '', true],
    ['same', 'same', true],
    ['same', 'samf', false],
    ['same', 'sam', false],
    ['日', '本', false],
  ])('%j and %j: %j', (one, other, expected) => {
    expect(equal(one, other)).toBe(expected);
  });
});

it('a key shows in no inspection', () => {
  const shown = inspect([node.cipher(key), node.mac(key), webPrimitives.cipher(key)], { depth: 9 });
  expect(shown).not.toContain(encodeBase64url(key));
  expect(shown).not.toMatch(/Uint8Array|Buffer/);
});
