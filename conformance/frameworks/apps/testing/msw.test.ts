import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { bearer, createClient, traceOf } from 'hallpass/client';
import { HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';

const server = setupServer(
  http.get('https://api.example.com/old', () => HttpResponse.redirect('https://cdn.example.net/new', 302)),
  http.get('https://cdn.example.net/new', ({ request }) =>
    HttpResponse.json({ authorization: request.headers.get('authorization') }),
  ),
);
before(() => server.listen());
after(() => server.close());

test('each hop of a redirect is a request of its own to msw', async () => {
  const client = createClient({ baseUrl: 'https://api.example.com', credentials: bearer('secret') });
  const response = await client.fetch('/old');
  assert.deepEqual(await response.json(), { authorization: null });
  assert.equal(traceOf(response)?.hops.length, 2);
});
