import { afterAll, beforeAll, expect, test } from 'vitest';
import { ada, openDesk, setCookie } from '../test-desk.ts';

let desk: Awaited<ReturnType<typeof openDesk>>;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk.close());

test('an open page hears of its devices, and when its session is over', async () => {
  const cookie = setCookie(await desk.visitor().signIn(ada), '__Host-session')?.split(';')[0] ?? '';
  const response = await desk.app.request('https://testserver/events', { headers: { cookie } });
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  expect((await reader?.read())?.value).toContain('event: devices\ndata: 1');

  const other = desk.visitor();
  await other.signIn(ada);
  await other.submit('/devices/sign-out-others');
  let rest = '';
  for (let chunk = await reader?.read(); !chunk?.done; chunk = await reader?.read()) rest += chunk?.value;
  expect(rest).toContain('event: ended');
});

test('nobody else hears anything', async () => {
  expect((await desk.app.request('https://testserver/events')).status).toBe(401);
});
