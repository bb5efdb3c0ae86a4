import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { testClock } from '../testing/clock.ts';
import { sealing } from './envelope.ts';
import { generateKey, type KeyState, keyRing, open, seal, sealed, sign, signed, verify } from './index.ts';

const first = generateKey();
const second = generateKey();
const ring = keyRing(first);

const pairs = [
  { name: 'seal and open', write: seal, read: open, mark: 'hp1' },
  { name: 'sign and verify', write: sign, read: verify, mark: 'hs1' },
];

describe.each(pairs)('$name', ({ write, read, mark }) => {
  it.each([[{ user: 'john', n: [1, null] }], ['text . with dots'], ['日本 \u0000'], [0], [null], ['']])(
    'keeps %j',
    async (value) => {
      const written = await write(ring, 'test', value);
      expect(written).toMatch(new RegExp(`^${mark}\\.[\\w-]{8}\\.[\\w.-]+$`));
      expect(await read(ring, 'test', written)).toEqual(value);
    },
  );

  it('is bound to its purpose (S111)', async () => {
    const written = await write(ring, 'invite', { user: 'john' });
    await expect(read(ring, 'reset', written)).rejects.toMatchObject({ code: 'seal-broken' });
  });

  it('accepts no other text', async () => {
    const written = await write(ring, 'test', { user: 'john' });
    const refused = /^seal-(broken|unknown-key)$/;
    for (let at = 0; at < written.length; at += 1) {
      const changed = written.slice(0, at) + (written[at] === 'A' ? 'B' : 'A') + written.slice(at + 1);
      await expect(read(ring, 'test', changed)).rejects.toMatchObject({
        code: expect.stringMatching(refused),
      });
      await expect(read(ring, 'test', written.slice(0, at))).rejects.toMatchObject({
        code: expect.stringMatching(refused),
      });
    }
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^h[ps]1\.[\w-]{8}\.[\w.-]*$/)),
        async (text) => {
          await expect(read(ring, 'test', text)).rejects.toMatchObject({
            code: expect.stringMatching(refused),
          });
        },
      ),
    );
  });

  it('ends when it says', async () => {
    const clock = testClock(1_000_000);
    const written = await write(ring, 'test', 1, { expires: new Date(1_060_000) });
    clock.advance('59s');
    expect(await read(ring, 'test', written, { clock })).toBe(1);
    clock.advance('1s');
    await expect(read(ring, 'test', written, { clock })).rejects.toMatchObject({ code: 'seal-expired' });
  });

  it('refuses what cannot be written', async () => {
    await expect(write(ring, 'test', undefined)).rejects.toThrow(TypeError);
    await expect(write(ring, 'test', () => 1)).rejects.toThrow(TypeError);
    await expect(write(ring, 'test', 1, { expires: new Date('never') })).rejects.toThrow(TypeError);
    // What would be written, and then open for nobody.
    for (const expires of [1_060_000.5, -1, 1e21, Infinity])
      await expect(write(ring, 'test', 1, { expires })).rejects.toThrow('whole milliseconds');
    await expect(write({} as typeof ring, 'test', 1)).rejects.toThrow(TypeError);
  });

  it('rotates keys: all open but the revoked, the active one seals', async () => {
    const old = await write(ring, 'test', 'old');
    const next = keyRing([second, first]);
    expect(await read(next, 'test', old)).toBe('old');
    const written = await write(next, 'test', 'new');
    await expect(read(ring, 'test', written)).rejects.toMatchObject({ code: 'seal-unknown-key' });
    const prepared = keyRing([
      { secret: second, state: 'next' },
      { secret: first, state: 'active' },
    ]);
    expect(await read(prepared, 'test', written)).toBe('new');
    expect(await read(ring, 'test', await write(prepared, 'test', 1))).toBe(1);
    const revoked = keyRing([{ secret: second }, { secret: first, state: 'revoked' }]);
    await expect(read(revoked, 'test', old)).rejects.toMatchObject({ code: 'seal-unknown-key' });
  });
});

describe('what is sealed', () => {
  it('is broken when it is no JSON, and its text stands in no error', async () => {
    const foreign = await sealing.wrap(ring, { purpose: 'value test' }, 'hp-secret-text, no JSON');
    const error = await open(ring, 'test', foreign).catch((caught) => caught);
    expect(error).toMatchObject({ code: 'seal-broken' });
    expect(inspect(error)).not.toContain('hp-secret');
  });

  it('cannot be read without the key, and what is signed can (S110)', async () => {
    const readable = (text: string) =>
      text.split('.').map((part) => Buffer.from(part, 'base64url').toString());
    expect(readable(await seal(ring, 'test', { user: 'john' })).join()).not.toContain('john');
    expect(readable(await sign(ring, 'test', { user: 'john' })).join()).toContain('john');
  });

  it('does not verify as signed, nor the other way round', async () => {
    await expect(verify(ring, 'test', await seal(ring, 'test', 1))).rejects.toMatchObject({
      code: 'seal-broken',
    });
    await expect(open(ring, 'test', await sign(ring, 'test', 1))).rejects.toMatchObject({
      code: 'seal-broken',
    });
  });
});

describe.each([
  { name: 'sealed', codec: sealed(ring) },
  { name: 'signed', codec: signed(ring) },
])('the codec $name (S127)', ({ codec }) => {
  it('writes what a cookie can hold and reads it again', async () => {
    const text = await codec.encode('dark; "mode" 日本', 'theme');
    expect(text).toMatch(/^[\w.-]+$/);
    expect(await codec.decode(text, 'theme')).toBe('dark; "mode" 日本');
  });

  it('is bound to the name of the cookie (S111)', async () => {
    expect(await codec.decode(await codec.encode('admin', 'theme'), 'role')).toBeUndefined();
  });

  it('gives undefined for every foreign text', async () => {
    const text = await codec.encode('dark', 'theme');
    expect(await codec.decode(`${text}A`, 'theme')).toBeUndefined();
    expect(await codec.decode('', 'theme')).toBeUndefined();
    expect(await codec.decode(await seal(ring, 'cookie', 'dark'), 'theme')).toBeUndefined();
  });
});

describe('the state of a key (S105)', () => {
  const [other, key] = [generateKey(), generateKey()];
  const ringOf = (state: KeyState) =>
    state === 'active' ? keyRing([{ secret: key }]) : keyRing([{ secret: other }, { secret: key, state }]);

  it.each([
    { state: 'next', opens: true, seals: false },
    { state: 'active', opens: true, seals: true },
    { state: 'old', opens: true, seals: false },
    { state: 'revoked', opens: false, seals: false },
  ] as const)('$state: opens $opens, seals $seals', async ({ state, opens, seals }) => {
    const [alone, ring] = [keyRing(key), ringOf(state)];
    const unknown = { code: 'seal-unknown-key' };
    for (const { write, read } of pairs) {
      const reading = read(ring, 'test', await write(alone, 'test', 1));
      await (opens ? expect(reading).resolves.toBe(1) : expect(reading).rejects.toMatchObject(unknown));
      const back = read(alone, 'test', await write(ring, 'test', 1));
      await (seals ? expect(back).resolves.toBe(1) : expect(back).rejects.toMatchObject(unknown));
    }
    for (const codec of [sealed, signed]) {
      const text = await codec(alone).encode('dark', 'theme');
      expect(await codec(ring).decode(text, 'theme')).toBe(opens ? 'dark' : undefined);
    }
  });
});

describe('keyRing', () => {
  const bytes = Buffer.from(first.slice(4), 'base64url');

  it('reads hpk_, hex and base64, and several by comma', async () => {
    const written = await seal(ring, 'test', 1);
    for (const key of [
      first,
      bytes.toString('hex'),
      bytes.toString('base64'),
      bytes.toString('base64url'),
      ` ${first}\n`,
    ]) {
      expect(await open(keyRing(key), 'test', written)).toBe(1);
      expect(await open(keyRing(`${second}, ${key}`), 'test', written)).toBe(1);
    }
  });

  it('takes ids that the caller gives', async () => {
    expect(await seal(keyRing([{ secret: first, id: '2026-11' }]), 'test', 1)).toMatch(/^hp1\.2026-11\./);
  });

  it.each([
    ['undefined', undefined],
    ['null', null],
    ['nothing', ''],
    ['an empty list', []],
    ['an empty part', `${first},`],
    ['the sample key of an article', 'your-secret-key-here'],
    ['a long sample', 'this-is-an-example-key-please-change-me-0123456789ABCD'],
    ['a passphrase', 'correct horse battery staple and then some more words'],
    ['a passphrase that is base64', 'correcthorsebatterystaplecorrecthorsebattery'],
    ['a passphrase in hex', Buffer.from('correct horse battery staple 123').toString('hex')],
    ['too few bytes', bytes.subarray(0, 31).toString('base64')],
    ['a short hpk_ key', first.slice(0, -4)],
    ['zeros', '0'.repeat(64)],
    ['a pattern', '0123456789abcdef'.repeat(4)],
    ['counting', Buffer.from(Array.from({ length: 32 }, (_, n) => n)).toString('hex')],
    ['the same key twice', [first, bytes.toString('hex')]],
    ['no active key', [{ secret: first, state: 'old' }]],
    [
      'two active keys',
      [
        { secret: first, state: 'active' },
        { secret: second, state: 'active' },
      ],
    ],
    ['an id that breaks the format', [{ secret: first, id: 'a.b' }]],
    [
      'an id twice',
      [
        { secret: first, id: 'a' },
        { secret: second, id: 'a' },
      ],
    ],
  ])('refuses %s (S105)', (_, keys) => {
    expect(() => keyRing(keys as string)).toThrow(TypeError);
  });

  it('several keys are one list: those of further arguments would be lost', () => {
    const asked = keyRing as (...keys: string[]) => unknown;
    expect(() => asked(first, second)).toThrow(/write keyRing\(\[/);
  });

  it('says how to make a key, and never shows the one that it refuses', () => {
    const weak = 'hunter2-hunter2-hunter2-hunter2-hunter2';
    expect(() => keyRing(weak)).toThrow(/npx hallpass keys new/);
    expect(() => keyRing(weak)).not.toThrow(/hunter2/);
  });

  it('takes a variable as it comes, and says how to make a key where it is not set', () => {
    const notSet: string | undefined = process.env.HALLPASS_KEYS_OF_NOBODY;
    expect(() => keyRing(notSet)).toThrow('A key is missing. Make one with `npx hallpass keys new`');
  });

  it('accepts every key that generateKey makes', () => {
    for (let count = 0; count < 2_000; count += 1) expect(() => keyRing(generateKey())).not.toThrow();
  });

  it('shows no key, in whatever way one looks at it', async () => {
    const used = keyRing([first, second]);
    await open(used, 'test', await seal(used, 'test', await sign(used, 'test', 1)));
    const shown = inspect(used, { depth: 9, showHidden: true }) + JSON.stringify(used) + String(used);
    for (const form of [first.slice(4), bytes.toString('hex'), bytes.toString('base64'), 'Uint8Array']) {
      expect(shown).not.toContain(form);
    }
  });
});
