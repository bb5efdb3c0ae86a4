import type { Timeout } from '../deadline/timeout.ts';

/** What one call may say: all that `fetch` knows, and a JSON body, a query and a timeout. */
export interface CallInit extends RequestInit {
  /** Sent as JSON, with its Content-Type. */
  json?: unknown;
  /** Appended to the URL's query; `undefined` and `null` are left out, an array repeats its name. */
  query?: URLSearchParams | Record<string, QueryValue | readonly QueryValue[]>;
  /** One duration for the whole call, or one per phase; `'none'` for no end. Default: the client's. */
  timeout?: Timeout;
}

type QueryValue = string | number | boolean | null | undefined;
