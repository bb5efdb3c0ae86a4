import { afterEach, beforeEach, expect, test } from 'vitest';
import { ada, grace, openDesk } from '../test-desk.ts';

let desk: Awaited<ReturnType<typeof openDesk>>;
beforeEach(async () => {
  desk = await openDesk();
});
afterEach(() => desk.close());

const laptop = 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0';
const phone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Version/18.5 Mobile/15E148 Safari/604.1';

async function device(userAgent: string, user: { id: string; password: string } = ada) {
  const visitor = desk.visitor(userAgent);
  await visitor.signIn(user);
  return { ...visitor, page: async () => (await visitor.get('/devices')).text() };
}

/** The id in the form beside this device's name. */
function idOf(page: string, name: string): string {
  const line = page.split('<li>').find((item) => item.includes(name));
  return /name="id" value="([^"]+)"/.exec(line ?? '')?.[1] ?? '';
}

const isSignedIn = async (visitor: { ask(path: string): Promise<Response> }) =>
  (await visitor.ask('/profile')).status === 200;

test('every device is listed, and this one is marked', async () => {
  const here = await device(laptop);
  const there = await device(phone);
  const page = await here.page();
  expect(page).toMatch(/Firefox on Linux<\/strong>\s*<span class="tag">this device/);
  expect(page).toMatch(/Safari on iPhone<\/strong>\s*<p/);
  await here.submit('/devices/sign-out-others');
  expect(await isSignedIn(there)).toBe(false);
});

test('one device can be signed out from another', async () => {
  const here = await device(laptop);
  const there = await device(phone);
  await here.submit('/devices/sign-out', { id: idOf(await here.page(), 'Safari on iPhone') });
  expect(await isSignedIn(there)).toBe(false);
  const page = await here.page();
  expect(page).toContain('That device is signed out.');
  expect(page).not.toContain('iPhone');
  expect(await here.page()).not.toContain('That device is signed out.');
});

test('signing out this device leads to the form', async () => {
  const here = await device(laptop);
  const response = await here.submit('/devices/sign-out', {
    id: idOf(await here.page(), '>this device<'),
  });
  expect(response.headers.get('location')).toBe('/sign-in?signed-out=1');
  expect(await isSignedIn(here)).toBe(false);
});

test('"sign out everywhere else" leaves this device and other people alone', async () => {
  const here = await device(laptop);
  const others = [await device(phone), await device(phone)];
  const stranger = await device(phone, grace);
  await here.submit('/devices/sign-out-others');
  expect(await here.page()).toContain('2 other devices are signed out.');
  for (const other of others) expect(await isSignedIn(other)).toBe(false);
  expect(await isSignedIn(here)).toBe(true);
  expect(await isSignedIn(stranger)).toBe(true);
});

test("nobody can sign out another user's device", async () => {
  const victim = await device(laptop, grace);
  const attacker = await device(phone, ada);
  await attacker.submit('/devices/sign-out', { id: idOf(await victim.page(), '>this device<') });
  expect(await isSignedIn(victim)).toBe(true);
});

test('who signed in long ago sees the devices, ends this one, and says who it is before another one ends', async () => {
  const here = await device(laptop);
  desk.clock.advance('6m');
  const there = await device(phone);
  const page = await here.page();
  const other = idOf(page, 'Safari on iPhone');
  for (const [path, fields] of [
    ['/devices/sign-out', { id: other }],
    ['/devices/sign-out-others', {}],
  ] as const) {
    const asked = await here.submit(path, fields);
    expect([asked.status, asked.headers.get('location')]).toEqual([303, '/confirm?back=/devices']);
    expect(await isSignedIn(there)).toBe(true);
  }
  expect(page).toContain('asks for your password first');
  const confirmed = await here.submit('/confirm', { back: '/devices', password: ada.password });
  expect(confirmed.headers.get('location')).toBe('/devices');
  expect(await here.page()).not.toContain('asks for your password first');
  await here.submit('/devices/sign-out', { id: other });
  expect(await isSignedIn(there)).toBe(false);
  desk.clock.advance('6m');
  const left = await here.submit('/devices/sign-out', { id: idOf(await here.page(), '>this device<') });
  expect(left.headers.get('location')).toBe('/sign-in?signed-out=1');
});
