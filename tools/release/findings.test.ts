import { expect, test } from 'vitest';
import { releaseFindings } from './findings.ts';
import { publishedManifest } from './stage.ts';

const owner = {
  repository: 'git+https://git.example/hallpass.git',
  homepage: 'https://hallpass.example/docs',
  bugs: 'https://git.example/hallpass/issues',
};
const manifest = {
  name: 'hallpass',
  version: '1.2.3',
  dependencies: { jose: '^6.0.0' },
  devDependencies: { tldts: '7.5.4' },
};
const changelog = '# Changelog\n\n## [1.2.3] - 2026-11-30\n';
const bytes = (text: string) => new TextEncoder().encode(text);
const same = [bytes('a'), bytes('a')] as const;

test('nothing stands between a whole repository and a release', () => {
  expect(releaseFindings(manifest, owner, changelog, same, '7.5.4', 'v1.2.3')).toEqual([]);
});

test('each thing that is missing is a sentence that says what to do', () => {
  const findings = releaseFindings(
    { ...manifest, scripts: { postinstall: 'node x.js', test: 'vitest' }, dependencies: { jose: '6.0.0' } },
    { ...owner, bugs: '' },
    '# Changelog\n\n## [Unreleased]\n',
    [bytes('a'), bytes('b')],
    '7.6.0',
    'v1.2.4',
  );
  expect(findings).toEqual([
    expect.stringContaining('fill "bugs"'),
    expect.stringContaining('postinstall'),
    expect.stringContaining('jose is not taken by caret'),
    expect.stringContaining('## [1.2.3]'),
    expect.stringContaining('tldts 7.5.4, and the newest is 7.6.0'),
    expect.stringContaining('The tag v1.2.4 is not that of package.json, which is v1.2.3'),
    expect.stringContaining('Two builds'),
  ]);
});

test('what is published has the addresses, and nothing that only the repository needs', () => {
  const whole = { ...manifest, scripts: { test: 'vitest' }, devDependencies: {}, workspaces: ['bench'] };
  const { devDependencies: _, ...published } = manifest;
  expect(publishedManifest(whole, { ...owner, homepage: '' })).toEqual({
    ...published,
    repository: owner.repository,
    bugs: owner.bugs,
  });
});
