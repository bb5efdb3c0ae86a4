import { beforeEach, describe, expect, it } from 'vitest';
import { describeEachList } from '../../tools/test/each-store.ts';
import { Browser, type Fixture, type SealedFixture, sealedShop, shop } from '../../tools/test/shop.ts';

let fixture: Fixture | SealedFixture;
let browser: Browser;
/** A second tab: its request left with the cookie that the browser had before. */
let tab: Browser;

async function start(made: Fixture | SealedFixture) {
  fixture = made;
  browser = new Browser(fixture.sessions);
  await browser.visit((session) => session.set('cart', ['tea']));
  tab = browser.copy();
}

const superseded = { code: 'session-gone', status: 409 };
const write = () => tab.visit((session) => session.set('theme', 'dark'));

describe.each([
  { kind: 'stored', make: () => shop(), reason: 'session-wrong-verifier', asked: ['read'] },
  { kind: 'sealed', make: () => sealedShop(), reason: 'session-revoked', asked: ['has', 'has'] },
])(
  'a request that left the browser before a login and is opened after it, $kind',
  ({ make, reason, asked }) => {
    beforeEach(async () => {
      await start(make());
      await browser.visit((session) => session.login('alice'));
      fixture.events.length = 0;
      fixture.calls.length = 0;
    });

    it('and writes is a 409: a session of its own would take the place of the login in the browser (ASVS 7.2.4)', async () => {
      await expect(write()).rejects.toMatchObject(superseded);
      expect(fixture.calls).toEqual(asked);
      expect(fixture.events).toMatchObject([
        { type: 'refused', reason },
        { type: 'gone', cause: 'superseded' },
      ]);
      expect([await browser.user(), (await browser.open()).get('theme')]).toEqual(['alice', undefined]);
    });

    it('and only reads is served as nobody, and nothing is set', async () => {
      expect(await tab.visit((session) => session.get('cart'))).toEqual([]);
      expect(await tab.user()).toBeUndefined();
    });

    it('and signs in gets a session of its own: a login is never refused for an old cookie', async () => {
      expect(await tab.visit((session) => session.login('alice'))).toHaveLength(1);
      expect([await tab.user(), await browser.user()]).toEqual(['alice', 'alice']);
    });

    it('and comes after the grace is no request under way: a restored cookie locks nobody out', async () => {
      fixture.clock.advance('59s');
      await expect(write()).rejects.toMatchObject(superseded);
      fixture.clock.advance('1s');
      expect(await write()).toHaveLength(1);
      expect((await tab.open()).get('theme')).toBe('dark');
      expect(await browser.user()).toBe('alice');
    });
  },
);

describeEachList(
  'a request that left the browser before a login of a sealed session, whatever keeps the list',
  (open) => {
    it('and writes is a 409 within the grace', async () => {
      await start(sealedShop({ sealed: { revocations: open() } }));
      await browser.visit((session) => session.login('alice'));
      await expect(write()).rejects.toMatchObject(superseded);
      fixture.clock.advance('61s');
      expect(await write()).toHaveLength(1);
      expect(await browser.user()).toBe('alice');
    });
  },
);

describe('a request with the verifier before the last two', () => {
  beforeEach(() => start(shop()));

  it('is nobody, and while the last grace lasts it writes nothing', async () => {
    await browser.visit((session) => session.rotate());
    await browser.visit((session) => session.rotate());
    expect(await tab.visit((session) => session.get('cart'))).toEqual([]);
    await expect(write()).rejects.toMatchObject(superseded);
    fixture.clock.advance('61s');
    expect(await write()).toHaveLength(1);
  });
});

describe('what no server can help, because the browser keeps the cookie that arrives last', () => {
  beforeEach(() => start(shop()));

  it('a rotation from before a login that is answered after it leaves a dead cookie: its verifier could be derived from the one before', async () => {
    const rotating = await tab.open();
    rotating.rotate();
    const late = await fixture.sessions.commit(rotating);
    await browser.visit((session) => session.login('alice'));
    const [line = ''] = late;
    browser.cookie = line.split(';')[0] ?? '';
    expect(await browser.user()).toBeUndefined();
    await browser.visit((session) => session.login('alice'));
    expect(await browser.user()).toBe('alice');
  });

  it('an answer with the verifier before the present one is made good by the next request inside the grace, and by none after it', async () => {
    await browser.visit((session) => session.login('alice'));
    await browser.visit((session) => session.rotate());
    const before = browser.cookie;
    await browser.visit((session) => session.rotate());
    const [present, lucky, unlucky] = [browser.cookie, browser.copy(), browser.copy()];
    lucky.cookie = before;
    unlucky.cookie = before;
    await lucky.visit();
    expect(lucky.cookie).toBe(present);
    fixture.clock.advance('61s');
    expect([await lucky.user(), await unlucky.user()]).toEqual(['alice', undefined]);
  });
});
