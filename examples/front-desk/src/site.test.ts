import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { builtSite } from './site.ts';

test('the documents are served once they are built, and nothing beside them', async () => {
  const root = mkdtempSync(join(tmpdir(), 'desk-documents-'));
  try {
    const folder = join(root, 'html');
    expect(builtSite(folder)).toBeUndefined();
    mkdirSync(join(folder, 'why'), { recursive: true });
    writeFileSync(join(folder, 'index.html'), '<script>let a</script><script src="/docs/a.js"></script>');
    for (const page of ['start.html', 'why/index.html', '404.html', 'start.md']) {
      writeFileSync(join(folder, page), page);
    }
    writeFileSync(join(root, 'outside.html'), 'secret');
    const site = builtSite(folder);
    if (site === undefined) throw new Error('it is built');
    const app = new Hono().route('/docs', site);
    const text = async (path: string) => (await app.request(path)).text();

    expect(await Promise.all(['/docs/start', '/docs/why/', '/docs/start.md'].map(text))).toEqual([
      'start.html',
      'why/index.html',
      'start.md',
    ]);
    expect((await app.request('/docs')).headers.get('location')).toBe('/docs/');
    const home = await app.request('/docs/');
    expect(home.headers.get('content-security-policy')).toMatch(/script-src 'self' 'sha256-[\w+/]{43}='; /);
    for (const path of [
      '/docs/lost',
      '/docs/..%2foutside',
      '/docs/%2e%2e/outside',
      '/docs/../outside.html',
    ]) {
      const answer = await app.request(path);
      expect([answer.status, (await answer.text()).includes('secret')]).toEqual([404, false]);
    }
  } finally {
    rmSync(root, { recursive: true });
  }
});
