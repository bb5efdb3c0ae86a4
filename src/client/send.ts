import type { Attached } from './attach.ts';
import type { Run } from './call.ts';
import { CallError, NetworkError, RedirectError } from './errors.ts';
import { shownUrl } from './known-secrets.ts';
import type { Template } from './template.ts';
import type { Trace } from './trace.ts';

/** Sends one request. Only here does anything reach the network. `time` = now, milliseconds since 1970. */
export function send(template: Template, attached: Attached, time: number, run: Run): Promise<Response> {
  const { deadline, settings } = run;
  deadline.throwIfAborted();
  deadline.begin(settings.transport.beginsWith ?? 'headers', time);
  const { transport } = settings;
  const sent = transport({
    url: attached.url,
    method: template.method,
    headers: attached.headers,
    body: template.body,
    ending: deadline,
  });
  return transport.endsInTime === true ? sent : deadline.race(sent);
}

/** The error for a request that got no answer: what ended the call, or what the network said. */
export function sendError(error: unknown, template: Template, attached: Attached, run: Run): unknown {
  if (run.deadline.aborted) return run.deadline.reason;
  return networkError('got no answer', error, template, attached, run);
}

/** @throws RedirectError for an answer that is not of the request that was sent. */
export function refuseFollowed({ type, redirected }: Response, trace: Trace): void {
  if (type === 'opaqueredirect')
    throw new RedirectError(
      'opaque-redirect',
      'This runtime hides redirects from programs, as browsers do: hallpass needs to see each one.',
      trace,
    );
  if (redirected)
    throw new RedirectError(
      'transport-followed',
      "The transport followed a redirect by itself: it must ask for redirect: 'manual'.",
      trace,
    );
}

/** The error for a body that broke off: the very reason that ended the call, of which workerd gives a copy, or a typed error. */
export function bodyError(error: unknown, template: Template, attached: Attached, run: Run): unknown {
  if (run.deadline.aborted) return run.deadline.reason;
  if (error instanceof CallError) return error;
  return networkError('got only a part of its answer', error, template, attached, run);
}

/** What the runtime said, without what it was given: some runtimes repeat the whole URL. */
function networkError(
  what: string,
  error: unknown,
  template: Template,
  attached: Attached,
  { known, trace }: Run,
): NetworkError {
  const inner = innermost(error);
  const url = known.redact(shownUrl(template.url));
  const clean = (text: string) => known.redact(text.replaceAll(attached.url, url));
  const code: unknown = Reflect.get(inner, 'code');
  const said = clean(inner.message || String(code ?? inner.name));
  const cause = Object.assign(new Error(said), {
    name: inner.name,
    stack: clean(inner.stack ?? ''),
    ...(code !== undefined && { code }),
  });
  const refused = code === 'address-refused';
  return new NetworkError(refused ? code : 'network', `${template.method} ${url} ${what}: ${said}`, trace, {
    cause,
  });
}

function innermost(error: unknown): Error {
  let inner = error;
  while (inner instanceof Error && inner.cause instanceof Error) inner = inner.cause;
  return inner instanceof Error ? inner : new Error('the transport failed');
}
