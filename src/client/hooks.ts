import { listOf, type Shape } from '../errors/misuse.ts';
import type { HopView } from '../scope/hop.ts';

/** A request that is about to be sent, as hooks see it: the secrets were lifted out before, and join it afterwards. */
export interface HookRequest {
  readonly url: string;
  readonly method: string;
  /**
   * The headers that travel anywhere. What a hook adds belongs to the call's first origin, unless its name is on the list of
   * travelling headers, and is judged like the caller's own. Framing headers, as Host, are a TypeError.
   */
  readonly headers: Headers;
}

/** Called once a call, before its first request. */
export type RequestHook = (request: HookRequest, hop: HopView) => void | Promise<void>;

// biome-ignore lint/suspicious/noConfusingVoidType: a function that returns nothing is one, in every way to write it
type Nothing = undefined | void;

/** Called with every answer of the chain, its cookies kept. What it returns takes the answer's place. */
export type ResponseHook = (
  response: Response,
  hop: HopView,
) => Response | Nothing | Promise<Response | Nothing>;

/** Called for every redirect that is followed: `next` is the request to come, `response` the redirect. */
export type RedirectHook = (next: HookRequest, response: Response, hop: HopView) => void | Promise<void>;

/** Functions that a call waits for, one after another in their order. What one throws ends the call. */
export interface Hooks {
  request?: readonly RequestHook[];
  response?: readonly ResponseHook[];
  redirect?: readonly RedirectHook[];
}

export const hooksShape: Shape<Hooks> = {
  request: listOf('function'),
  response: listOf('function'),
  redirect: listOf('function'),
};

export const readHooks = ({ request = [], response = [], redirect = [] }: Hooks = {}): Required<Hooks> => ({
  request,
  response,
  redirect,
});
