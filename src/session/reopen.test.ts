import { describe, expect, it } from 'vitest';
import { Browser, sealedShop, shop, signedIn } from '../../tools/test/shop.ts';
import { hostSessions } from '../cookie/host-sessions.ts';
import { pipeline } from '../server/index.ts';

describe('a quiet request of a sealed session', () => {
  it('renews nothing', async () => {
    const { browser, clock } = await signedIn(sealedShop({ idle: '10m' }));
    for (let minute = 0; minute < 9; minute += 3) {
      clock.advance('3m');
      expect(await browser.visit((session) => session.quiet())).toEqual([]);
      await browser.visit((session) => {
        session.quiet();
        session.set('visits', minute);
      });
    }
    expect(await browser.user()).toBe('alice');
    clock.advance('1m');
    expect(await browser.user()).toBeUndefined();
  });
});

describe('what a part of the library keeps in a session', () => {
  const strict = {
    '~standard': {
      version: 1 as const,
      vendor: 'test',
      validate: (value: unknown) =>
        Object.keys(value as object).every((key) => key === 'theme')
          ? { value: value as never }
          : { issues: [{ message: 'no' }] },
    },
  };

  it('gives its reserved values to no handler, by its class neither', async () => {
    const type: object = (await shop().sessions.open(null)).constructor;
    const members = Object.getOwnPropertyNames(type).map((name) => Reflect.get(type, name));
    expect(members.filter((member) => typeof member === 'function')).toEqual([]);
  });

  it('is seen by no schema, no data and no log, and survives a login of the same user', async () => {
    const { sessions } = shop({ schema: strict });
    const host = hostSessions(sessions);
    const browser = new Browser(sessions);
    await browser.visit((session) => {
      session.login('alice');
      session.set('theme', 'dark');
      host.reserved(session, 'part').set('token', 'secret');
    });
    const session = await browser.open();
    expect([session.data, Object.keys(session.data)]).toEqual([{ theme: 'dark' }, ['theme']]);
    expect(JSON.stringify(session)).not.toContain('token');
    const part = host.reserved(session, 'part');
    expect([part.get('token'), host.reserved(session, 'other').get('token')]).toEqual(['secret', undefined]);
    expect(() => session.get('~part.token' as never)).toThrow(TypeError);
    session.login('alice');
    await browser.receive(session);
    expect(host.reserved(await browser.open(), 'part').get('token')).toBe('secret');
  });

  it('never goes on in another session', async () => {
    const { sessions } = shop();
    const browser = new Browser(sessions);
    await browser.visit((session) => session.login('alice'));
    const session = await browser.open();
    hostSessions(sessions).reserved(session, 'part').set('token', 'secret');
    session.login('alice');
    await sessions.revokeAll('alice');
    await browser.receive(session).catch(() => {});
    const next = await sessions.open(null);
    next.login('alice');
    expect(hostSessions(sessions).reserved(next, 'part').get('token')).toBeUndefined();
  });

  it('two that update it at once lose nothing', async () => {
    const { sessions } = shop({ conflicts: { theme: 'reject' } });
    const browser = new Browser(sessions);
    await browser.visit((session) => session.login('alice'));
    const opened = await Promise.all([browser.open(), browser.open()]);
    for (const session of opened)
      hostSessions(sessions)
        .reserved(session, 'part')
        .update('n', (n) => Number(n ?? 0) + 1);
    await Promise.all(opened.map((session) => sessions.commit(session)));
    expect(
      hostSessions(sessions)
        .reserved(await browser.open(), 'part')
        .get('n'),
    ).toBe(2);
  });

  it('may send a header with the answer that the session is committed with, and with no other', async () => {
    const { sessions } = shop();
    const pass = pipeline({ sessions, origins: ['https://app.test'] });
    const handler = pass(async (request, context) => {
      const session = await context.session();
      session.login('alice');
      hostSessions(sessions).reserved(session, 'part').send('x-registration', 'offer');
      return new Response(null, { status: request.url.endsWith('/fails') ? 500 : 204 });
    });
    const answer = await handler(new Request('https://app.test/'));
    expect(answer.headers.get('x-registration')).toBe('offer');
    expect(answer.headers.getSetCookie()).toHaveLength(1);
    const failed = await handler(new Request('https://app.test/fails'));
    expect(failed.headers.get('x-registration')).toBeNull();
    const session = await sessions.open(null);
    session.login('alice');
    hostSessions(sessions).reserved(session, 'part').send('x-registration', 'offer');
    const response = await sessions.commit(session, new Response());
    expect(response.headers.get('x-registration')).toBe('offer');
  });
});
