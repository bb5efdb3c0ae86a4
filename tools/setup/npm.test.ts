import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { locate } from './npm.mjs';

const part = { package: '@scope/deno@2.9.6', commands: ['deno'] };

let root: string;
let installed: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'hallpass-setup-'));
  installed = join(root, 'node_modules/.hallpass/runtimes/deno/node_modules');
  mkdirSync(join(installed, '.bin'), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true }));

function put({ version = '2.9.6', mode = 0o755 } = {}) {
  const packages = { 'node_modules/@scope/deno': { version } };
  writeFileSync(join(installed, '.package-lock.json'), JSON.stringify({ packages }));
  writeFileSync(join(installed, '.bin/deno'), '');
  chmodSync(join(installed, '.bin/deno'), mode);
}

describe('a runtime beside the lock', () => {
  test('is there when its version is installed', () => {
    put();
    expect(locate(root, 'deno', part)).toBe(join(installed, '.bin/deno'));
  });

  test.each<[string, () => void]>([
    ['npm ci has removed it', () => rmSync(installed, { recursive: true })],
    ['its version is another', () => put({ version: '2.9.5' })],
    ['npm broke off before it wrote its list', () => writeFileSync(join(installed, '.bin/deno'), '')],
    ['its install script did not run', () => put({ mode: 0o644 })],
  ])('is missing when %s', (_, happen) => {
    happen();
    expect(locate(root, 'deno', part)).toBeUndefined();
  });
});
