import type { AllowedOrigins } from '../scope/allowed-origins.ts';
import { changesState } from '../scope/honor.ts';
import type { Exchange } from './exchange.ts';

/**
 * True when a page of another site made a request that changes state: the answer of an identity provider by form_post, for
 * example. Browsers send no cookie with it but those of SameSite=None, so that none came says nothing of the visitor.
 * rfc6265bis §5.8.3.
 */
export function isPostOfAnotherSite(exchange: Exchange, origins: AllowedOrigins): boolean {
  if (!changesState({ method: exchange.method })) return false;
  const site = exchange.header('sec-fetch-site');
  if (site !== undefined) return site !== 'same-origin' && site !== 'same-site' && site !== 'none';
  const origin = exchange.header('origin');
  return origin !== undefined && !origins.includes(origin);
}
