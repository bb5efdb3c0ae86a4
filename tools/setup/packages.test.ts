import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { whyInstall } from './packages.mjs';

const wanted = {
  '': { name: 'hallpass' },
  'node_modules/tldts': { version: '7.5.4', integrity: 'sha512-a' },
  'node_modules/fsevents': { version: '2.3.3', integrity: 'sha512-b', optional: true },
  'node_modules/front-desk': { resolved: 'examples/front-desk', link: true },
};
const { '': _, 'node_modules/fsevents': __, ...installed } = wanted;

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'hallpass-setup-'));
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages: wanted }));
});
afterEach(() => rmSync(root, { recursive: true }));

function install(packages: object, node = true) {
  mkdirSync(join(root, 'node_modules/.bin'), { recursive: true });
  if (node) writeFileSync(join(root, 'node_modules/.bin/node'), '');
  writeFileSync(join(root, 'node_modules/.package-lock.json'), JSON.stringify({ packages }));
}

describe('set-up installs', () => {
  test('nothing when all stands; an optional package of another system may be absent', () => {
    install(installed);
    expect(whyInstall(root)).toBeUndefined();
  });

  test('when node_modules is missing, or npm broke off before it wrote its list', () => {
    expect(whyInstall(root)).toBe('node_modules is missing');
    mkdirSync(join(root, 'node_modules/tldts'), { recursive: true });
    expect(whyInstall(root)).toBe('node_modules is missing');
  });

  test.each([
    ['a version', { ...installed, 'node_modules/tldts': { version: '7.5.3', integrity: 'sha512-a' } }],
    ['the content', { ...installed, 'node_modules/tldts': { version: '7.5.4', integrity: 'sha512-z' } }],
    ['a workspace', { 'node_modules/tldts': installed['node_modules/tldts'] }],
  ])('when %s differs from the lock', (_what, packages) => {
    install(packages);
    expect(whyInstall(root)).toMatch(/^node_modules differs from package-lock\.json at node_modules\//);
  });

  test("when the project's own Node is missing", () => {
    install(installed, false);
    expect(whyInstall(root)).toMatch(/\.bin\/node is missing$/);
  });
});
