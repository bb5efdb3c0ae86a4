import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { apps } from './apps.ts';
import { faultOf } from './check-types.ts';
import { row, withRows } from './table.ts';

const h3 = apps.find(({ name }) => name === 'h3');
if (h3 === undefined) throw new Error('h3 is driven');

const held = { name: 'a case' };
const fell = { name: 'another', error: new Error('no') };
const cells = (line: string) => line.split(' | ').slice(4);

it('a row tells what held, and of an app that could not be run that it failed, in place of what it said before', () => {
  const types = { name: 'types' };
  const works = row(h3, { cases: [held, held], types });
  expect(cells(works)).toEqual(['all 2', 'hold |']);
  expect(cells(row(h3, { cases: [held, fell], types: fell }))).toEqual(['1 of 2', 'fail |']);
  const failed = row(h3, { failed: new Error('The build ended with 1') });
  expect(cells(failed)).toEqual(['failed', 'not checked |']);

  const page = (line: string) =>
    withRows('before<!-- matrix -->\n| Gone | 1 |\n<!-- /matrix -->after', [works, line], [h3.title]);
  expect(page(works)).toContain('all 2');
  expect(page(failed)).not.toMatch(/all 2|Gone/);
  expect(page(failed)).toMatch(/^before<!-- matrix -->\n.*failed.*<!-- \/matrix -->after$/s);
});

it('the table of the guide is that of the driver as it stands: of each app one row, with its version, lines of glue and all cases', () => {
  const page = readFileSync(new URL('../../docs/frameworks.md', import.meta.url), 'utf8');
  const rows = apps.map((app) => row(app, { cases: app.cases('http://localhost'), types: held }));
  const titles = apps.map(({ title }) => title);
  const [, table = ''] = withRows(page, rows, titles).split('<!-- matrix -->');
  expect(page.split('<!-- matrix -->')[1]).toBe(table);
});

it.for([
  ['a type checker that was killed', { status: null, signal: 'SIGKILL' as const }, /SIGKILL, and no verdict/],
  ['one that broke down', { status: 134, stderr: 'out of memory' }, /134, and no verdict.*out of memory/s],
  ['one that failed and said nothing', { status: 1 }, /no verdict/],
  ['one that could not be started', { status: null, error: new Error('ENOENT') }, /ENOENT, and no verdict/],
  [
    'a fault of the app that code of its framework finds',
    { status: 2, stdout: '.next/types/validator.ts(93,31): error TS2344: no' },
    /TS2344/,
  ],
  ['a fault of the app', { status: 2, stdout: 'app.ts(1,1): error TS2322: no' }, /TS2322/],
  [
    'a fault of ours',
    { status: 2, stdout: 'node_modules/hallpass/dist/a.d.ts(1,1): error TS2304: no' },
    /TS2304/,
  ],
] as const)('%s is no proof of types, whosever declarations fail', ([, run, fault]) => {
  for (const failing of [undefined, 'Next.js'])
    expect(faultOf({ signal: null, stdout: '', stderr: '', ...run }, failing)).toMatch(fault);
});

it('declarations of a framework may fail where that is said of it, and have to', () => {
  const run = {
    status: 2,
    signal: null,
    stdout: 'node_modules/next/a.d.ts(1,1): error TS2304: no',
    stderr: '',
  };
  expect(faultOf(run, 'Next.js')).toBeUndefined();
  expect(faultOf({ ...run, stdout: '.nuxt/types/a.d.ts(1,1): error TS2304: no' }, 'Nuxt')).toBeUndefined();
  expect(faultOf(run)).toMatch(/TS2304/);
  expect(faultOf({ ...run, status: 0, stdout: '' })).toBeUndefined();
  expect(faultOf({ ...run, status: 0, stdout: '' }, 'Next.js')).toMatch(/the types of Next.js hold/);
});
