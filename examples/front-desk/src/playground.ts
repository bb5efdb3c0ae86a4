import { existsSync, readFileSync } from 'node:fs';
import { Hono } from 'hono';
import { playgroundFiles } from '../playground/files.ts';

const folder = new URL('../playground/', import.meta.url);

const types = {
  'index.html': 'text/html; charset=utf-8',
  'playground.css': 'text/css; charset=utf-8',
  'playground.js': 'text/javascript; charset=utf-8',
} as const satisfies Record<keyof typeof playgroundFiles, string>;

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

/** The page that says what browsers make of a cookie, once `npm run build` has bundled its script; undefined before. It reads no session; what it does not have, the desk answers. */
export function playground(): Hono | undefined {
  if (!existsSync(new URL(playgroundFiles['playground.js'], folder))) return undefined;
  const contents = new Map<string, { type: string; content: Buffer<ArrayBuffer> }>(
    Object.entries(types).map(([path, type]) => {
      const file = playgroundFiles[path as keyof typeof types];
      return [path, { type, content: readFileSync(new URL(file, folder)) as Buffer<ArrayBuffer> }];
    }),
  );
  const page = new Hono();
  page.get('*', async (c, next) => {
    const path = c.req.path.replace(/^\/playground\/?/, '');
    if (path === '' && !c.req.path.endsWith('/')) return c.redirect('/playground/', 301);
    const asset = contents.get(path || 'index.html');
    if (asset === undefined) return next();
    return c.body(asset.content, 200, {
      'content-type': asset.type,
      'cache-control': 'no-cache',
      'content-security-policy': policy,
      'referrer-policy': 'no-referrer',
    });
  });
  return page;
}
