import { expect } from 'vitest';
import type { SessionStore } from '../../src/store/contract.ts';
import { Browser, shop } from './shop.ts';

/** Two devices of one user over a store: cart, login, rotation, device list, logout from outside and by hand, sweep. */
export async function liveSessionLife(store: SessionStore): Promise<void> {
  const { sessions, clock } = shop({ store });
  const [browser, phone] = [new Browser(sessions), new Browser(sessions)];
  await browser.visit((session) => session.set('cart', ['tea']));
  await browser.visit((session) => session.login('alice', { externalId: 'idp-1' }));
  await phone.visit((session) => session.login('alice'));
  const thief = browser.copy();
  await browser.visit((session) => session.rotate());
  clock.advance('2m');
  expect([await browser.user(), await thief.user()]).toEqual(['alice', undefined]);
  expect((await browser.open()).data).toEqual({ cart: ['tea'] });
  expect(await sessions.list('alice')).toHaveLength(2);
  expect(await sessions.revokeByExternalId('idp-1')).toBe(1);
  expect([await browser.user(), await phone.user()]).toEqual([undefined, 'alice']);
  await phone.visit((session) => session.logout());
  expect(await sessions.list('alice')).toEqual([]);
  clock.advance('1d');
  expect(await sessions.sweep()).toBeGreaterThanOrEqual(2);
}
