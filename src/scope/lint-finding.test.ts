import { expect, it } from 'vitest';
import { finding, findingOf, lintRules } from './lint-finding.ts';
import { reasons } from './reasons.ts';
import { reason } from './verdict.ts';

it.each(Object.entries(lintRules))(
  '%s is a sentence, a fix and a source',
  (code, { sentence, fix, source }) => {
    expect(sentence).toMatch(/\.$/);
    expect(fix).toMatch(/\.$/);
    expect(source).toMatch(/^(draft-\S+ §|RFC \d+ §|Fetch §|hallpass$)/);
    expect(reasons).not.toHaveProperty(code);
  },
);

it('fills the facts into sentence and fix', () => {
  expect(finding('attribute-misspelt', { name: 'sid', meant: 'HttpOnly' })).toEqual({
    code: 'attribute-misspelt',
    level: 'warning',
    sentence: 'sid has an attribute that is nearly HttpOnly, and is ignored.',
    fix: 'Write HttpOnly.',
    source: 'draft-ietf-httpbis-rfc6265bis-22 §5.6',
  });
});

it('repeats a reason of a verdict, with a level and perhaps a fix', () => {
  const found = findingOf(reason('prefix-secure', { name: '__Secure-a' }), 'error', 'Add Secure.');
  expect(found).toEqual({
    code: 'prefix-secure',
    level: 'error',
    sentence: '__Secure-a starts with __Secure-, so it must be Secure.',
    fix: 'Add Secure.',
    source: 'draft-ietf-httpbis-rfc6265bis-22 §5.7',
  });
  expect(findingOf(reason('prefix-secure'), 'note')).not.toHaveProperty('fix');
});
