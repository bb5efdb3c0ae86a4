import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { type Html, page } from '../../shared/page.ts';
import { consentCookie, themeCookie, visitorCookie } from './cookies.ts';
import { consentBanner } from './pages/consent-banner.ts';
import type { SiteContext } from './site.ts';

/** Answers with a page in the visitor's theme, under the banner until it is answered. With consent, and only then, the visit counts. */
export function render(c: SiteContext, title: string, main: Html, status: ContentfulStatusCode = 200) {
  const { cookies } = c.var.hallpass;
  const consent = cookies.get(consentCookie);
  if (consent === 'accepted' && cookies.get(visitorCookie) === undefined) {
    cookies.set(visitorCookie, crypto.randomUUID());
  }
  const banner = consent === undefined ? consentBanner : undefined;
  return c.html(page(title, main, { theme: cookies.get(themeCookie), banner }), status);
}
