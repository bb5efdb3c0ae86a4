import { type Dialect, plain } from './dialect.ts';

/** A browser with one visitor, as far as an app can tell: it keeps cookies by name, and says where a request comes from. */
export class Visitor {
  readonly #base: string;
  readonly #cookies: Map<string, string>;

  readonly #dialect: Dialect;

  constructor(base: string, dialect: Dialect = plain, cookies: ReadonlyMap<string, string> = new Map()) {
    this.#base = base;
    this.#dialect = dialect;
    this.#cookies = new Map(cookies);
  }

  /** Another browser, into which this one's cookies were copied. */
  copy(): Visitor {
    return new Visitor(this.#base, this.#dialect, this.#cookies);
  }

  /** Never follows a redirect. */
  async send(asked: string, given: RequestInit = {}): Promise<Response> {
    const what = /^\/api\/(\w+)$/.exec(asked)?.[1];
    const [path, init] = what === undefined ? [asked, given] : this.#dialect.ask(what, given);
    const headers = new Headers(init.headers);
    const cookies = [...this.#cookies].map(([name, value]) => `${name}=${value}`);
    if (cookies.length > 0) headers.set('cookie', cookies.join('; '));
    if (!headers.has('sec-fetch-site')) headers.set('sec-fetch-site', 'same-origin');
    if (init.method === 'POST' && !headers.has('origin')) headers.set('origin', this.#base);
    const signal = AbortSignal.timeout(240_000);
    const response = await fetch(this.#base + path, { ...init, headers, redirect: 'manual', signal });
    for (const line of response.headers.getSetCookie()) this.#keep(line);
    return response;
  }

  async json(path: string): Promise<Record<string, unknown>> {
    const response = await this.send(path);
    const text = await response.text();
    try {
      return this.#dialect.read(path.replace('/api/', ''), JSON.parse(text)) as Record<string, unknown>;
    } catch {
      throw new Error(`${path} answered ${response.status}: ${text.slice(0, 200)}`);
    }
  }

  /** The parts of a page that have an id, as text. */
  async page(path: string): Promise<Record<string, string>> {
    const html = await (await this.send(path)).text();
    const parts = html.matchAll(/<p id="(\w+)"[^>]*>([^<]*)/g);
    return Object.fromEntries([...parts].map(([, id = '', text = '']) => [id, text]));
  }

  #keep(line: string): void {
    const [pair = ''] = line.split(';');
    const name = pair.slice(0, pair.indexOf('='));
    if (/max-age=0/i.test(line)) this.#cookies.delete(name);
    else this.#cookies.set(name, pair.slice(pair.indexOf('=') + 1));
  }
}
