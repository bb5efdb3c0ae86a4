import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { request } from 'playwright-core';
import { app } from './app.ts';

test('the request context of Playwright sends Secure cookies to localhost, as its browsers do', async () => {
  const server = app.listen(0, 'localhost');
  await once(server, 'listening');
  const baseURL = `http://localhost:${(server.address() as AddressInfo).port}`;
  const context = await request.newContext({ baseURL });
  await context.post('/login');
  assert.deepEqual(await (await context.get('/me')).json(), { user: 'ada' });
  await context.dispose();
  server.close();
});
