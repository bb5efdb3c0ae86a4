import { expect, it } from 'vitest';
import { CookieJar } from '../jar/index.ts';
import { bearer, createClient } from './slim.ts';

const url = 'https://api.example.com/';

/** Answers with the Cookie header that came, and sets a cookie. */
async function transport({ headers }: { headers: Headers }): Promise<Response> {
  return new Response(headers.get('cookie') ?? 'none', { headers: { 'set-cookie': 'id=7; Path=/' } });
}

it('keeps no cookie, and says how to get a jar', async () => {
  const client = createClient({ transport });
  await client.get(url);
  expect(await client.get(url).text()).toBe('none');
  expect(() => client.jar).toThrow(/jar: new CookieJar\(\)/);
});

it('takes a jar, and the clients that it makes share it', async () => {
  const jar = new CookieJar();
  const client = createClient({ transport, jar }).with({ headers: { 'x-part': '1' } });
  await client.get(url);
  expect(await client.get(url).text()).toBe('id=7');
  expect(client.jar).toBe(jar);
});

it('refuses a scope over a top-level domain, and keeps a credential within its own', async () => {
  expect(() => createClient({ credentials: bearer('t', { for: 'https://*.com' }) })).toThrow(/public suffix/);
  const client = createClient({
    credentials: bearer('t', { for: url }),
    transport: async ({ headers }) => new Response(headers.get('authorization') ?? 'none'),
  });
  expect(await client.get(url).text()).toBe('Bearer t');
  expect(await client.get('https://example.com/').text()).toBe('none');
});
