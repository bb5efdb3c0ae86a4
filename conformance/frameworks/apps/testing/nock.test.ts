import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClient } from 'hallpass/client';
import nock from 'nock';

test('what nock sets as a cookie is in the jar, and goes along', async () => {
  nock('https://api.example.com').get('/login').reply(200, {}, { 'set-cookie': 'id=1; Secure; Path=/' });
  nock('https://api.example.com', { reqheaders: { cookie: 'id=1' } })
    .get('/me')
    .reply(200, { user: 'ada' });
  const client = createClient({ baseUrl: 'https://api.example.com' });
  await client.fetch('/login');
  assert.deepEqual(await (await client.fetch('/me')).json(), { user: 'ada' });
});
