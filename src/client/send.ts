import type { Attached } from './attach.ts';
import type { Run } from './call.ts';
import { NetworkError, RedirectError } from './errors.ts';
import { shownUrl } from './known-secrets.ts';
import type { Template } from './template.ts';

/** Sends one request and waits for the headers of its answer. Only here does anything reach the network. */
export async function send(template: Template, attached: Attached, run: Run): Promise<Response> {
  const { deadline, settings, trace } = run;
  deadline.awaitHeaders();
  let response: Response;
  try {
    response = await deadline.race(
      settings.transport({
        url: attached.url,
        method: template.method,
        headers: attached.headers,
        body: template.body,
        signal: deadline.signal,
      }),
    );
  } catch (error) {
    if (deadline.signal.aborted) throw deadline.signal.reason;
    throw networkError(error, template, attached, run);
  }
  if (response.type === 'opaqueredirect')
    throw new RedirectError(
      'opaque-redirect',
      'This runtime hides redirects from programs, as browsers do: hallpass needs to see each one.',
      trace,
    );
  if (response.redirected)
    throw new RedirectError(
      'transport-followed',
      "The transport followed a redirect by itself: it must ask for redirect: 'manual'.",
      trace,
    );
  return response;
}

/** What the runtime said, without what it was given: some runtimes repeat the whole URL. */
function networkError(error: unknown, template: Template, attached: Attached, run: Run): NetworkError {
  const inner = innermost(error);
  const url = run.known.redact(shownUrl(template.url));
  const clean = (text: string) => run.known.redact(text.replaceAll(attached.url, url));
  const code: unknown = Reflect.get(inner, 'code');
  const said = clean(inner.message || String(code ?? inner.name));
  const cause = Object.assign(new Error(said), {
    name: inner.name,
    stack: clean(inner.stack ?? ''),
    ...(code !== undefined && { code }),
  });
  return new NetworkError('network', `${template.method} ${url} got no answer: ${said}`, run.trace, {
    cause,
  });
}

function innermost(error: unknown): Error {
  let inner = error;
  while (inner instanceof Error && inner.cause instanceof Error) inner = inner.cause;
  return inner instanceof Error ? inner : new Error('the transport failed');
}
