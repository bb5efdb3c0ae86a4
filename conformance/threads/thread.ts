/** What somebody could paste of a fault that was asked about in public, told in our own words. */
export type ThreadInput =
  /** One Set-Cookie line, the URL that sent it, and the journey on which the cookie is missed. */
  | { readonly kind: 'line'; readonly text: string; readonly from: string; readonly journey?: string }
  /** The options of a cookie, as programs write them. */
  | { readonly kind: 'definition'; readonly text: string; readonly from: string; readonly journey?: string }
  /** What `curl -v` printed. */
  | { readonly kind: 'curl'; readonly text: string }
  /** A HAR file, as browsers save it. */
  | { readonly kind: 'har'; readonly text: string }
  /** A server that answers such a request, by its name in programs.ts. */
  | { readonly kind: 'program'; readonly program: string };

/** A public thread about a cookie, a session or a credential that went missing. */
export interface Thread {
  /** Where it was asked. */
  readonly source: string;
  /** What was complained of. */
  readonly complaint: string;
  readonly input: ThreadInput;
  /** The code of its cause. */
  readonly cause: string;
}

type Pairs = Readonly<Record<string, string>>;

interface Entry {
  readonly method?: string;
  readonly url: string;
  readonly request?: Pairs;
  readonly status?: number;
  readonly response?: Pairs;
}

const list = (pairs: Pairs = {}) => Object.entries(pairs).map(([name, value]) => ({ name, value }));

/** A HAR file of these requests, a second apart. */
export function harOf(entries: readonly Entry[]): string {
  const start = Date.UTC(2026, 0, 5, 9);
  return JSON.stringify({
    log: {
      version: '1.2',
      creator: { name: 'a browser', version: '1' },
      entries: entries.map(({ method = 'GET', url, request, status = 200, response }, index) => ({
        startedDateTime: new Date(start + index * 1_000).toISOString(),
        time: 5,
        request: { method, url, httpVersion: 'HTTP/1.1', headers: list(request) },
        response: { status, httpVersion: 'HTTP/1.1', headers: list(response) },
      })),
    },
  });
}
