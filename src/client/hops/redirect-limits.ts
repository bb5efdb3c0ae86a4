import { RedirectError } from '../errors.ts';
import { retryAfter } from '../retry-after.ts';
import { shownUrl, withoutFragment } from '../trace/shown-url.ts';
import { type CallHopFacts, recordsOf } from '../trace/trace.ts';
import { headOf } from '../transport/response.ts';
import type { Hop } from './hop.ts';

/** A request of the chain, or the one that it leads to. */
type ChainRequest = Pick<CallHopFacts, 'method' | 'url'>;

/** How many requests of a repetition the sentence names. */
const named = 3;

/**
 * The error for one redirect more than the call follows. Servers keep state, so a request that comes again may well get
 * another answer: that the chain repeats is said only here, where it has not ended.
 */
export function limitError({ run }: Hop, next: ChainRequest): RedirectError {
  const { trace, settings } = run;
  const limit = `More than ${settings.redirect.maxRedirects} redirects (redirect.maxRedirects)`;
  const chain = recordsOf(trace).filter(({ cause }) => cause === 'start' || cause === 'redirect');
  const repeated = repetition([...chain.map(({ facts }) => facts), next]);
  if (repeated === undefined) return new RedirectError('too-many-redirects', `${limit}.`, trace);
  const shown = repeated
    .slice(0, named)
    .map(({ method, url }) => `${method} ${shownUrl(url)}`)
    .join(', ');
  const rest = repeated.length > named ? ` and ${repeated.length - named} more` : '';
  return new RedirectError('redirect-loop', `${limit}, and they repeat: ${shown}${rest}.`, trace);
}

/** The requests that come round again at the end of a chain, as far back as one round goes. */
function repetition(chain: readonly ChainRequest[]): readonly ChainRequest[] | undefined {
  const last = chain.length - 1;
  const lines = chain.map(({ method, url }) => `${method} ${withoutFragment(url)}`);
  const before = lines.lastIndexOf(lines[last] as string, last - 1);
  if (before < 0) return undefined;
  const round = last - before;
  for (let back = 1; back < round && back <= before; back += 1)
    if (lines[last - back] !== lines[before - back]) return undefined;
  return chain.slice(before, last);
}

/**
 * Milliseconds that a redirect asks to wait before the request it leads to. RFC 9110 §10.2.3.
 * @throws RedirectError when that is longer than the call waits for redirects.
 */
export function redirectWait({ run, response, waited }: Hop): number {
  const { clock, redirect } = run.settings;
  const header = headOf(response).get('retry-after');
  const asked = header === null ? 0 : (retryAfter(header, clock.now()) ?? 0);
  if (waited + asked <= redirect.maxWait) return asked;
  const before = waited > 0 ? `, after ${waited} ms of such waits,` : '';
  throw new RedirectError(
    'redirect-wait',
    `The redirect asks to wait ${asked} ms${before} and a call waits ${redirect.maxWait} ms at the most (redirect.maxWait).`,
    run.trace,
  );
}
