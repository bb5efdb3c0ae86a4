import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { stylesheet } from './assets.ts';
import { themeCookie } from './cookies.ts';
import type { DeskContext } from './env.ts';
import { type Html, layout } from './pages/layout.ts';
import type { User } from './users.ts';

/** Answers with a whole page in the reader's theme. */
export function render(
  c: DeskContext,
  title: string,
  main: Html,
  options: { user?: User; status?: ContentfulStatusCode } = {},
) {
  const reader = {
    path: c.req.path,
    theme: c.var.hallpass.cookies.get(themeCookie),
    stylesheet,
    ...(options.user && { name: options.user.name }),
  };
  return c.html(layout(reader, title, main), options.status ?? 200);
}
