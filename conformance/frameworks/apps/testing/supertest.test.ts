import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTestClient } from 'hallpass/testing';
import request from 'supertest';
import { app } from './app.ts';

test('an agent loses Secure cookies: it speaks http, and its jar does not know that localhost is safe', async () => {
  const agent = request.agent(app);
  await agent.post('/login').expect(200);
  await agent.get('/me').expect({ user: null });
});

test('the cookie goes along by hand', async () => {
  const login = await request(app).post('/login').expect(200);
  const cookie = login.get('Set-Cookie')?.map((line) => line.split(';')[0]) ?? [];
  await request(app).get('/me').set('Cookie', cookie.join('; ')).expect({ user: 'ada' });
});

test('the test client speaks https, as the browser of a visitor', async () => {
  const visitor = createTestClient(app);
  await visitor.post('/login');
  assert.deepEqual(await visitor.get('/me').json(), { user: 'ada' });
});
