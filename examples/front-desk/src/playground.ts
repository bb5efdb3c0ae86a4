import { existsSync, readFileSync } from 'node:fs';
import { Hono } from 'hono';

const folder = new URL('../playground/', import.meta.url);

/** The files of the page: what it is served as, and where it stands. */
const files = {
  '': ['text/html; charset=utf-8', 'index.html'],
  'playground.css': ['text/css; charset=utf-8', 'playground.css'],
  'playground.js': ['text/javascript; charset=utf-8', 'dist/playground.js'],
} as const;

/** Scripts and styles of its own, and no connection to anywhere: what is pasted cannot leave the page. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  'img-src data:',
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The page that says what browsers make of a cookie, once `npm run build` has bundled its script; undefined before. It reads no session. */
export function playground(): Hono | undefined {
  if (!existsSync(new URL('dist/playground.js', folder))) return undefined;
  const contents = new Map(
    Object.entries(files).map(([path, [type, file]]) => [
      path,
      { type, content: readFileSync(new URL(file, folder)) },
    ]),
  );
  const page = new Hono();
  page.get('*', (c) => {
    const path = c.req.path.replace(/^\/playground\/?/, '');
    if (path === '' && !c.req.path.endsWith('/')) return c.redirect('/playground/', 301);
    const asset = contents.get(path);
    if (asset === undefined) return c.notFound();
    return c.body(asset.content, 200, {
      'content-type': asset.type,
      'cache-control': 'no-cache',
      'content-security-policy': policy,
      'cross-origin-opener-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    });
  });
  return page;
}
