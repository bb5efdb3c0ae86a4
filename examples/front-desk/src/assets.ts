import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Hono } from 'hono';

const sheets = ['base', 'frame', 'parts', 'pages', 'document', 'trace'];

const files = {
  '/style.css': asset('text/css; charset=utf-8', sheets.map((name) => read(`public/${name}.css`)).join('\n')),
  '/favicon.svg': asset('image/svg+xml', read('public/favicon.svg')),
  '/passkeys.js': asset('text/javascript; charset=utf-8', read('public/passkeys.js')),
  '/devices.js': asset('text/javascript; charset=utf-8', read('public/devices.js')),
};

/** Where a file is: its address changes with its content, so browsers may keep it for good. */
export const assetUrl = (path: keyof typeof files): string => `${path}?v=${files[path].tag}`;

/** What is the same for everybody. It stands before the session, and never reads it. */
export function assets(): Hono {
  const app = new Hono();
  for (const [path, { type, text, tag }] of Object.entries(files)) {
    app.get(path, (c) => {
      const lasting = c.req.query('v') === tag;
      return c.body(text, 200, {
        'content-type': type,
        'cache-control': lasting ? 'public, max-age=31536000, immutable' : 'public, max-age=300',
      });
    });
  }
  return app;
}

function read(file: string): string {
  return readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');
}

function asset(type: string, text: string) {
  return { type, text, tag: createHash('sha256').update(text).digest('hex').slice(0, 12) };
}
