import { scopedHeader } from '../credentials/scoped-credential.ts';
import type { HookRequest } from '../hooks.ts';
import { discreetHeaders, literalCookies, takeApart } from '../request/headers.ts';
import { callResponse } from './call-response.ts';
import type { Hop } from './hop.ts';

/** Calls the hooks that see a call's first request. */
export function runRequestHooks(hop: Hop): Promise<void> {
  return changeHeaders(
    hop,
    hop.run.settings.hooks.request.map((hook) => (request) => hook(request, hop.view)),
  );
}

/** Calls the hooks that see the request a redirect leads to. */
export async function runRedirectHooks(next: Hop, from: Hop): Promise<void> {
  const hooks = next.run.settings.hooks.redirect;
  if (hooks.length === 0) return;
  await changeHeaders(
    next,
    hooks.map((hook) => (request) => hook(request, callResponse(from), next.view)),
  );
}

/** Calls the hooks that see every answer; what one returns takes the answer's place. */
export async function runResponseHooks(hop: Hop): Promise<void> {
  const { settings, deadline } = hop.run;
  for (const hook of settings.hooks.response) {
    const returned = await deadline.race(hook(callResponse(hop), hop.view));
    if (returned === undefined) continue;
    if (!(returned instanceof Response))
      throw new TypeError('A response hook returns a Response, or nothing.');
    hop.response = returned;
  }
}

/** Lets hooks change the headers of a request, and lifts out what they added. */
async function changeHeaders(hop: Hop, hooks: readonly ((request: HookRequest) => unknown)[]): Promise<void> {
  const { template, run } = hop;
  const { call, settings, deadline } = run;
  const headers = discreetHeaders(template.headers);
  const request = Object.freeze({ url: hop.url.href, method: template.method, headers });
  for (const hook of hooks) await deadline.race(hook(request));

  const { travelling, scoped, cookie } = takeApart(headers, settings.crossOriginHeaders);
  const before = hop.hooked.filter(({ credential }) => !scoped.some(([name]) => name === credential.name));
  hop.template = { ...template, headers: travelling };
  hop.hooked = [...before, ...scoped.map((pair) => scopedHeader(pair, call.origin(), 'a hook'))];
  hop.literalCookies = new Map([...hop.literalCookies, ...literalCookies(cookie, call.origin)]);
}
