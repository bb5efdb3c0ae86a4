import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bundleEntry, bundleProblems } from './entry-points.ts';

let dist: string;
beforeEach(() => {
  dist = mkdtempSync(join(tmpdir(), 'hallpass-entry-points-'));
});
afterEach(() => rmSync(dist, { recursive: true }));

/** The problems of one entry point of a package whose dist/ holds these files. */
async function check(name: string, entry: string, files: Record<string, string>, shipped: string[] = []) {
  for (const [file, source] of Object.entries(files)) {
    mkdirSync(join(dist, dirname(file)), { recursive: true });
    writeFileSync(join(dist, file), source);
  }
  return bundleProblems(name, entry, await bundleEntry(dist, join(dist, entry)), new Set(shipped));
}

describe('an entry point bundled alone', () => {
  test('passes with its own rooms, though it re-exports what nobody uses', async () => {
    const problems = await check('hallpass/client', 'client/index.js', {
      'client/index.js': `export { createClient } from './client.js';`,
      'client/client.js': `import { CookieJar } from '../jar/jar.js';\nexport const createClient = () => new CookieJar();`,
      'jar/jar.js': `export class CookieJar {}`,
    });
    expect(problems).toEqual([]);
  });

  test('is caught with the code of another entry point, however far down it is imported', async () => {
    const problems = await check('hallpass/client', 'client/index.js', {
      'client/index.js': `export { trace } from './trace.js';`,
      'client/trace.js': `export { open as trace } from '../session/session.js';`,
      'session/session.js': `export const open = () => 'a session';`,
    });
    expect(problems).toEqual(['hallpass/client drags in session/session.js of the room session']);
  });

  test('is caught with a store that it does not name', async () => {
    const problems = await check('hallpass/store', 'store/index.js', {
      'store/index.js': `export { sqliteStore } from './sqlite/index.js';`,
      'store/sqlite/index.js': `import { DatabaseSync } from 'node:sqlite';\nexport const sqliteStore = () => new DatabaseSync(':memory:');`,
    });
    expect(problems).toEqual([
      'hallpass/store drags in store/sqlite/index.js of the room store/sqlite',
      'hallpass/store drags in node:sqlite',
    ]);
  });

  test('is free of code that tree-shaking removes', async () => {
    const problems = await check('hallpass', 'index.js', {
      'index.js': `import { unused } from './session/session.js';\nexport const one = 1;`,
      'session/session.js': `export const unused = () => 'a session';`,
    });
    expect(problems).toEqual([]);
  });

  test('is caught with a package that its rooms may not use, or that package.json does not bring', async () => {
    const files = {
      'adapters/hono.js': `import { createMiddleware } from 'hono/factory';\nimport pg from 'pg';\nexport default [createMiddleware, pg];`,
    };
    expect(await check('hallpass/hono', 'adapters/hono.js', files)).toEqual([
      'hallpass/hono imports hono, which package.json does not bring',
      'hallpass/hono drags in the package pg',
    ]);
    expect(await check('hallpass/hono', 'adapters/hono.js', files, ['hono', 'pg'])).toEqual([
      'hallpass/hono drags in the package pg',
    ]);
  });
});

test('the client without the list of public suffixes leaves it out of a bundle', async () => {
  const source = join(import.meta.dirname, '../../src');
  const { files } = await bundleEntry(source, join(source, 'client/slim.ts'));
  expect(files).not.toContain('jar/suffix-rules.ts');
  const whole = await bundleEntry(source, join(source, 'client/index.ts'));
  expect(whole.files).toContain('jar/suffix-rules.ts');
});
