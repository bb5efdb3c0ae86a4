import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { consentCookie, themeCookie } from './cookies.ts';
import type { DeskContext } from './env.ts';
import type { Page } from './pages/form.ts';
import { type Html, layout } from './pages/layout.ts';
import type { Visitor } from './signed-in.ts';

/** Answers with a whole page in the reader's theme, with what the request before had to say. */
export async function render(
  c: DeskContext,
  title: string,
  main: Html | Page,
  { visitor, status = 200 }: { visitor?: Visitor | undefined; status?: ContentfulStatusCode } = {},
) {
  const hasForms = visitor !== undefined || typeof main === 'function';
  const csrf = hasForms ? await c.var.hallpass.csrfToken() : undefined;
  const notice = visitor?.session.flash('notice');
  const reader = {
    path: c.req.path,
    theme: c.var.hallpass.cookies.get(themeCookie),
    asksConsent: c.var.hallpass.cookies.get(consentCookie) === undefined,
    csrf,
    name: visitor?.user.name,
    notice: typeof notice === 'string' ? notice : undefined,
  };
  return c.html(layout(reader, title, typeof main === 'function' ? main(csrf) : main), status);
}
