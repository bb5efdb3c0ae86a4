import { fetchTransport } from 'hallpass/client';
import { undiciTransport } from 'hallpass/client/undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ada, openDesk } from '../test-desk.ts';

const desks: Awaited<ReturnType<typeof openDesk>>[] = [];
async function open(overrides: Parameters<typeof openDesk>[0]) {
  const desk = await openDesk(overrides);
  desks.push(desk);
  const visitor = desk.visitor();
  await visitor.signIn(ada);
  return { desk, ask: (url: string) => visitor.ask(`/trace/own?${new URLSearchParams({ url })}`), visitor };
}
afterAll(() => Promise.all(desks.map((desk) => desk.close())));

describe('a trace of an address of the visitor', () => {
  let allowed: Awaited<ReturnType<typeof open>>;
  let target: string;
  beforeAll(async () => {
    allowed = await open({ ownTransport: fetchTransport });
    const { a, b } = allowed.desk.origins;
    target = `${a}/redirect-to?${new URLSearchParams({ url: `${b}/headers` })}`;
  });

  test('shows each hop', async () => {
    const page = await (await allowed.ask(target)).text();
    expect(page.match(/<section class="hop/g)).toHaveLength(2);
    expect(page).toContain('200 OK</strong> is the answer');
  });

  test.each(['example.com', 'file:///etc/passwd', 'https://ada:secret@example.com/', ''])(
    '"%s" is a 422, and nothing is asked',
    async (url) => {
      expect((await allowed.ask(url)).status).toBe(422);
    },
  );

  test('is slowed down', async () => {
    for (let count = 0; count < 10; count += 1) await allowed.ask(target);
    expect((await allowed.ask(target)).status).toBe(429);
  });

  test('is for users only', async () => {
    const response = await allowed.desk.visitor().ask('/trace/own');
    expect([response.status, response.headers.get('location')]).toEqual([
      303,
      '/sign-in?back=%2Ftrace%2Fown',
    ]);
  });
});

test('no address inside is reached: the page says the same as of one that there is not', async () => {
  const guarded = await open({ ownTransport: undiciTransport({ guard: true }) });
  const page = async ({ ask }: typeof guarded, url: string) =>
    (await (await ask(url)).text())
      .replaceAll(new URL(url).origin, 'ORIGIN')
      .replaceAll(encodeURIComponent(new URL(url).origin), 'ORIGIN')
      .replace(/csrf_token" value="[^"]*/g, '');
  const inside = await page(guarded, `${guarded.desk.origins.a}/headers`);
  expect(inside).toContain('Nothing was reached');
  expect(inside).not.toContain('is the answer');
  const unguarded = await open({ ownTransport: fetchTransport });
  expect(await page(unguarded, 'http://127.0.0.1:9/headers')).toBe(inside);
});

test('there is no such page where the operator has not allowed it', async () => {
  const { visitor } = await open({});
  expect((await visitor.ask('/trace/own')).status).toBe(404);
  expect(await (await visitor.get('/trace')).text()).not.toContain('/trace/own');
});
