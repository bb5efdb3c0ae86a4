import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ada, openDesk } from '../test-desk.ts';

let desk: Awaited<ReturnType<typeof openDesk>>;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk.close());

async function signedIn() {
  const visitor = desk.visitor();
  await visitor.signIn(ada);
  return { ...visitor, profile: async () => (await visitor.get('/profile')).text() };
}

describe('last visit', () => {
  test('is not kept where nobody agreed', async () => {
    expect(await (await signedIn()).profile()).toMatch(/Last visit<\/dt><dd>not kept/);
  });

  test('is never at first, and then the time of the visit before', async () => {
    const visitor = await signedIn();
    await visitor.submit('/consent', { answer: 'yes' });
    expect(await visitor.profile()).toMatch(/Last visit<\/dt><dd>never/);
    const first = new Date(desk.clock.now()).toISOString();
    desk.clock.advance('5m');
    expect(await visitor.profile()).toContain(`<time datetime="${first}"`);
  });

  test.each(['yesterday', '2026-13-45T99:00:00.000Z', '%3Cscript%3E', '', '%E0%A4%A'])(
    'S126: is never for the cookie value "%s"',
    async (value) => {
      const visitor = await signedIn();
      await visitor.submit('/consent', { answer: 'yes' });
      const response = await visitor.ask('/profile', { headers: { cookie: `last-visit=${value}` } });
      expect(response.status).toBe(200);
      expect(await response.text()).toMatch(/Last visit<\/dt><dd>never/);
    },
  );
});

describe('the nickname', () => {
  test('S126: is kept in the session, and escaped', async () => {
    const visitor = await signedIn();
    await visitor.submit('/profile/nickname', { nickname: '  <b>Countess</b> ' });
    expect(await visitor.profile()).toContain('Hello, &lt;b&gt;Countess&lt;/b&gt;');
    await visitor.submit('/profile/nickname', { nickname: '' });
    expect(await visitor.profile()).toContain('Hello, Ada Lovelace');
  });

  test('is cut between characters, and has none that are not seen or turn the text round', async () => {
    const visitor = await signedIn();
    await visitor.submit('/profile/nickname', { nickname: `${'a'.repeat(39)}🐎🐎` });
    expect(await visitor.profile()).toContain(`Hello, ${'a'.repeat(39)}🐎<`);
    await visitor.submit('/profile/nickname', { nickname: 'Ada\0 \u202eecalevoL' });
    expect(await visitor.profile()).toContain('Hello, Ada ecalevoL<');
  });

  test('is nothing for an anonymous visitor to set', async () => {
    expect(
      (await desk.visitor().submit('/profile/nickname', { nickname: 'x' })).headers.get('location'),
    ).toBe('/sign-in');
  });
});
