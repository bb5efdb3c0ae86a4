import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { CookieJar } from '../jar/index.ts';
import type { LintFinding } from '../scope/lint-finding.ts';
import { auditSettings } from './audit.ts';
import { runCall } from './hops/call.ts';
import { readJson } from './json.ts';
import { type ClientOptions, readOptions } from './options.ts';
import { readCall } from './read-call.ts';
import type { CallInit } from './request/call-init.ts';

/** What `fetch` takes. */
export type CallInput = string | URL | Request;

/** `init` of `json`: a schema checks the value and types the result. */
export type JsonInit<Schema extends StandardSchemaV1 | undefined> = CallInit & { schema?: Schema };

type Output<Schema extends StandardSchemaV1 | undefined> = Schema extends StandardSchemaV1
  ? StandardSchemaV1.InferOutput<Schema>
  : unknown;

/** One visitor: cookies, credentials and the rules by which they travel. Every method is bound. */
export interface Client extends AsyncDisposable {
  /** As WHATWG `fetch`, and with the secrets of this client: hand it to any library that takes a fetch. */
  fetch(input: CallInput, init?: CallInit): Promise<Response>;
  get(input: CallInput, init?: CallInit): Promise<Response>;
  head(input: CallInput, init?: CallInit): Promise<Response>;
  post(input: CallInput, init?: CallInit): Promise<Response>;
  put(input: CallInput, init?: CallInit): Promise<Response>;
  patch(input: CallInput, init?: CallInit): Promise<Response>;
  delete(input: CallInput, init?: CallInit): Promise<Response>;
  /**
   * The JSON of a 2xx answer.
   * @throws HttpStatusError, EmptyBodyError, InvalidBodyError
   */
  json<Schema extends StandardSchemaV1 | undefined = undefined>(
    input: CallInput,
    init?: JsonInit<Schema>,
  ): Promise<Output<Schema>>;
  /** A client with these options changed. It shares the jar; headers merge, credentials replace. */
  with(options: ClientOptions): Client;
  /** @throws TypeError for a client that was made with `jar: false`. */
  readonly jar: CookieJar;
  /** What in the options of this client will be regretted: secrets without a scope, scopes too wide, time without an end. */
  audit(): LintFinding[];
}

/** Makes a client. @throws TypeError for options that cannot be meant. */
export function createClient(options: ClientOptions = {}): Client {
  const settings = readOptions(options);
  let disposed = false;

  const fetch = (input: CallInput, init: CallInit = {}): Promise<Response> => {
    try {
      if (disposed) throw new TypeError('This client was disposed.');
      const call = readCall(input, init, settings);
      return call instanceof Promise ? call.then((one) => runCall(one, settings)) : runCall(call, settings);
    } catch (error) {
      return Promise.reject(error);
    }
  };
  const verb = (method: string) => (input: CallInput, init?: CallInit) => fetch(input, { ...init, method });

  return Object.freeze({
    fetch,
    get: verb('GET'),
    head: verb('HEAD'),
    post: verb('POST'),
    put: verb('PUT'),
    patch: verb('PATCH'),
    delete: verb('DELETE'),

    async json<Schema extends StandardSchemaV1 | undefined>(
      input: CallInput,
      { schema, ...init }: JsonInit<Schema> = {},
    ): Promise<Output<Schema>> {
      const headers = new Headers(
        init.headers ?? (typeof input === 'object' && 'url' in input ? input.headers : undefined),
      );
      if (!headers.has('accept')) headers.set('accept', 'application/json');
      return (await readJson(await fetch(input, { ...init, headers }), schema)) as Output<Schema>;
    },

    with: (changed: ClientOptions) => createClient(changedOptions(options, settings.jar, changed)),

    get jar(): CookieJar {
      if (settings.jar === undefined)
        throw new TypeError('This client has no jar: it was made with jar: false.');
      return settings.jar;
    },

    audit: () => auditSettings(settings),

    async [Symbol.asyncDispose](): Promise<void> {
      disposed = true;
      for (const one of settings.timer.all())
        one.abort(new DOMException('The client was disposed.', 'AbortError'));
    },
  });
}

function changedOptions(
  options: ClientOptions,
  jar: CookieJar | undefined,
  changed: ClientOptions,
): ClientOptions {
  const merged: ClientOptions = { ...options, jar: jar ?? false, ...changed };
  if (options.headers !== undefined && changed.headers !== undefined) {
    merged.headers = new Headers(options.headers);
    for (const [name, value] of new Headers(changed.headers)) merged.headers.set(name, value);
  }
  return merged;
}
