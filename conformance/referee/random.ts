import type { Act, Request, Sequence, Visit } from './sequence.ts';

/** A small generator of numbers from 0 to 1, the same for the same seed everywhere. mulberry32, public domain. */
function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const names = ['a', 'a', 'b', 'c', '', '__Secure-s', '__Host-h', 'A'];
const values = ['1', '2', '3', '', '"q"', 'x y', '%41', 'v=w'];
const hosts = ['{a}', '{a}', '{a}', 'www.{a}', '{b}', '{g}'];
const paths = ['/', '/page', '/app/page', '/app/page', '/app/sub/page', '/other'];
const attributes: readonly (readonly string[])[] = [
  ['', '', '', 'Domain={a}', 'Domain=www.{a}', 'Domain={b}'],
  ['', 'Path=/', 'Path=/', 'Path=/app', 'Path=/app/', 'Path=other'],
  ['', 'Secure', 'Secure'],
  ['', '', '', 'HttpOnly'],
  ['', 'SameSite=Strict', 'SameSite=Lax', 'SameSite=None', 'SameSite=None'],
  ['', '', '', '', '', 'Partitioned'],
  ['', '', '', '', 'Max-Age=0', 'Max-Age=5000', 'Expires=Thu, 01 Jan 1970 00:00:00 GMT'],
];

/** Sequences by chance, the same ones for the same seed. */
export function randomSequences(count: number, seed: number): Sequence[] {
  return Array.from({ length: count }, (_, at) => ({
    group: 'random',
    title: `${seed}/${at}`,
    visits: new Chance(numbersFrom(seed * 1_000 + at)).visits(),
  }));
}

class Chance {
  readonly #next: () => number;

  constructor(next: () => number) {
    this.#next = next;
  }

  visits(): Visit[] {
    let from = '';
    return this.#some(2, 5, (): Visit => {
      const { url, ...request } = this.#request(this.#oneOf(['https', 'https', 'https', 'http']), true);
      const acts = this.#some(0, 4, () => this.#act(url.startsWith('http:'), 0));
      // A form on https that posts to http asks the user first.
      const post = this.#next() < 0.2 && !(from.startsWith('https') && url.startsWith('http:'));
      from = url;
      return { visit: { url, ...request }, ...(post && { post: true as const }), acts: [...acts, 'read'] };
    });
  }

  /** In a page on https everything is asked for over https: a browser blocks or upgrades the rest. */
  #act(onHttp: boolean, depth: number): Act {
    const scheme = onHttp && this.#next() < 0.5 ? 'http' : 'https';
    const kind = this.#next();
    if (kind < 0.45) {
      const fetched = this.#request(scheme, false);
      return this.#next() < 0.2 ? { fetch: fetched, post: true } : { fetch: fetched };
    }
    if (kind < 0.55) return { image: this.#request(scheme, false) };
    if (kind < 0.75) return { write: this.#line() };
    if (kind < 0.85 || depth === 2) return 'read';
    const inside = scheme === 'http';
    return {
      frame: this.#request(scheme, false),
      acts: [...this.#some(0, 2, () => this.#act(inside, depth + 1)), 'read'],
    };
  }

  #request(scheme: string, top: boolean): Request {
    const url = `${scheme}://${this.#oneOf(hosts)}${this.#oneOf(paths)}`;
    const set = this.#some(0, top ? 4 : 2, () => this.#line());
    const redirects = this.#next() < 0.12;
    return {
      url,
      ...(set.length > 0 && { set }),
      ...(redirects && { redirect: { url: `${scheme}://${this.#oneOf(hosts)}${this.#oneOf(paths)}` } }),
    };
  }

  #line(): string {
    const given = attributes.map((some) => this.#oneOf(some)).filter((one) => one !== '');
    return [`${this.#oneOf(names)}=${this.#oneOf(values)}`, ...given].join('; ');
  }

  #oneOf<T>(list: readonly T[]): T {
    return list[Math.floor(this.#next() * list.length)]!;
  }

  #some<T>(least: number, most: number, make: () => T): T[] {
    return Array.from({ length: least + Math.floor(this.#next() * (most - least + 1)) }, make);
  }
}
