import { generateKey, keyRing } from 'hallpass/seal';
import { memoryStore } from 'hallpass/stores/memory';
import { testClock } from 'hallpass/testing';
import { createTokens, type TokenEvent, type TokenOptions, type Tokens } from 'hallpass/tokens';

/** What the tests put into a token. */
export type Role = { role?: string };

export const issuer = 'https://app.example.com';
export const audience = 'https://api.example.com';

/** Tokens over a store, with a clock that stands still and every event kept. */
export function tokenServer(options: Partial<TokenOptions> = {}) {
  const clock = testClock(1_700_000_000_000);
  const events: TokenEvent[] = [];
  const store = options.store ?? memoryStore();
  const all: TokenOptions = {
    keys: keyRing(generateKey()),
    issuer,
    audience,
    clock,
    onEvent: (event) => events.push(event),
    ...options,
    store,
  };
  return { tokens: createTokens<Role>(all), clock, events, store, options: all };
}

/** A browser, as far as the two cookies go. */
export class Browser {
  readonly cookies: Map<string, string>;
  readonly #tokens: Tokens<Role>;

  constructor(tokens: Tokens<Role>, cookies: Iterable<readonly [string, string]> = []) {
    this.#tokens = tokens;
    this.cookies = new Map(cookies);
  }

  get request(): Request {
    const cookie = [...this.cookies].map((pair) => pair.join('=')).join('; ');
    return new Request('https://app.example.com/', { headers: { cookie } });
  }

  get access(): string {
    return this.cookies.get('__Host-access') ?? '';
  }

  get refreshToken(): string {
    return this.cookies.get('__Host-refresh') ?? '';
  }

  /** Takes in the Set-Cookie lines of an answer, and gives them. */
  receive(headers: Headers): string[] {
    const lines = headers.getSetCookie();
    for (const line of lines) {
      const [pair = ''] = line.split(';');
      const split = pair.indexOf('=');
      if (line.includes('Max-Age=0')) this.cookies.delete(pair.slice(0, split));
      else this.cookies.set(pair.slice(0, split), pair.slice(split + 1));
    }
    return lines;
  }

  async signIn(user = 'alice', claims: Role = { role: 'admin' }): Promise<string[]> {
    return this.receive(await this.#tokens.issue(user, new Headers(), claims));
  }

  /** The user, or the code of the refusal. */
  async visit(): Promise<string> {
    const visitor = await this.#tokens.authenticate(this.request);
    return visitor.allowed ? visitor.user : visitor.reasons[0].code;
  }

  /** `'ok'`, or the code of the refusal. */
  async refresh(): Promise<string> {
    const headers = new Headers();
    const outcome = await this.#tokens.refresh(this.request, headers);
    this.receive(headers);
    return outcome.allowed ? 'ok' : outcome.reasons[0].code;
  }

  async signOut(): Promise<number> {
    const headers = new Headers();
    const count = await this.#tokens.revoke(this.request, headers);
    this.receive(headers);
    return count;
  }

  /** Another browser with the same cookies: a second tab whose request is under way, or a thief. */
  copy(): Browser {
    return new Browser(this.#tokens, this.cookies);
  }
}

/** A browser whose visitor is signed in. */
export async function signedIn(options: Partial<TokenOptions> = {}) {
  const fixture = tokenServer(options);
  const browser = new Browser(fixture.tokens);
  await browser.signIn();
  fixture.events.length = 0;
  return { ...fixture, browser };
}
