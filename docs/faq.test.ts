import { readFileSync } from 'node:fs';
import { reasons } from 'hallpass';
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
  const whyNot = async (response: Response) => {
    const { hops } = traceOf(response);
    return hops[1]?.secrets[0]?.verdict.reasons.map(({ code }) => code);
  };
  const to = (location: string) => client.fetch(`${a}/redirect-to?url=${encodeURIComponent(location)}`);
  // Only one who looks like an https server can lead to http.
  const clear = createClient({
    credentials: bearer('hp-secret-t', { for: 'https://api.test' }),
    transport: async ({ url }) =>
      url.startsWith('https:')
        ? new Response(null, { status: 302, headers: { location: 'http://api.test/' } })
        : new Response('ok'),
  });
  const given = [await whyNot(await to(`${b}/headers`)), await whyNot(await clear.get('https://api.test/'))];
  const answer = answerTo('Why did my Authorization header not arrive after a redirect?');
  // Each code that a client gives, and no other.
  expect(answer.match(/\b(?:scope|credential|header)s?-[a-z-]+/g)).toEqual(given.flat());
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
