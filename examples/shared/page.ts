import { readFileSync } from 'node:fs';
import { Hono } from 'hono';
import { html } from 'hono/html';
import { secureHeaders } from 'hono/secure-headers';

/** Markup whose interpolated texts are escaped. */
export type Html = ReturnType<typeof html>;

const style = readFileSync(new URL('style.css', import.meta.url), 'utf8');

/** A whole page. */
export function page(
  title: string,
  main: Html,
  { theme = 'light', banner }: { theme?: 'light' | 'dark'; banner?: Html | undefined } = {},
): Html {
  return html`<!doctype html>
<html lang="en" data-theme="${theme}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${title}</title>
    <link rel="stylesheet" href="/style.css">
  </head>
  <body>
    ${banner ?? ''}
    <main>
      <h1>${title}</h1>
      ${main}
    </main>
  </body>
</html>`;
}

/** The stylesheet, and headers under which a page can hold no script. It stands before the session, and never reads it. */
export function frame(): Hono {
  const app = new Hono();
  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        styleSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
      strictTransportSecurity: false,
    }),
  );
  return app.get('/style.css', (c) => c.body(style, 200, { 'content-type': 'text/css; charset=utf-8' }));
}
