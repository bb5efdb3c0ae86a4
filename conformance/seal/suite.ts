import { defineCookie, HallpassError } from 'hallpass';
import { generateKey, keyRing, open, seal, sealed, sign, signed, verify } from 'hallpass/seal';
import { type Case, equal } from '../case.ts';
import vectors from '../vectors/seal/node-24.json' with { type: 'json' };

const { oldKey, newKey, value } = vectors;
const ring = keyRing([newKey, oldKey]);
const clock = { now: () => Date.UTC(2026, 10, 21) };

/** Keys, seals and signatures. The vectors were made on Node 24: what one runtime seals, every other opens. */
export const sealSuite: Case[] = [
  {
    name: 'a value that was sealed on another runtime opens here',
    run: async () => equal(await open(ring, 'vector', vectors.sealed), value, 'the value'),
  },
  {
    name: 'a value that was signed on another runtime verifies here',
    run: async () => equal(await verify(ring, 'vector', vectors.signed), value, 'the value'),
  },
  {
    name: 'what is signed here is octet for octet what another runtime signs',
    run: async () => equal(await sign(keyRing(oldKey), 'vector', value), vectors.signed, 'the signature'),
  },
  {
    name: 'cookies that were sealed and signed on another runtime are read here',
    async run() {
      const secret = defineCookie('secret', { codec: sealed(ring), format: 'json' });
      const open = defineCookie('open', { codec: signed(ring), format: 'json' });
      equal(await secret.read(vectors.cookies), value, 'the sealed cookie');
      equal(await open.read(vectors.cookies), value, 'the signed cookie');
    },
  },
  {
    name: 'whatever text is sealed here opens here, and twice the same text is never sealed alike',
    async run() {
      for (const text of ['', '\uFEFF日本 {"cart":[1]} 🎫\0', 'a'.repeat(5_000)]) {
        const [one, other] = [await seal(ring, 'p', text), await seal(ring, 'p', text)];
        equal(one === other, false, 'alike');
        equal([await open(ring, 'p', one), await open(ring, 'p', other)], [text, text], 'opened');
        equal(await verify(ring, 'p', await sign(ring, 'p', text)), text, 'verified');
      }
    },
  },
  {
    name: 'a seal that was changed anywhere, cut, or made for another purpose does not open',
    async run() {
      const whole = await seal(ring, 'p', value);
      for (let at = 0; at < whole.length; at += 7) {
        const changed = whole.slice(0, at) + (whole[at] === 'A' ? 'B' : 'A') + whole.slice(at + 1);
        await refuses(open(ring, 'p', changed), ['seal-broken', 'seal-unknown-key']);
        await refuses(open(ring, 'p', whole.slice(0, at)), ['seal-broken', 'seal-unknown-key']);
      }
      await refuses(open(ring, 'q', whole), ['seal-broken']);
      await refuses(verify(ring, 'p', whole), ['seal-broken']);
      await refuses(verify(ring, 'q', await sign(ring, 'p', value)), ['seal-broken']);
      await refuses(open(keyRing(generateKey()), 'p', whole), ['seal-unknown-key']);
    },
  },
  {
    name: 'a seal ends when it expires, to the millisecond',
    async run() {
      const [last, over] = [clock.now() + 1, clock.now()];
      equal(await open(ring, 'p', await seal(ring, 'p', 1, { expires: last }), { clock }), 1, 'in time');
      await refuses(open(ring, 'p', await seal(ring, 'p', 1, { expires: over }), { clock }), [
        'seal-expired',
      ]);
    },
  },
  {
    name: 'a generated key is strong, new each time, and sealed with at once',
    async run() {
      const keys = new Set(Array.from({ length: 100 }, generateKey));
      equal(keys.size, 100, 'different keys');
      for (const key of [...keys].slice(0, 5)) {
        const fresh = keyRing(key);
        equal(await open(fresh, 'p', await seal(fresh, 'p', value)), value, 'the value');
      }
    },
  },
];

async function refuses(work: Promise<unknown>, codes: readonly string[]): Promise<void> {
  const outcome = await work.catch((error: unknown) => error);
  const code = outcome instanceof HallpassError ? outcome.code : 'no HallpassError';
  if (!codes.includes(code)) throw new Error(`expected ${codes.join(' or ')}, got ${code}`);
}
