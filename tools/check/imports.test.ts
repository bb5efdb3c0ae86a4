import { describe, expect, test } from 'vitest';
import { fileProblems, tableProblems } from './imports.ts';

const doors = new Set(['index.ts', 'client/index.ts']);
const check = (file: string, source: string) => fileProblems(new Map([[file, source]]), doors);

describe('the import table', () => {
  test('is sound itself: every room that it names exists, and client and session never meet', () => {
    expect(tableProblems()).toEqual([]);
  });

  test.each([
    ['client/attach.ts', `import { release } from '../scope/release.ts';`],
    ['client/attach.ts', `import { HallpassError } from '../errors.ts';\nimport './trace.ts';`],
    ['cookie/types.ts', `import type { Codec } from '../seal/codec.ts';`],
    ['server/request-context.ts', `import type { Sessions } from '../session/types.ts';`],
    ['server/request-context.ts', `export type Opened = import('../session/types.ts').Opened;`],
    ['cookie/define.ts', `import type { StandardSchemaV1 } from '@standard-schema/spec';`],
    ['store/sqlite/open.ts', `import { DatabaseSync } from 'node:sqlite';`],
    ['adapters/hono.ts', `import { createMiddleware } from 'hono/factory';`],
    ['cli/trace.ts', `import { createClient } from '../client/index.ts';`],
    ['crypto/hash.ts', `const node = process.getBuiltinModule('node:crypto');`],
    ['crypto/node.ts', `import type { KeyObject } from 'node:crypto';`],
    ['jar/jar.ts', `// Date.now() is passed in\nconst text = 'fetch(x), crypto.subtle';\nthis.fetch(text);`],
  ])('lets %s say %s', (file, source) => {
    expect(check(file, source)).toEqual([]);
  });

  test.each([
    ['client/client.ts', `import { x } from '../session/session.ts';`, 'client may not import session'],
    ['session/session.ts', `export * from '../client/client.ts';`, 'session may not import client'],
    ['scope/admit.ts', `import { parse } from '../cookie/header.ts';`, 'scope may not import cookie'],
    ['cookie/define.ts', `import { seal } from '../seal/seal.ts';`, 'only types of seal'],
    ['cookie/define.ts', `import { type Codec } from '../seal/seal.ts';`, 'only types of seal'],
    ['server/pipeline.ts', `const s = await import('../session/session.ts');`, 'only types of session'],
    ['store/contract.ts', `import { open } from './sqlite/open.ts';`, 'store may not import store/sqlite'],
    [
      'store/redis/index.ts',
      `import { createClient } from 'redis';`,
      'a package that store/redis may not use',
    ],
    ['cookie/define.ts', `import spec from '@standard-schema/spec';`, 'a package that cookie may not use'],
    ['session/id.ts', `import { randomBytes } from 'node:crypto';`, 'session may not use node:'],
    ['crypto/node.ts', `import { hash } from 'node:crypto';`, 'crypto may not use node:'],
    ['session/id.ts', `process.getBuiltinModule('node:crypto');`, 'only crypto and the rooms of Node may'],
    ['cli/trace.ts', `import { hop } from '../client/hop.ts';`, 'which is no door'],
    ['client/client.ts', `await import(name);`, 'imports something computed'],
    ['client/client.ts', `import { x } from './trace.js';`, "write the file's ending"],
    ['client/client.ts', `if (x instanceof Promise) await x;`, 'use isPromised'],
    ['attic/old.ts', `export const x = 1;`, 'belongs to no room'],
  ])('catches %s saying %s', (file, source, problem) => {
    expect(check(file, source)).toEqual([expect.stringContaining(problem)]);
  });

  test.each([
    ['Date.now', 'const now = Date.now();'],
    ['new Date()', 'const now = new Date();'],
    ['fetch', `await fetch('https://example.com');`],
    ['crypto.getRandomValues', 'crypto.getRandomValues(octets);'],
    ['globalThis.crypto', 'const { subtle } = globalThis.crypto;'],
    ['setTimeout', 'setTimeout(flush, 100);'],
    ['Math.random', 'Math.random();'],
  ])('catches %s taken out of the air by a pure room, and lets other rooms have it', (name, source) => {
    expect(check('jar/jar.ts', `\n${source}`)).toEqual([
      `src/jar/jar.ts:2 takes ${name} out of the air; jar is pure, so pass it in`,
    ]);
    expect(check('client/client.ts', source)).toEqual([]);
  });
});
