import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Hono } from 'hono';

/** Where `npm run site` puts the documents. */
const built = fileURLToPath(new URL('../../../site/dist/html', import.meta.url));

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.md': 'text/markdown; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** Whether `npm run site` was run. */
export const siteIsBuilt = (folder: string = built): boolean => existsSync(join(folder, 'index.html'));

/**
 * The documents of hallpass as a web site, once they are built; undefined before. They have policies of their own, since they
 * search by script, and never read a session: mount them before everything else.
 */
export function builtSite(folder: string = built): Hono | undefined {
  if (!siteIsBuilt(folder)) return undefined;
  // Only what was there at the start is served, so no path leads out of the folder.
  const files = new Set(
    globSync('**/*', { cwd: folder }).filter((file) => statSync(join(folder, file)).isFile()),
  );
  const site = new Hono();
  site.get('*', (c) => {
    const path = c.req.path.replace(/^\/docs\/?/, '');
    const file = [path, `${path}.html`, `${path}index.html`].find((name) => files.has(name));
    if (path === '' && !c.req.path.endsWith('/')) return c.redirect('/docs/', 301);
    const name = file ?? '404.html';
    const content = readFileSync(join(folder, name));
    return c.body(content, file === undefined ? 404 : 200, {
      'content-type': types[extname(name)] ?? 'application/octet-stream',
      'cache-control': name.startsWith('assets/')
        ? 'public, max-age=31536000, immutable'
        : 'public, max-age=300',
      'content-security-policy': policyOf(extname(name) === '.html' ? content.toString() : ''),
      'referrer-policy': 'same-origin',
    });
  });
  return site;
}

/** The scripts that stand in the page itself are allowed by their hashes, and no others. */
function policyOf(html: string): string {
  const inline = [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)];
  const hashes = inline.map(
    ([, script = '']) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`,
  );
  return [
    "default-src 'none'",
    `script-src 'self' ${hashes.join(' ')}`.trim(),
    "style-src 'self' 'unsafe-inline'", // the colours of code are attributes
    ...["img-src 'self' data:", "font-src 'self'", "connect-src 'self'"],
    ...["form-action 'none'", "base-uri 'none'", "frame-ancestors 'none'"],
  ].join('; ');
}
