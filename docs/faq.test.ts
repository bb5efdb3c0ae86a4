import { readFileSync } from 'node:fs';
import { reasons } from 'hallpass';
import { bearer, createClient, traceOf } from 'hallpass/client';
import { startLab } from 'hallpass/testing/lab';
import { expect, test } from 'vitest';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const page = read('faq.md');
const answerTo = (question: string) => page.split(`\n### ${question}\n`)[1]?.split('\n### ')[0] ?? '';

test('S46 why a header did not arrive is answered with the reasons that a client gives', async () => {
  const whyNot = async (response: Response) =>
    traceOf(response).hops[1]?.secrets[0]?.verdict.reasons.map(({ code, sentence }) => [code, sentence]);
  const redirected = async (location: string) => {
    const client = createClient({
      credentials: bearer('hp-secret-t', { for: 'https://api.test' }),
      transport: async ({ url }) =>
        url === 'https://api.test/old'
          ? new Response(null, { status: 302, headers: { location } })
          : new Response('ok'),
    });
    return (await whyNot(await client.get('https://api.test/old'))) ?? [];
  };
  const given = [...(await redirected('https://files.test/')), ...(await redirected('http://api.test/'))];
  const answer = answerTo('Why did my Authorization header not arrive after a redirect?');
  // Each code that a client gives with its sentence, and no other.
  expect(answer.match(/\b(?:scope|credential|header)s?-[a-z-]+/g)).toEqual(given.map(([code]) => code));
  expect([...answer.matchAll(/`(authorization [^`]+)`/g)].map(([, sentence]) => sentence)).toEqual(
    given.map(([, sentence]) => sentence),
  );

  await using lab = await startLab();
  const { a } = lab.origins;
  const client = createClient({ credentials: bearer('hp-secret-t', { for: a }) });
  const to = (location: string) => client.fetch(`${a}/redirect-to?url=${encodeURIComponent(location)}`);
  for (const within of [`${a}/headers`, '/headers', 'headers', `//${new URL(a).host}/headers`])
    expect([within, await whyNot(await to(within))]).toEqual([within, []]);
});

test('every code that an answer names is one that hallpass gives', () => {
  const errors = [...read('../src/errors.ts').matchAll(/'([a-z]+(?:-[a-z]+)+)'/g)].map(([, code]) => code);
  const named = [...page.matchAll(/`([a-z]+(?:-[a-z]+)+)`/g)].map(([, code]) => code);
  expect(named).toContain('session-gone');
  const known = [...Object.keys(reasons), ...errors, 'user-agent'];
  expect(named.filter((code) => !known.includes(code ?? ''))).toEqual([]);
});
