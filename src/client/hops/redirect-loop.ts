import { RedirectError } from '../errors.ts';
import { shownUrl } from '../trace/shown-url.ts';
import type { HopRecord } from '../trace/trace.ts';
import type { Hop } from './hop.ts';
import { isRedirect } from './redirect.ts';

/** A loop is the same request with the same secrets and the same jar: a URL alone may well come again. */
export function refuseLoop({ index, record, run: { trace } }: Hop): void {
  if (record.cause !== 'redirect') return;
  const loops = trace.records.some((one) => isRedirect(one.status ?? 0) && isSameRequest(one, record));
  if (loops)
    throw new RedirectError(
      'redirect-loop',
      `The redirects go in a circle: ${record.method} ${shownUrl(record.url)} came up again at hop ${index + 1} with nothing changed.`,
      trace,
    );
}

function isSameRequest(a: HopRecord, b: HopRecord): boolean {
  return (
    a.jar === b.jar && a.method === b.method && a.url.href === b.url.href && secretNames(a) === secretNames(b)
  );
}

const secretNames = ({ secrets }: HopRecord) =>
  secrets
    .filter(({ verdict }) => verdict.allowed)
    .map(({ kind, name }) => `${kind} ${name}`)
    .join();
