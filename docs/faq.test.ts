import { readFileSync } from 'node:fs';
import { reasons, release } from 'hallpass';
import { bearer, createClient, traceOf } from 'hallpass/client';
import { startLab } from 'hallpass/testing/lab';
import { expect, test } from 'vitest';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const page = read('faq.md');
const answerTo = (question: string) => page.split(`\n### ${question}\n`)[1]?.split('\n### ')[0] ?? '';

test('S46 why a header did not arrive is answered with the reasons that a client gives', async () => {
  await using lab = await startLab();
  const { a, b } = lab.origins;
  const client = createClient({ credentials: bearer('hp-secret-t', { for: a }) });
  const { hops } = traceOf(await client.fetch(`${a}/redirect-to?url=${b}/headers`));
  const abroad = hops[1]?.secrets[0]?.verdict.reasons[0]?.code;
  const clear = release(
    { name: 'authorization', for: ['https://api.test'] },
    { url: 'http://api.test/', method: 'GET', time: 0, initiator: 'program' },
  ).reasons[0]?.code;
  const answer = answerTo('Why did my Authorization header not arrive after a redirect?');
  expect([abroad, clear]).toEqual(['scope-other-host', 'scope-downgrade']);
  for (const code of [abroad, clear]) expect(answer).toContain(code);
});

test('every code that an answer names is one that hallpass gives', () => {
  const errors = [...read('../src/errors.ts').matchAll(/'([a-z]+(?:-[a-z]+)+)'/g)].map(([, code]) => code);
  const named = [...page.matchAll(/`([a-z]+(?:-[a-z]+)+)`/g)].map(([, code]) => code);
  expect(named).toContain('session-gone');
  const known = [...Object.keys(reasons), ...errors, 'user-agent'];
  expect(named.filter((code) => !known.includes(code ?? ''))).toEqual([]);
});
