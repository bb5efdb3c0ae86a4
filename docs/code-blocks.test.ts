import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

/**
 * Every TypeScript block of the README and the guides runs here, as a file of its own, against the built package.
 * `// → text` after a console.log is what the line must print. A block that starts with `// name.ts` is an application:
 * it is started on a free port in place of 8080, and a visitor signs in and out.
 */
const root = new URL('..', import.meta.url).pathname;
const folder = mkdtempSync(join(root, '.code-blocks-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const pages = [
  'README.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).map((name) => `docs/${name}`),
].filter((name) => name.endsWith('.md') && !name.startsWith('docs/why/')); // those run in why.test.ts

const blocks = pages.flatMap((page) => {
  const text = readFileSync(join(root, page), 'utf8');
  return [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map((match) => ({
    page,
    line: text.slice(0, match.index).split('\n').length,
    code: match[1] ?? '',
    application: /^\/\/ (\S+\.ts)\n/.exec(match[1] ?? '')?.[1],
  }));
});

const fileName = ({ page, line }: { page: string; line: number }) => `${page.replace(/\W/g, '-')}-${line}.ts`;

function start(name: string, code: string, cwd = folder) {
  const file = join(cwd, name);
  writeFileSync(file, code);
  const child = spawn(process.execPath, [file], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  return { child, output, ended };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, 'localhost');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe.each(blocks.filter((block) => block.application === undefined))(
  '$page:$line',
  ({ code, page, line }) => {
    it('runs and prints what it says', async () => {
      const { output, ended } = start(fileName({ page, line }), code);
      expect(await ended, output.stderr).toBe(0);
      const promised = [...code.matchAll(/console\.log\(.*\/\/ → (.*)$/gm)].map((match) => match[1]);
      if (promised.length > 0) expect(output.stdout.trimEnd().split('\n')).toEqual(promised);
    }, 60_000);
  },
);

describe.each(blocks.filter((block) => block.application !== undefined))('$page $application', (block) => {
  it('serves a session that survives a restart and dies at sign-out', async () => {
    const port = await freePort();
    const base = `http://localhost:${port}`;
    const own = mkdtempSync(join(folder, 'app-')); // each has a store of its own
    const code = block.code.replaceAll('8080', String(port));
    const sessionCookie = (response: Response) => response.headers.getSetCookie()[0]?.split(';')[0] ?? '';

    async function serve() {
      const app = start(block.application ?? '', code, own);
      await Promise.race([
        new Promise((resolve) => app.child.stdout.once('data', resolve)),
        app.ended.then(() => Promise.reject(new Error(app.output.stderr))),
      ]);
      return app;
    }
    const body = async (cookie: string) => (await fetch(base, { headers: { cookie } })).text();
    const post = (path: string, headers: Record<string, string>, form: Record<string, string> = {}) =>
      fetch(base + path, { method: 'POST', headers, body: new URLSearchParams(form), redirect: 'manual' });

    let app = await serve();
    try {
      const signIn = await post('/sign-in', { origin: base }, { user: 'ada' });
      expect(signIn.status).toBe(303);
      const cookie = sessionCookie(signIn);
      expect(cookie).toMatch(/^__Host-session=/);
      expect(await body(cookie)).toBe('Visit 1, ada');

      app.child.kill();
      await app.ended;
      app = await serve();
      expect(await body(cookie)).toBe('Visit 2, ada');

      expect((await post('/sign-out', { cookie, origin: base })).status).toBe(303);
      expect(await body(cookie)).toBe('Visit 1, not signed in');

      const forged = await post('/sign-out', { cookie, 'sec-fetch-site': 'cross-site' });
      expect(forged.status).toBe(403);
    } finally {
      app.child.kill();
    }
  });
});

it('every block passes the type checker in strict mode, with exactOptionalPropertyTypes too', () => {
  for (const block of blocks) writeFileSync(join(folder, fileName(block)), `${block.code}\nexport {};\n`);
  const config = {
    extends: '../tsconfig.json',
    compilerOptions: { paths: {}, noUnusedLocals: false, exactOptionalPropertyTypes: true },
    include: [],
    files: blocks.map(fileName),
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  const { status, stdout } = spawnSync(join(root, 'node_modules/.bin/tsc'), ['-p', folder], {
    encoding: 'utf8',
  });
  expect(stdout).toBe('');
  expect(status).toBe(0);
}, 60_000);

it('there are blocks to run', () => {
  expect(blocks.length).toBeGreaterThanOrEqual(3);
});

/** What cannot run here is a part of an application that is driven in a production build (conformance/frameworks/main.ts). */
it('the blocks of applications are taken from their files', () => {
  const text = ['frameworks', 'testing'].map((page) => readFileSync(join(root, `docs/${page}.md`), 'utf8'));
  const excerpts = [...text.join('').matchAll(/^```tsx\n\/\/ (\S+)\n(.*?)^```$/gms)];
  expect(excerpts.length).toBeGreaterThan(3);
  for (const [, file = '', code = ''] of excerpts) {
    expect(readFileSync(join(root, 'conformance/frameworks', file), 'utf8')).toContain(code);
  }
});
