import { beforeEach, describe, expect, it } from 'vitest';
import { Browser, type Fixture, shop } from '../../tools/test/shop.ts';
import type { SessionStore } from '../store/contract.ts';
import { memoryStore } from '../store/memory/index.ts';

/** Writes that a request gave up waiting for, and that the store carries out all the same once it is told to. */
const stuck: (() => Promise<unknown>)[] = [];
let slow = false;
let fixture: Fixture;
let browser: Browser;

beforeEach(async () => {
  stuck.length = 0;
  slow = false;
  const inner = memoryStore();
  const later = <Call extends keyof SessionStore>(call: Call) =>
    ((...given: unknown[]) => {
      const run = () => Reflect.apply(inner[call] as () => Promise<unknown>, inner, given);
      if (!slow) return run();
      stuck.push(run);
      return Promise.reject(new Error('No answer.'));
    }) as unknown as SessionStore[Call];
  const store: SessionStore = {
    ...inner,
    create: later('create'),
    patch: later('patch'),
    revoke: later('revoke'),
  };
  fixture = shop({ store });
  browser = new Browser(fixture.sessions);
  await browser.visit((session) => session.set('theme', 'dark'));
});

/** A request whose write the store carries out after the 503. */
async function lands(
  handler: Parameters<Browser['visit']>[0],
  before: () => unknown = () => {},
): Promise<void> {
  slow = true;
  await expect(browser.visit(handler)).rejects.toMatchObject({ status: 503 });
  slow = false;
  await before();
  for (const run of stuck) await run();
}

describe('a write that the store carries out after the request was answered with a 503', () => {
  it('of data is there, and takes nothing back that was written meanwhile', async () => {
    await lands((session) => session.set('visits', 1));
    expect((await browser.open()).get('visits')).toBe(1);
    await lands(
      (session) => session.set('theme', 'late'),
      () => browser.visit((session) => session.set('theme', 'newer')),
    );
    expect((await browser.open()).get('theme')).toBe('newer');
  });

  it('of a login signs nobody in: its cookie was never sent, and the next login works', async () => {
    const cookie = browser.cookie;
    await lands((session) => session.login('alice'));
    expect(browser.cookie).toBe(cookie);
    expect((await browser.open()).explain()).toMatchObject({ reasons: [{ code: 'session-wrong-verifier' }] });
    await browser.visit((session) => session.login('alice'));
    expect(await browser.user()).toBe('alice');
    expect(await fixture.sessions.list('alice')).toHaveLength(2);
  });

  it('of a login is refused once the user’s sessions were ended', async () => {
    await lands(
      (session) => session.login('alice'),
      () => fixture.sessions.revokeAll('alice'),
    );
    expect(await fixture.sessions.list('alice')).toEqual([]);
  });

  it('of a rotation is made good by the next request inside the grace', async () => {
    await browser.visit((session) => session.login('alice'));
    await lands((session) => session.rotate());
    fixture.clock.advance('59s');
    expect(await browser.visit()).toHaveLength(1);
    expect(await browser.user()).toBe('alice');
  });

  it('of a logout ends the session', async () => {
    await browser.visit((session) => session.login('alice'));
    await lands((session) => session.logout());
    expect(await browser.user()).toBeUndefined();
  });
});
