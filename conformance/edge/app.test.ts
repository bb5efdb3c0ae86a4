import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EdgeRuntime, startEdge } from './edge-runtime.ts';

let edge: EdgeRuntime;
beforeAll(async () => {
  edge = await startEdge('app.ts');
}, 120_000);
afterAll(() => edge?.[Symbol.asyncDispose]());

describe('an application in workerd whose sessions are in Durable Objects', () => {
  const ask = async (path: string, cookie = '') => {
    const response = await edge.fetch(path, { headers: { cookie } });
    const [line = ''] = response.headers.getSetCookie();
    return { user: await response.json(), cookie: line.split(';')[0] ?? '' };
  };

  it('refuses a session at the next request after it was revoked, and after a logout', async () => {
    const [phone, desktop] = [await ask('/login'), await ask('/login')];
    expect((await ask('/', phone.cookie)).user).toBe('ada');
    await ask('/logout', phone.cookie);
    expect((await ask('/', phone.cookie)).user).toBeNull();
    expect((await ask('/', desktop.cookie)).user).toBe('ada');
    expect((await ask('/revoke')).user).toBe(1);
    expect((await ask('/', desktop.cookie)).user).toBeNull();
  });
});
