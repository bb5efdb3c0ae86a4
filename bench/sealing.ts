// `node bench/sealing.ts`, after a build: sealing, beside what node:crypto itself needs and beside iron-session.
import { createCipheriv, createDecipheriv, createSecretKey, randomBytes, randomFillSync } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { generateKey, keyRing, open, seal } from 'hallpass/seal';
import { createSessions } from 'hallpass/session';
import { memoryRevocations } from 'hallpass/stores/memory';
import { sealData, unsealData } from 'iron-session';
import type { Comparison } from './shared/comparison.ts';
import { checkInputs } from './shared/fair-inputs.ts';
import { many, token } from './shared/inputs.ts';
import { versionOf } from './shared/peers.ts';
import { compareAwaited, median, type Outcome, report } from './shared/ratio.ts';

/** What no sealed cookie can be faster than on Node: JSON, AES-256-GCM at once under a KeyObject with pooled nonces, base64url. */
const limit = (() => {
  const key = createSecretKey(randomBytes(32));
  const pool = Buffer.allocUnsafe(12 * 512);
  let used = pool.length;
  const nonce = () => {
    if (used === pool.length) {
      randomFillSync(pool);
      used = 0;
    }
    used += 12;
    return pool.subarray(used - 12, used);
  };
  return {
    name: 'LIMIT: JSON + sync AES-256-GCM + base64url',
    seal(value: unknown): string {
      const iv = nonce();
      const cipher = createCipheriv('aes-256-gcm', key, iv);
      const parts = [iv, cipher.update(JSON.stringify(value), 'utf8'), cipher.final(), cipher.getAuthTag()];
      return Buffer.concat(parts).toString('base64url');
    },
    open(sealed: string): unknown {
      const bytes = Buffer.from(sealed, 'base64url');
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12));
      decipher.setAuthTag(bytes.subarray(-16));
      const text = decipher.update(bytes.subarray(12, -16), undefined, 'utf8');
      return JSON.parse(text + decipher.final('utf8'));
    },
  };
})();

interface Cart {
  user: string;
  cart: { sku: string; count: number }[];
  note: string;
}

const cartOf = (octets: number) => (i: number) => {
  const cart: Cart = { user: `user-${i}`, cart: [], note: '' };
  for (let line = 0; line < 5; line++) cart.cart.push({ sku: token(i * 5 + line, 8), count: line });
  cart.note = token(i, octets - JSON.stringify(cart).length);
  return cart;
};

const ring = keyRing(generateKey());
const small = many(cartOf(300));
const large = many(cartOf(3_000));

const roundTrip = (title: string, values: Cart[]): Comparison<Cart> => ({
  title,
  input: 'carts that differ',
  inputs: values,
  limit: 1.15,
  ours: {
    name: 'seal, open',
    run: async (cart) => await open(ring, 'bench', await seal(ring, 'bench', cart)),
  },
  peer: { name: limit.name, run: async (cart) => limit.open(limit.seal(cart)) },
});

/** A sealed session for each cart: the Cookie headers of 64 visitors. */
async function visitors(): Promise<{ sessions: ReturnType<typeof sealedCarts>; headers: string[] }> {
  const sessions = sealedCarts();
  const headers: string[] = [];
  for (const cart of small) {
    const session = await sessions.open(null);
    Object.assign(session.data, cart);
    const [line = ''] = await sessions.commit(session);
    headers.push(line.split(';')[0] ?? '');
  }
  return { sessions, headers };
}

const sealedCarts = () => createSessions<Cart>({ sealed: { keys: ring, revocations: memoryRevocations() } });

const password = generateKey();
const oursAtOnce = () =>
  Promise.all(small.map(async (cart) => open(ring, 'bench', await seal(ring, 'bench', cart))));
const ironAtOnce = () =>
  Promise.all(small.map(async (cart) => unsealData(await sealData(cart, { password }), { password })));

interface Cost {
  readonly ns: number;
  readonly cpu: number;
}

/** What a round trip costs while 64 are in flight. */
async function costOf(atOnce: () => Promise<unknown[]>, laps: number): Promise<Cost> {
  const [cpu, start] = [process.cpuUsage(), process.hrtime.bigint()];
  for (let lap = 0; lap < laps; lap += 1) await atOnce();
  const trips = laps * small.length;
  const { user, system } = process.cpuUsage(cpu);
  return { ns: Number(process.hrtime.bigint() - start) / trips, cpu: ((user + system) * 1_000) / trips };
}

/**
 * Sealing beside the library that most people seal cookies with: the time with 64 in flight or, on one processor
 * (`taskset -c 1`), the processor time, which the switches between threads do not blur there.
 */
async function besideIron(): Promise<Outcome> {
  checkInputs({ title: 'seal and open beside iron-session', inputs: small });
  const rounds: { ours: Cost; peer: Cost }[] = [];
  await costOf(oursAtOnce, 100);
  await costOf(ironAtOnce, 3);
  for (let round = 0; round < 11; round += 1) {
    rounds.push({ ours: await costOf(oursAtOnce, 25), peer: await costOf(ironAtOnce, 1) });
  }
  const outcome = (title: string, limit: number, of: keyof Cost): Outcome => ({
    title,
    input: 'carts that differ',
    limit,
    ratio: median(rounds.map(({ ours, peer }) => ours[of] / peer[of])),
    ours: median(rounds.map(({ ours }) => ours[of])),
    peer: median(rounds.map(({ peer }) => peer[of])),
    peerName: versionOf('iron-session'),
  });
  return availableParallelism() === 1
    ? outcome('seal and open 300 bytes, processor time', 0.05, 'cpu')
    : outcome('seal and open 300 bytes, 64 in flight', 0.022, 'ns');
}

async function outcomes(): Promise<Outcome[]> {
  const { sessions, headers } = await visitors();
  const visits = small.map((cart, i) => ({ header: headers[i] as string, sealed: limit.seal(cart) }));
  return [
    await compareAwaited(roundTrip('seal and open 300 bytes', small)),
    await compareAwaited(roundTrip('seal and open 3,000 bytes', large)),
    await compareAwaited({
      title: 'all of `sessions.open`, for a sealed cookie that came before',
      input: 'the cookies of 64 visitors',
      inputs: visits,
      limit: 0.7,
      ours: {
        name: 'sessions.open',
        run: async ({ header }) => (await sessions.open(header)).get('user'),
      },
      peer: { name: `${limit.name}, open only`, run: async ({ sealed }) => limit.open(sealed) },
    }),
    await besideIron(),
  ];
}

console.log(report('Sealing', await outcomes()));
