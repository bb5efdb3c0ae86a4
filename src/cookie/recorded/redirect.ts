import { findingOf, type LintFinding } from '../../scope/lint-finding.ts';
import { methodRewrite } from '../../scope/redirect-method.ts';
import { release } from '../../scope/release.ts';
import type { SuffixList } from '../../scope/site.ts';
import { headerOf, type RecordedExchange } from './exchange.ts';

const redirects: readonly (number | undefined)[] = [301, 302, 303, 307, 308];

/** A token of the request before that its redirect left behind. */
export function tokenFindings(
  before: RecordedExchange | undefined,
  exchange: RecordedExchange & { readonly url: URL },
  suffixes: SuffixList | undefined,
): LintFinding[] {
  if (before?.url === undefined || !leadsTo(before, exchange.url)) return [];
  const had = headerOf(before.requestHeaders, 'authorization') !== undefined;
  const has = headerOf(exchange.requestHeaders, 'authorization') !== undefined;
  if (!had || has) return [];
  const token = { name: 'authorization', for: before.url.origin };
  const hop = { url: exchange.url, method: 'GET', initiator: 'program', time: 0, suffixes } as const;
  return release(token, hop).reasons.map((one) => findingOf(one, 'warning'));
}

/** The method that a redirect changed. Of a form that leads to a page it is meant; of a request that failed then it is not. */
export function methodFindings(
  before: RecordedExchange | undefined,
  { url, method = 'GET', status = 0 }: RecordedExchange & { readonly url: URL },
): LintFinding[] {
  if (before?.url === undefined || method !== 'GET' || !leadsTo(before, url)) return [];
  const rewrite = methodRewrite(before.method ?? 'GET', before.status ?? 0);
  return rewrite === undefined ? [] : [findingOf(rewrite, status >= 400 ? 'warning' : 'note', methodFix)];
}

const methodFix =
  'Answer with 307 or 308 where the method is to stay, or send it to the new address at once.';

function leadsTo({ url, status, responseHeaders }: RecordedExchange, next: URL): boolean {
  const location = headerOf(responseHeaders, 'location');
  if (!redirects.includes(status) || location === undefined) return false;
  const target = URL.parse(location, url);
  return target !== null && withoutFragment(target) === withoutFragment(next);
}

const withoutFragment = (url: URL) => `${url.origin}${url.pathname}${url.search}`;
