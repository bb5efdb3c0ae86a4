import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { ada, openDesk, setCookie } from '../test-desk.ts';

let desk: Awaited<ReturnType<typeof openDesk>>;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk.close());

/** A page of somebody who has just signed in, and what is sent to it. */
async function openPage() {
  const visitor = desk.visitor();
  const cookie = setCookie(await visitor.signIn(ada), '__Host-session')?.split(';')[0] ?? '';
  const response = await desk.app.request('https://testserver/events', { headers: { cookie } });
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  expect((await reader?.read())?.value).toContain('event: devices\ndata: 1');
  return {
    visitor,
    async rest() {
      let rest = '';
      for (let chunk = await reader?.read(); !chunk?.done; chunk = await reader?.read()) rest += chunk?.value;
      return rest;
    },
  };
}

test('an open page hears of its devices, and when its session is over', async () => {
  const { rest } = await openPage();
  const other = desk.visitor();
  await other.signIn(ada);
  await other.submit('/devices/sign-out-others');
  expect(await rest()).toContain('event: ended');
  await other.submit('/sign-out');
});

test('a page whose user gave the password again comes back with the new cookie: its session is not over', async () => {
  const { visitor, rest } = await openPage();
  await visitor.submit('/confirm', { back: '/devices', password: ada.password });
  expect(await rest()).not.toContain('event: ended');
  expect((await visitor.ask('/devices')).status).toBe(200);
});

test('who asks for the head alone leaves nothing that looks into the store', async () => {
  const visitor = desk.visitor();
  const cookie = setCookie(await visitor.signIn(ada), '__Host-session')?.split(';')[0] ?? '';
  const list = vi.spyOn(desk.sessions, 'list');
  const head = await desk.app.request('https://testserver/events', { method: 'HEAD', headers: { cookie } });
  expect([head.status, head.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
  expect(list).not.toHaveBeenCalled();
  list.mockRestore();
});

test('nobody else hears anything', async () => {
  expect((await desk.app.request('https://testserver/events')).status).toBe(401);
});
