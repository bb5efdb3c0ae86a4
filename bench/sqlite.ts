// `node bench/sqlite.ts [rows]`, after a build: the SQLite store beside the table that one would write first.
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { compareAwaited, median, report } from './shared/ratio.ts';
import { goalNote } from './shared/rows.ts';
import { type Filled, fillNaive, fillOurs } from './sqlite/tables.ts';

const rows = Number(process.argv[2] ?? 1_000_000);
const folder = mkdtempSync(join(tmpdir(), 'hallpass-sqlite-'));
const path = join(folder, 'ours.db');
/** Places in the table, which no cache holds all of. */
const places = Array.from({ length: Math.min(rows, 100_003) }, (_, i) => (i * 7_919) % rows);
const some = <T>(list: readonly T[], place: number): T => list[place % list.length] as T;
const table = `${rows.toLocaleString('en')} rows`;
const input = `sessions all over ${table}`;

const ours = await fillOurs(path, rows);
const naive = fillNaive(join(folder, 'naive.db'), rows);

const later = () => Date.now() + 3_600_000;
/** Every write has a value that was never there: with one that stands there already, a commit writes nothing. */
let writes = 0;
const get = {
  name: 'prepared get, JSON.parse',
  run: async (place: number) => naive.read(some(naive.ids, place))?.note,
};
const set = {
  name: 'naive UPDATE, index on expiry',
  run: async (place: number, i: number) => {
    const id = some(naive.ids, place);
    const value = naive.read(id);
    if (value === undefined) return;
    value.count = ++writes;
    naive.write(id, value, later() + i);
  },
  readBack: (place: number) => naive.readBack(some(naive.ids, place)),
};
const renew = {
  name: 'naive UPDATE of the expiry',
  run: async (place: number, i: number) => naive.touch(some(naive.ids, place), later() + i),
  readBack: set.readBack,
};

async function write({ sessions, cookie, selectors }: Filled, place: number): Promise<unknown> {
  const session = await sessions.open(cookie(some(selectors, place)));
  session.set('count', ++writes);
  return sessions.commit(session);
}

const readBack = (place: number) => ours.readBack(some(ours.selectors, place));
/** The session of a place. */
const contentOf = (place: number) =>
  ours.readBack(some(ours.selectors, place)) + naive.readBack(some(naive.ids, place));

console.log(
  report(`The SQLite store, ${rows.toLocaleString('en')} sessions of 300 bytes`, [
    await compareAwaited({
      title: 'store.read',
      input,
      inputs: places,
      contentOf,
      limit: 1.25,
      ours: {
        name: 'store.read',
        run: (place) => ours.store.read(some(ours.selectors, place), { now: Date.now() }),
      },
      peer: get,
    }),
    await compareAwaited({
      title: '`sessions.open`, a value read',
      input,
      inputs: places,
      contentOf,
      limit: 1.25,
      ours: {
        name: 'sessions.open',
        run: async (place) =>
          (await ours.sessions.open(ours.cookie(some(ours.selectors, place)))).get('note'),
      },
      peer: get,
    }),
    await compareAwaited(
      {
        title: 'open, write a value, commit (beside: read, update)',
        input,
        inputs: places,
        contentOf,
        limit: 0.556,
        ours: { name: 'commit', run: (place) => write(ours, place), readBack },
        peer: set,
      },
      15,
      300,
    ),
    await compareAwaited(
      {
        title: 'store.touch',
        input,
        inputs: places,
        contentOf,
        limit: 0.556,
        ours: {
          name: 'store.touch',
          run: (place) => ours.store.touch(some(ours.selectors, place), { gen: 0, now: Date.now() }),
          readBack,
        },
        peer: renew,
      },
      15,
      300,
    ),
  ]),
);

/** What a reader in another thread meets until `work` is done. */
async function readingDuring(reader: Worker, work: () => Promise<unknown>): Promise<number> {
  const ask = async () => {
    reader.postMessage('how long?');
    const [{ p99 }] = (await once(reader, 'message')) as [{ p99: number }];
    return p99;
  };
  await ask();
  await work();
  return ask();
}

/** For how long at a time the event loop is held, in ms, until the work is done. */
async function slicesOf(work: Promise<unknown>): Promise<number[]> {
  const slices: number[] = [];
  let going = true;
  work.then(() => {
    going = false;
  });
  for (let last = performance.now(); going; ) {
    await setImmediate();
    const now = performance.now();
    slices.push(now - last);
    last = now;
  }
  return slices.filter((slice) => slice > 0.2).sort((one, other) => one - other);
}

const database = new DatabaseSync(path);
// A fourth of them, and of millions a quarter of one.
const oneOf = Math.max(4, Math.floor(rows / 250_000));
database.exec(`UPDATE hallpass_sessions SET idle_at = 1 WHERE id % ${oneOf} = 0`);
// The reader asks for the others: to read what has expired is a write, and waits for the sweep's.
const live = `SELECT selector FROM hallpass_sessions WHERE id % ${oneOf} <> 0 ORDER BY random() LIMIT 100000`;
const selectors = database
  .prepare(live)
  .all()
  .map((row) => String(row.selector));
database.close();
const reader = new Worker(new URL('sqlite/reader.ts', import.meta.url), {
  workerData: { path, selectors },
});
const quiet = () => readingDuring(reader, () => new Promise((resolve) => setTimeout(resolve, 500)));
await quiet();
const alone = median([await quiet(), await quiet(), await quiet()]);
let slices: number[] = [];
let swept = 0;
const start = performance.now();
const during = await readingDuring(reader, async () => {
  const work = ours.sessions.sweep(rows);
  slices = await slicesOf(work);
  swept = await work;
});
const took = performance.now() - start;
await reader.terminate();
rmSync(folder, { recursive: true });
const ms = (value: number) => value.toFixed(2);
const worst = slices.at(Math.floor(slices.length * 0.99)) ?? 0;
const most = slices.at(-1) ?? 0;
const row = { input: table, beside: 'ms' };
console.log(`- ${swept} expired sessions of ${rows} are swept in ${(took / 1000).toFixed(1)} s. The event loop is held for ${ms(median(slices))} ms at a time, 99 of 100 times for less than ${ms(worst)} ms ${goalNote({ ...row, what: 'a sweep holds the event loop, 99 of 100 times', measured: worst, goal: 2 })}, at most ${ms(most)} ms ${goalNote({ ...row, what: 'a sweep holds the event loop, at most', measured: most, goal: 15 })}.
- A reader in another thread meanwhile: p99 ${ms(during)} ms, alone ${ms(alone)} ms, ${(during / alone).toFixed(2)} × ${goalNote({ what: 'p99 of a reader during a sweep', input: table, beside: 'alone', measured: during / alone, goal: 1.5 })}.`);
