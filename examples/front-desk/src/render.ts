import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { consentCookie, themeCookie } from './cookies.ts';
import type { DeskContext } from './env.ts';
import { ownPath } from './own-path.ts';
import type { Page } from './pages/form.ts';
import { type Html, layout } from './pages/layout.ts';
import type { Visitor } from './signed-in.ts';

/**
 * Answers with a whole page in the reader's theme, with what the request before had to say.
 * @param at where the page is, for the forms that lead back to it; default: at this address, or home where a form was sent to it
 */
export async function render(
  c: DeskContext,
  title: string,
  main: Html | Page,
  {
    visitor,
    status = 200,
    at = addressOf(c),
  }: { visitor?: Visitor | undefined; status?: ContentfulStatusCode; at?: string } = {},
) {
  const hasForms = visitor !== undefined || typeof main === 'function';
  const csrf = hasForms ? await c.var.hallpass.csrfToken() : undefined;
  const notice = visitor?.session.flash('notice');
  const reader = {
    at,
    theme: c.var.hallpass.cookies.get(themeCookie),
    asksConsent: c.var.hallpass.cookies.get(consentCookie) === undefined,
    csrf,
    name: visitor?.user.name,
    notice: typeof notice === 'string' ? notice : undefined,
  };
  return c.html(layout(reader, title, typeof main === 'function' ? main(csrf) : main), status);
}

/** Only what is read has an address that may be opened again. */
function addressOf(c: DeskContext): string {
  const { pathname, search } = new URL(c.req.url);
  return c.req.method === 'GET' ? ownPath(pathname + search) : '/';
}
