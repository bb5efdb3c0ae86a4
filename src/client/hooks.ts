import type { HopView } from '../scope/hop.ts';
import { type ScopedCredential, scopedHeader } from './attach.ts';
import type { Run } from './call.ts';
import { takeApart } from './headers.ts';
import { type LiteralCookie, literalCookies, type Template } from './template.ts';

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

/** @throws TypeError for what is no list of functions. */
export function readHooks(hooks: Hooks = {}): Required<Hooks> {
  const read = {
    request: hooks.request ?? [],
    response: hooks.response ?? [],
    redirect: hooks.redirect ?? [],
  };
  for (const [name, list] of Object.entries(read)) {
    if (!Array.isArray(list) || !list.every((hook) => typeof hook === 'function'))
      throw new TypeError(`hooks.${name} is an array of functions.`);
  }
  return read;
}

/** A template and the secrets that hooks have added to its call. */
export interface Hooked {
  readonly template: Template;
  readonly hooked: readonly ScopedCredential[];
  readonly literalCookies: ReadonlyMap<string, LiteralCookie>;
}

/** Lets hooks change the headers of a request, and lifts out what they added. */
export async function hookRequest<Leg extends Hooked>(
  leg: Leg,
  hooks: readonly ((request: HookRequest) => unknown)[],
  { call, settings, deadline }: Run,
): Promise<Leg> {
  if (hooks.length === 0) return leg;
  const { template } = leg;
  const headers = new Headers(template.headers as [string, string][]);
  const request = Object.freeze({ url: template.url.href, method: template.method, headers });
  for (const hook of hooks) await deadline.race(hook(request));

  const { travelling, scoped, cookie } = takeApart(headers, settings.listed);
  const before = leg.hooked.filter(({ credential }) => !scoped.some(([name]) => name === credential.name));
  return {
    ...leg,
    template: { ...template, headers: travelling },
    hooked: [...before, ...scoped.map((pair) => scopedHeader(pair, call.origin(), 'a hook'))],
    literalCookies: new Map([...leg.literalCookies, ...literalCookies(cookie, call.origin)]),
  };
}

/** The answer after all hooks have seen it. `speaking` makes an answer speak for the chain so far. */
export async function hookResponse(
  response: Response,
  hop: HopView,
  speaking: (response: Response) => Response,
  { settings, deadline }: Run,
): Promise<Response> {
  let heard = response;
  for (const hook of settings.hooks.response) {
    const said = await deadline.race(hook(speaking(heard), hop));
    if (said === undefined) continue;
    if (!(said instanceof Response)) throw new TypeError('A response hook returns a Response, or nothing.');
    heard = said;
  }
  return heard;
}
