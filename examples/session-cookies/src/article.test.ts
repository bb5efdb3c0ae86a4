import { generateKey, keyRing } from 'hallpass/seal';
import { memoryRevocations, memoryStore } from 'hallpass/stores/memory';
import { createTestClient } from 'hallpass/testing';
import { expect, test } from 'vitest';
import { createApp } from './app.ts';
import { createSite } from './site.ts';

// The article's tests/test_cookies.py, line by line. `client.cookies` is `client.jar`, and its set is a call.

const app = createApp(
  createSite({
    keys: keyRing(generateKey()),
    revocations: memoryRevocations(),
    store: memoryStore(),
    origins: ['https://testserver'],
  }),
);
const client = createTestClient(app);

test('S117 F29 test_set_cookie', async () => {
  const response = await client.get('/set-cookie');
  expect(response.status).toBe(200);
  expect(client.jar?.get('user_id')).toBeDefined();
});

test('S118 F29 test_cookie_roundtrip', async () => {
  // Set cookie
  await client.get('/set-cookie');

  // Verify cookie is sent in next request
  const response = await client.get('/get-cookie');
  expect((await response.json()).user_id).toBe('12345');
});

test('S119 F29 test_session', async () => {
  // Login (sets session)
  await client.post('/login?username=john');

  // Verify session is available
  let response = await client.get('/profile');
  expect((await response.json()).user).toBe('john');

  // Logout
  await client.post('/logout');

  // Verify session is cleared
  response = await client.get('/profile');
  expect(await response.json()).toHaveProperty('error');
});

test('S120 client.jar.clear() ends what one test leaves to the next', async () => {
  await client.get('/set-cookie');
  await client.post('/login?username=john');
  client.jar?.clear();
  expect(await (await client.get('/get-cookie')).json()).toEqual({ user_id: null });
  expect(await (await client.get('/profile')).json()).toEqual({ error: 'Not logged in' });
});

test('S119 S107 K7 over plain http the session cookie is really withheld', async () => {
  const plain = createTestClient(app, { baseUrl: 'http://testserver' });
  const response = await plain.post('/login?username=john', { headers: { origin: 'https://testserver' } });
  expect(response.headers.getSetCookie().join()).toContain('; Secure');
  expect(plain.jar?.size).toBe(0);
  expect(await (await plain.get('/profile')).json()).toEqual({ error: 'Not logged in' });
});
