import { checkOptions } from '../errors/misuse.ts';
import type { CookieJar } from '../jar/index.ts';
import type { LintFinding } from '../scope/lint-finding.ts';
import { isPromised } from '../time/is-promised.ts';
import { auditSettings } from './audit.ts';
import { runCall } from './hops/call.ts';
import {
  type ClientDefaults,
  type ClientOptions,
  changedOptions,
  readOptions,
  type Settings,
} from './options.ts';
import { type Call, readCall } from './read-call.ts';
import { type CallInit, callShape } from './request/call-init.ts';
import { accepting } from './request/template.ts';
import { type AskedBody, type ResponsePromise, responsePromise } from './response-promise.ts';

/** What `fetch` takes. */
export type CallInput = string | URL | Request;

/** One visitor: cookies, credentials and the rules by which they travel. Every method is bound. */
export interface Client extends AsyncDisposable {
  /** As WHATWG `fetch`, and with the secrets of this client: hand it to any library that takes a fetch. Options that no fetch knows change nothing, as there. */
  fetch(input: CallInput, init?: CallInit): Promise<Response>;
  /**
   * As `fetch` with this method, but that an option which it does not know is a TypeError. The promise can be asked for the body,
   * as `client.get(url).json()`.
   */
  get(input: CallInput, init?: CallInit): ResponsePromise;
  head(input: CallInput, init?: CallInit): ResponsePromise;
  post(input: CallInput, init?: CallInit): ResponsePromise;
  put(input: CallInput, init?: CallInit): ResponsePromise;
  patch(input: CallInput, init?: CallInit): ResponsePromise;
  delete(input: CallInput, init?: CallInit): ResponsePromise;
  /** A client with these options changed. It shares the jar; headers merge, credentials replace. No secret moves: what this client has belongs where it belonged. */
  with(options: ClientOptions): Client;
  /** @throws TypeError for a client that has none, as with `jar: false`. */
  readonly jar: CookieJar;
  /** What in the options of this client will be regretted: secrets without a scope, scopes too wide, time without an end. */
  audit(): LintFinding[];
}

/** A client with what its entry point gives it. @throws TypeError for options that cannot be meant. */
export function newClient(options: ClientOptions, defaults: ClientDefaults): Client {
  return clientOf(options, readOptions(options, defaults));
}

/** `options`: those that `with()` hands on; the settings hold the secrets, with the scopes that they were given. */
function clientOf(options: ClientOptions, settings: Settings): Client {
  let disposed = false;

  /** Why a call ends that was made before the client was disposed. */
  const disposal = () => new DOMException('The client was disposed.', 'AbortError');
  const run = (call: Call): Promise<Response> =>
    disposed ? Promise.reject(disposal()) : runCall(call, settings);
  /** `client.get(url).json()` makes the call first and then says what it asks for: it is left the time to say so. */
  const runAsked = async (call: Call, asked: AskedBody): Promise<Response> => {
    await undefined;
    if (asked.misuse !== undefined) throw asked.misuse;
    return run(asked.accept === undefined ? call : { ...call, first: accepting(call.first, asked.accept) });
  };
  const start = (
    input: CallInput,
    given: CallInit | null | undefined,
    verb?: { method: string; asked: AskedBody },
  ): Promise<Response> => {
    try {
      const init = given ?? {};
      if (disposed) throw new TypeError('This client was disposed.');
      checkOptions(init, callShape, 'a call', '', verb === undefined);
      if (verb !== undefined) checkVerb(verb.method, init.method);
      const own = verb === undefined ? init : { ...init, method: verb.method };
      const call = readCall(input, own, settings);
      const begin = verb === undefined ? run : (call: Call) => runAsked(call, verb.asked);
      return isPromised(call) ? call.then(begin) : begin(call);
    } catch (error) {
      return Promise.reject(error);
    }
  };
  const verb =
    (method: string) =>
    (input: CallInput, init?: CallInit): ResponsePromise => {
      const asked: AskedBody = {};
      return responsePromise(start(input, init, { method, asked }), asked);
    };

  return Object.freeze({
    fetch: (input: CallInput, init?: CallInit) => start(input, init),
    get: verb('GET'),
    head: verb('HEAD'),
    post: verb('POST'),
    put: verb('PUT'),
    patch: verb('PATCH'),
    delete: verb('DELETE'),

    with(changed: ClientOptions): Client {
      const merged = changedOptions(options, changed, settings);
      return clientOf(merged, readOptions(merged, settings.defaults, settings));
    },

    get jar(): CookieJar {
      if (settings.jar === undefined)
        throw new TypeError(
          'This client has no jar: give it one, as jar: new CookieJar(), or leave jar: false out.',
        );
      return settings.jar;
    },

    audit: () => auditSettings(settings),

    async [Symbol.asyncDispose](): Promise<void> {
      disposed = true;
      for (const one of settings.timer.all()) one.abort(disposal());
    },
  });
}

/** @throws TypeError for options that ask for another method than the verb says */
function checkVerb(verb: string, method: string | undefined): void {
  if (method === undefined || method.toUpperCase() === verb) return;
  const name = verb.toLowerCase();
  throw new TypeError(
    `client.${name}() sends ${verb}, and its options ask for another method: leave method out, or call client.fetch().`,
  );
}
