import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { StoredCookie } from '../scope/cookie-facts.ts';
import { type CookieList, cookiesIn, type JarCookie, newBucket, recordOf } from './buckets.ts';
import { matching } from './cookie-string.ts';
import { EvictionQueue } from './eviction.ts';
import { CookieStorage } from './storage.ts';

const never = Number.POSITIVE_INFINITY;

function cookie(domain: string, name: string, more: Partial<StoredCookie> = {}): StoredCookie {
  const plain = { path: '/', hostOnly: true, secure: false, httpOnly: false, sameSite: undefined };
  return { ...plain, name, value: '', domain, expires: never, partition: undefined, createdAt: 0, ...more };
}

interface Kept {
  cookie: StoredCookie;
  order: number;
  used: number;
}

/** The rule as it is written, without any thought of speed: at every overflow it looks at every cookie. */
class Model {
  kept: Kept[] = [];
  turn = 0;
  readonly #perSite: number;
  readonly #inTotal: number;

  constructor(perSite: number, inTotal: number) {
    this.#perSite = perSite;
    this.#inTotal = inTotal;
  }

  keep(next: StoredCookie, time: number): void {
    const turn = this.turn++;
    const at = this.kept.findIndex(({ cookie }) => hasKeyOf(cookie, next));
    if (next.expires <= time) {
      if (at >= 0) this.kept.splice(at, 1);
    } else if (at >= 0) this.kept[at] = { cookie: next, order: this.kept[at]!.order, used: turn };
    else {
      this.kept.push({ cookie: next, order: turn, used: turn });
      const site = siteOf(next);
      this.#enforce(({ cookie }) => siteOf(cookie) === site, this.#perSite, time);
      this.#enforce(() => true, this.#inTotal, time);
    }
  }

  load(saved: readonly StoredCookie[], time: number): void {
    const all = saved.filter(({ expires }) => expires > time);
    for (const [at, cookie] of all.entries()) {
      const turn = this.turn++;
      const isLast = !all.slice(at + 1).some((one) => hasKeyOf(one, cookie));
      if (isLast) this.kept.push({ cookie, order: turn, used: turn });
    }
    for (const site of new Set(all.map(siteOf)))
      this.#enforce(({ cookie }) => siteOf(cookie) === site, this.#perSite, time);
    this.#enforce(() => true, this.#inTotal, time);
  }

  send(domain: string, name: (name: string) => boolean): void {
    const turn = this.turn++;
    for (const one of this.kept) if (one.cookie.domain === domain && name(one.cookie.name)) one.used = turn;
  }

  #enforce(counts: (one: Kept) => boolean, limit: number, time: number): void {
    const candidates = this.kept.filter(counts);
    const rank = ({ cookie }: Kept) => (cookie.expires <= time ? 0 : cookie.secure ? 2 : 1);
    candidates.sort((a, b) => rank(a) - rank(b) || a.used - b.used || a.order - b.order);
    const going = candidates.slice(0, Math.max(0, candidates.length - limit));
    this.kept = this.kept.filter((one) => !going.includes(one));
  }

  shown(): string[] {
    return this.kept
      .toSorted((a, b) => a.order - b.order)
      .map(({ cookie, order, used }) => line(cookie, order, used));
  }
}

const hasKeyOf = (a: StoredCookie, b: StoredCookie) =>
  a.domain === b.domain && a.name === b.name && a.path === b.path;
const siteOf = ({ domain }: StoredCookie) => domain.split('.').slice(-2).join('.');
const line = ({ domain, name, path, value, secure }: StoredCookie, order: number, used: number | undefined) =>
  `${domain}${path} ${name}=${value} ${secure} ${order} ${used}`;

function shown(storage: CookieStorage): string[] {
  const cookies = [...storage.all()].sort((a, b) => a.order - b.order);
  return cookies.map((one) => line(one, one.order, storage.usedAt(one)));
}

const domain = fc.constantFrom('a.test', 'a.test', 'a.test', 'www.a.test', 'b.test', 'c.test');
const name = fc.integer({ min: 0, max: 90 }).map((number) => `n${number}`);
const set = fc.record({
  do: fc.constant('set' as const),
  domain,
  name,
  path: fc.constantFrom('/', '/', '/', '/path'),
  secure: fc.boolean(),
  life: fc.constantFrom(never, never, 0, 3, 6, 10, 30),
});
const step = fc.oneof(
  { weight: 8, arbitrary: set },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('send' as const), domain, of: fc.integer({ min: 1, max: 4 }) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('delete' as const), domain, name }) },
  // A clock may be set back.
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('wait' as const), for: fc.constantFrom(1, 2, 5, -3, -4) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('snapshot' as const, 'sweep' as const), domain }) },
);
const limits = fc.constantFrom(
  ...([
    [never, 40],
    [40, never],
    [40, 80],
    [12, 30],
    [5, 12],
    [1, never],
    [never, 8],
    [0, 0],
  ] as const),
);

it('drops whom the rule names, whatever is set, sent, deleted and seen before, and a snapshot stays as it was', () => {
  fc.assert(
    fc.property(
      limits,
      fc.array(set, { maxLength: 80 }),
      fc.array(step, { maxLength: 400, size: 'max' }),
      ([perSite, inTotal], saved, steps) => {
        const storage = new CookieStorage(undefined, { maxPerSite: perSite, maxCookies: inTotal });
        const model = new Model(perSite, inTotal);
        const snapshots: { lists: readonly CookieList[]; before: string[] }[] = [];
        const read = (lists: readonly CookieList[]) =>
          Array.from(cookiesIn(lists), (one) => line(one, one.order, 0));
        let time = 100;
        const asCookie = ({ domain, name, path, secure, life }: (typeof saved)[number], value: string) =>
          cookie(domain, name, { path, secure, value, expires: time + life });
        const loaded = saved.map((one, at) => asCookie(one, `saved ${at}`));
        storage.load(loaded, time);
        model.load(loaded, time);
        expect(shown(storage)).toEqual(model.shown());
        for (const [at, one] of steps.entries()) {
          if (one.do === 'set') {
            const next = asCookie(one, `${at}`);
            storage.keep(next, time);
            model.keep(next, time);
          } else if (one.do === 'send') {
            const isSent = (name: string) => Number(name.slice(1)) % one.of === 0;
            const bucket = storage.bucketOf(one.domain);
            matching(bucket ? [bucket] : [], storage.nextTurn(), ({ name }) => isSent(name));
            model.send(one.domain, isSent);
          } else if (one.do === 'delete') {
            const isMeant = (of: StoredCookie) => of.domain === one.domain && of.name === one.name;
            storage.delete([...storage.all()].filter(isMeant));
            model.kept = model.kept.filter(({ cookie }) => !isMeant(cookie));
          } else if (one.do === 'wait') time += one.for;
          else if (one.do === 'sweep') {
            storage.sweep(time);
            model.kept = model.kept.filter(({ cookie }) => cookie.expires > time);
          } else {
            const { lists } = storage.siteSnapshot(one.domain);
            snapshots.push({ lists, before: read(lists) });
          }
          expect(shown(storage)).toEqual(model.shown());
          expect(storage.count).toBe(model.kept.length);
          const { byKey, cookies } = storage.bucketOf('a.test') ?? {};
          if (byKey !== undefined) expect(byKey.size).toBe(cookies?.length);
        }
        for (const { lists, before } of snapshots) expect(read(lists)).toEqual(before);
      },
    ),
    { numRuns: 40 },
  );
});

it.each([
  ['of a site, on one host', { maxPerSite: 180, maxCookies: 3_000 }, () => 'a.test'],
  ['of a site, on many hosts', { maxPerSite: 180, maxCookies: 3_000 }, (at: number) => `h${at % 400}.a.test`],
  ['of a jar', { maxPerSite: 180, maxCookies: 3_000 }, (at: number) => `h${at}.test`],
  ['of a jar, on one host', { maxPerSite: never, maxCookies: 3_000 }, () => 'a.test'],
])('1,000 sets beyond the limit %s look at few cookies, however many there are', (_, limits, domainOf) => {
  const storage = new CookieStorage(undefined, limits);
  const set = (at: number) =>
    storage.keep(cookie(domainOf(at), `n${at}`, { secure: at % 3 !== 0, expires: 1e6 + at }), 0);
  for (let at = 0; at < 4_000; at++) set(at);
  let looks = 0;
  for (const record of storage.all()) {
    for (const part of ['expires', 'secure', 'order'] as const) {
      const value = record[part];
      const get = () => {
        looks++;
        return value;
      };
      Object.defineProperty(record, part, { get });
    }
  }
  for (let at = 4_000; at < 5_000; at++) set(at);
  expect(looks).toBeLessThan(50 * 1_000);
});

it('takes several at once, each once, and after the clock was set back none of them as expired too early', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((name, at) =>
    recordOf(cookie('a.test', name, { secure: name === 'a', expires: [10, never, 7][at]! }), 'a.test', 0, at),
  ) as [JarCookie, JarCookie, JarCookie];
  const filled = () => {
    const bucket = newBucket('a.test', 'a.test', [a, b], [0, 1]);
    const queue = new EvictionQueue(
      () => [bucket],
      ({ order }) => order,
    );
    queue.take(0, 12);
    queue.add(c, 2, 3);
    queue.take(0, 12);
    return queue;
  };
  expect(filled().take(9, 12)).toEqual([a, c, b]);
  expect(filled().take(9, 8)).toEqual([b, a]);
});

it('a queue forgets cookies that are gone before they are many times those that are there', () => {
  const queue = new EvictionQueue(
    () => [],
    () => undefined,
  );
  queue.take(1, 0);
  for (let at = 0; at < 1_000; at++) {
    const record = recordOf(cookie('a.test', 'n', { expires: at + 1 }), 'a.test', 0, at);
    queue.add(record, at, 10);
    queue.take(0, 0);
    expect(queue.size).toBeLessThan(150);
  }
});
