import { withoutCredentials } from '../../errors/safe-cause.ts';
import { CallError, NetworkError } from '../errors.ts';
import { shownUrl } from '../trace/shown-url.ts';
import type { Hop } from './hop.ts';

/** The error for a request that got no answer: what ended the call, or what the network reported. */
export function sendError(error: unknown, hop: Hop): unknown {
  const { deadline } = hop.run;
  return deadline.aborted ? deadline.reason : networkError('got no answer', error, hop);
}

/** The error for a body that broke off: the very reason that ended the call, of which workerd gives a copy, or a typed error. */
export function bodyError(error: unknown, hop: Hop): unknown {
  const { deadline } = hop.run;
  if (deadline.aborted) return deadline.reason;
  return error instanceof CallError ? error : networkError('got only a part of its answer', error, hop);
}

/** What the runtime reported, without what it was given: some runtimes repeat the whole URL, and a proxy's has a password. */
function networkError(what: string, error: unknown, { url, wireUrl, template, run }: Hop): NetworkError {
  const { sentSecrets, trace } = run;
  const inner = innermost(error);
  const shown = sentSecrets.redact(shownUrl(url));
  const clean = (text: string) => withoutCredentials(sentSecrets.redact(text.replaceAll(wireUrl, shown)));
  const code: unknown = Reflect.get(inner, 'code');
  const message = clean(inner.message || String(code ?? inner.name));
  const cause = Object.assign(new Error(message), {
    name: inner.name,
    stack: clean(inner.stack ?? ''),
    ...(code !== undefined && { code }),
  });
  const refused = code === 'address-refused';
  const hint = code === 'UND_ERR_HEADERS_OVERFLOW' ? `. ${moreHeaders}` : '';
  const sentence = `${template.method} ${shown} ${what}: ${message}${hint}`;
  return new NetworkError(refused ? code : 'network', sentence, trace, { cause });
}

const moreHeaders =
  'The headers of the answer are longer than Node takes, 16 KiB: start it with --max-http-header-size=65536, or give undiciTransport({ dispatcher: new Agent({ maxHeaderSize: 65_536 }) }).';

function innermost(error: unknown): Error {
  let inner = error;
  while (inner instanceof Error && inner.cause instanceof Error) inner = inner.cause;
  return inner instanceof Error ? inner : new Error('the transport failed');
}
