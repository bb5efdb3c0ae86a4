import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { reasons } from '../../src/scope/reasons.ts';
import { renderReasons } from './reasons.ts';

const source = `const table = {
  // ── release: may it travel? ──
  'needs-https': { sentence: '{name} is Secure.', source: 'RFC 1' },
  // an ordinary comment
  'other-host': { sentence: 'a | b', source: 'hallpass' },
  // ── honor: may it be spent? ──
  'csrf-foreign-origin': { sentence: 'No.', source: 'Fetch §3.2' },
} as const;`;
const table = {
  'needs-https': { sentence: '{name} is Secure.', source: 'RFC 1' },
  'other-host': { sentence: 'a | b', source: 'hallpass' },
  'csrf-foreign-origin': { sentence: 'No.', source: 'Fetch §3.2' },
};

test('each group of the source becomes a table of code, sentence and source', () => {
  const page = renderReasons(source, table);
  expect(page.slice(page.indexOf('## '))).toBe(`## Release: may it travel?

| Code | Sentence | Source |
| --- | --- | --- |
| [\`needs-https\`](why/needs-https.md) | {name} is Secure. | RFC 1 |
| [\`other-host\`](why/other-host.md) | a \\| b | hallpass |

## Honor: may it be spent?

| Code | Sentence | Source |
| --- | --- | --- |
| [\`csrf-foreign-origin\`](why/csrf-foreign-origin.md) | No. | Fetch §3.2 |
`);
});

test('a changed sentence changes the page', () => {
  const changed = { ...table, 'needs-https': { sentence: 'Another.', source: 'RFC 1' } };
  expect(renderReasons(source, changed)).not.toBe(renderReasons(source, table));
});

test('a reason above the first group is refused, so that none is lost', () => {
  const orphan = source.replace('// ── release: may it travel? ──', '');
  expect(() => renderReasons(orphan, table)).toThrow(
    'No group comment stands above needs-https, other-host.',
  );
});

test('every reason of the library has its row', () => {
  const file = fileURLToPath(new URL('../../src/scope/reasons.ts', import.meta.url));
  const page = renderReasons(readFileSync(file, 'utf8'), reasons);
  for (const code of Object.keys(reasons)) expect(page).toContain(`| [\`${code}\`](why/${code}.md) |`);
});
