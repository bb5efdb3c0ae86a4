import { aSignal } from '../../errors/kinds.ts';
import { type Check, expectType, type Shape } from '../../errors/misuse.ts';
import { type Timeout, timeoutKind } from '../deadline/timeout.ts';
import type { Query } from './query.ts';

/** What one call may say: all that `fetch` knows, and a JSON body, a query and a timeout. */
export interface CallInit extends RequestInit {
  /** Sent as JSON, with its Content-Type. Default: no body. */
  json?: unknown;
  /** Appended to the URL's query: all that `URLSearchParams` takes; `undefined` and `null` are left out, and in an object an array repeats its name. Default: nothing. */
  query?: Query;
  /** One duration for the whole call, or one per phase; `'none'` for no end. Default: the client's. */
  timeout?: Timeout;
}

const aSignalOrNull: Check = (value, whose, option) => {
  if (value !== null) aSignal(value, whose, option);
};

const aStringOrNull: Check = (value, whose, option) =>
  expectType(value, 'string|null', `${option} of ${whose}`);

/** What a verb of a client takes. What is a fetch's too is judged as there. */
export const callShape: Shape<CallInit & { duplex?: unknown; dispatcher?: unknown; priority?: unknown }> = {
  json: 'any',
  query: 'string|array|object',
  timeout: timeoutKind,
  body: 'any',
  cache: 'any',
  credentials: 'any',
  dispatcher: 'any',
  duplex: 'any',
  headers: 'any',
  integrity: aStringOrNull,
  keepalive: 'any',
  method: 'string',
  mode: 'any',
  priority: 'any',
  redirect: 'any',
  referrer: 'any',
  referrerPolicy: 'any',
  signal: aSignalOrNull,
  window: 'any',
};
