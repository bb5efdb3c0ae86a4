import { finding, findingOf, type LintFinding } from '../../scope/lint-finding.ts';
import { reason } from '../../scope/verdict.ts';
import { headerOf, linesOf, membersOf, type RecordedExchange } from './exchange.ts';
import { isCrossOriginFetch } from './hop.ts';

const safelistedMethods: readonly string[] = ['GET', 'HEAD', 'POST'];

/** Why a browser keeps an answer, or what it asked for by a preflight, from a page of another origin. Fetch §3.3. */
export function corsFindings(exchange: RecordedExchange): LintFinding[] {
  if (!isCrossOriginFetch(exchange) || exchange.status === undefined) return [];
  const { method, requestHeaders, responseHeaders } = exchange;
  const origin = headerOf(requestHeaders, 'origin')!;
  const isPreflight =
    method === 'OPTIONS' && headerOf(requestHeaders, 'access-control-request-method') !== undefined;
  const allowedOrigin = headerOf(responseHeaders, 'access-control-allow-origin');
  const isMeantForPages =
    isPreflight || headerOf(requestHeaders, 'sec-fetch-mode') === 'cors' || allowedOrigin !== undefined;
  if (!isMeantForPages) return [];
  if (allowedOrigin !== '*' && allowedOrigin !== origin)
    return [findingOf(reason('cors-origin', { origin }), 'error')];
  return isPreflight ? preflightFindings(exchange) : credentialFindings(exchange, origin, allowedOrigin);
}

function preflightFindings({ requestHeaders, responseHeaders }: RecordedExchange): LintFinding[] {
  const method = headerOf(requestHeaders, 'access-control-request-method') ?? '';
  const methods = new Set(membersOf(responseHeaders, 'access-control-allow-methods'));
  const headers = new Set(membersOf(responseHeaders, 'access-control-allow-headers'));
  const isAllowed = (list: ReadonlySet<string>, one: string) => list.has(one) || list.has('*');
  const findings: LintFinding[] = [];
  if (!safelistedMethods.includes(method) && !isAllowed(methods, method.toLowerCase()))
    findings.push(findingOf(reason('cors-method', { method }), 'error'));
  for (const header of membersOf(requestHeaders, 'access-control-request-headers')) {
    // A star does not stand for Authorization. Fetch, "CORS non-wildcard request-header name".
    const isListed = header === 'authorization' ? headers.has(header) : isAllowed(headers, header);
    if (!isListed) findings.push(findingOf(reason('cors-header', { header }), 'error'));
  }
  return findings;
}

/** An answer with cookies, to a request with them or with new ones, is for the page only where it says so. */
function credentialFindings(
  { requestHeaders, responseHeaders }: RecordedExchange,
  origin: string,
  allowedOrigin: string,
): LintFinding[] {
  const came = headerOf(requestHeaders, 'cookie') !== undefined;
  const sets = linesOf(responseHeaders, 'set-cookie').length > 0;
  if (!came && !sets) return [];
  if (allowedOrigin === '*') return [finding('cors-any-origin', { origin })];
  const allows = headerOf(responseHeaders, 'access-control-allow-credentials') === 'true';
  return allows ? [] : [finding('cors-no-credentials', { origin })];
}
