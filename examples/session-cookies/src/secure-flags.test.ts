import type { HopFacts } from 'hallpass';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readable } from '../../shared/readable.ts';
import { attributesOf, base, openSite, pairOf, type TestSite } from './test-site.ts';

let site: TestSite;
beforeAll(() => {
  site = openSite();
});
afterAll(() => site.close());

const login = '/section-4/login?username=john';

describe('§4 the flags', () => {
  test('S96 S97 S98 S99 S101 POST /login sets HttpOnly, Secure, Strict and Max-Age, and stays with its host', async () => {
    const visitor = site.visitor();
    const response = await visitor.post(login);
    expect(await response.json()).toEqual({ status: 'logged in' });
    expect(attributesOf(response, 'session_token')).toEqual([
      'HttpOnly',
      'Max-Age=86400',
      'Path=/',
      'SameSite=Strict',
      'Secure',
    ]);
    expect(visitor.jar?.get('session_token')).toMatchObject({ hostOnly: true, domain: 'testserver' });
  });

  test('S96 a script of the page does not see it', async () => {
    const visitor = site.visitor();
    await visitor.post(login);
    const script: HopFacts = {
      url: new URL(base),
      method: 'GET',
      initiator: { page: new URL(base) },
      script: true,
      time: site.clock.now(),
    };
    expect(visitor.jar?.header(base, script)).toBe('');
    expect(visitor.jar?.header(base, { ...script, script: false })).toContain('session_token=');
  });

  test('S97 plain http does not get it', async () => {
    const visitor = site.visitor();
    await visitor.post(login);
    expect(visitor.jar?.header('http://testserver/')).toBe('');
    expect(visitor.jar?.header(base)).not.toBe('');
  });

  test('S98 the page of another site does not send it, and a page of the site does', async () => {
    const visitor = site.visitor();
    await visitor.post(login);
    const { jar } = visitor;
    const foreign = site.visitor({ jar: jar ?? false, initiator: { page: 'https://elsewhere.example/' } });
    expect(await (await foreign.get(`${base}/section-4/whoami`)).json()).toEqual({ user: null });
    expect(await (await visitor.get('/section-4/whoami')).json()).toEqual({ user: 'john' });
  });

  test('S100 F33 with a Domain it reaches every host below: opt-in, because it widens', async () => {
    const wide = openSite({ cookieDomain: 'example.com', origins: ['https://api.example.com'] });
    const visitor = wide.visitor({ baseUrl: 'https://api.example.com' });
    const response = await visitor.post(login);
    expect(attributesOf(response, 'session_token')).toContain('Domain=example.com');
    expect(visitor.jar?.header('https://frontend.example.com/')).toContain('session_token=');
    await wide.close();
  });

  test("S101 a Domain that is not the host's is refused by browsers", async () => {
    const foreign = openSite({ cookieDomain: 'example.com' });
    const visitor = foreign.visitor();
    await visitor.post(login);
    expect(visitor.jar?.size).toBe(0);
    await foreign.close();
  });
});

describe('§4 the value', () => {
  test('S102 S110 S125 is encrypted: nobody reads a name in it', async () => {
    const pair = pairOf(await site.visitor().post(login), 'session_token');
    expect(readable(pair)).not.toContain('john');
    expect(pairOf(await site.visitor().post(login), 'session_token')).not.toBe(pair);
  });

  test('S111 S126 a changed one is nobody, and never a 500', async () => {
    const pair = pairOf(await site.visitor().post(login), 'session_token');
    const who = async (cookie: string) => {
      const response = await site.ask('/section-4/whoami', { cookie });
      expect(response.status).toBe(200);
      return (await response.json()).user;
    };
    expect(await who(pair)).toBe('john');
    for (const changed of [
      `${pair}x`,
      pair.slice(0, -2),
      'session_token=',
      'session_token=e30.e30',
      pair.replace(/.$/, '"'),
    ]) {
      expect(await who(changed)).toBeNull();
    }
  });

  test('S113 is worth nothing after its day: the server counts too', async () => {
    const cookie = pairOf(await site.visitor().post(login), 'session_token');
    const who = async () => (await (await site.ask('/section-4/whoami', { cookie })).json()).user;
    site.clock.advance('23h');
    expect(await who()).toBe('john');
    site.clock.advance('61m');
    expect(await who()).toBeNull();
  });
});
