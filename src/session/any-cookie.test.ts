import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { Browser, type Fixture, shop } from '../../tools/test/shop.ts';

const name = '__Host-session';
let fixture: Fixture;
let alice: string;
let bob: string;

beforeEach(async () => {
  fixture = shop();
  const cookieValueOf = async (user: string) => {
    const browser = new Browser(fixture.sessions);
    await browser.visit((session) => {
      session.login(user);
      session.set('cart', ['tea']);
    });
    return browser.cookie.slice(name.length + 1);
  };
  alice = await cookieValueOf('alice');
  bob = await cookieValueOf('bob');
});

/** The visitor is anonymous, nothing was written and nothing is set; the store was asked once at most. */
async function expectAnonymous(header: string): Promise<void> {
  const { sessions, calls } = fixture;
  calls.length = 0;
  const session = await sessions.open(header);
  expect([session.user, session.isNew, session.id, session.get('cart')]).toEqual([
    undefined,
    true,
    '',
    undefined,
  ]);
  expect(session.explain().allowed).toBe(false);
  expect(await sessions.commit(session)).toEqual([]);
  expect(calls.filter((call) => call !== 'read')).toEqual([]);
  expect(calls.length).toBeLessThan(2);
}

const flipped = (text: string, at: number, bit: number) =>
  text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ (1 << bit)) + text.slice(at + 1);

describe('any cookie value is an anonymous visitor: no exception, no write, no Set-Cookie (S111)', () => {
  it('random bytes', () =>
    fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), (value) => expectAnonymous(`${name}=${value}`)),
    ));

  it('a whole header of random text', () =>
    fc.assert(fc.asyncProperty(fc.string({ unit: 'grapheme' }), expectAnonymous)));

  it('something of the right form', () =>
    fc.assert(
      fc.asyncProperty(fc.stringMatching(/^[\w-]{22}\.[\w-]{43}$/), (value) =>
        expectAnonymous(`${name}=${value}`),
      ),
    ));

  it('a value that was cut, at either end', async () => {
    for (let at = 0; at < alice.length; at += 1) {
      await expectAnonymous(`${name}=${alice.slice(0, at)}`);
      await expectAnonymous(`${name}=${alice.slice(at + 1)}`);
    }
  });

  it('a value with any bit flipped', async () => {
    for (let at = 0; at < alice.length; at += 1) {
      for (let bit = 0; bit < 7; bit += 1) {
        const value = flipped(alice, at, bit);
        // A value cannot hold a semicolon, and blanks round it are not part of it (rfc6265bis §5.6).
        if (/^[^;]*$/.test(value) && value.trim() === value) await expectAnonymous(`${name}=${value}`);
      }
    }
  });

  it('a value doubled, padded, quoted, encoded or joined', async () => {
    const changes = [
      alice + alice,
      `${alice}.${alice}`,
      `${alice},${bob}`,
      `"${alice}"`,
      `${alice}=`,
      `${alice}%00`,
    ];
    for (const value of [...changes, alice.replace('.', '%2E'), alice.toUpperCase(), `${alice} ${alice}`]) {
      await expectAnonymous(`${name}=${value}`);
    }
  });

  it('halves of two sessions', async () => {
    const [[one = '', secret = ''], [other = '', otherSecret = '']] = [alice.split('.'), bob.split('.')];
    for (const value of [`${one}.${otherSecret}`, `${other}.${secret}`, `${secret.slice(0, 22)}.${secret}`]) {
      await expectAnonymous(`${name}=${value}`);
    }
  });

  it('the right value under another name', async () => {
    for (const other of ['session', '__host-session', '__Host-session2', 'x__Host-session', '']) {
      await expectAnonymous(`${other}=${alice}`);
    }
  });

  it('a value of great length', async () => {
    await expectAnonymous(`${name}=${'A'.repeat(1_000_000)}`);
  });

  it('and afterwards both sessions are as they were', async () => {
    await expectAnonymous(`${name}=${flipped(alice, alice.length - 1, 0)}`);
    for (const [value, user] of [
      [alice, 'alice'],
      [bob, 'bob'],
    ]) {
      expect(await new Browser(fixture.sessions, `${name}=${value}`).user()).toBe(user);
    }
  });
});

describe('several session cookies', () => {
  it('the first one counts, and that is an event (X6)', async () => {
    const { sessions, events } = fixture;
    events.length = 0;
    const session = await sessions.open(`a=1; ${name}=${alice}; ${name}=${bob}`);
    expect(session.user).toBe('alice');
    expect(session.explain()).toMatchObject({ allowed: true, warnings: [{ code: 'duplicate-cookie' }] });
    expect(events).toMatchObject([{ type: 'duplicate-cookie', name, count: 2 }]);
    expect(await new Browser(sessions, `${name}=tossed; ${name}=${alice}`).user()).toBeUndefined();
  });

  it('that a proxy joined by commas stay one value, which opens nothing: that is an event too (X6)', async () => {
    const { sessions, events } = fixture;
    for (const header of [`${name}=${alice}, theme=dark`, `theme=dark, ${name}=${alice}`]) {
      events.length = 0;
      const session = await sessions.open(`a=1; ${header}`);
      expect(session.user).toBeUndefined();
      expect(session.explain()).toMatchObject({
        allowed: false,
        warnings: [{ code: 'comma-joined-cookie' }],
      });
      expect(events).toContainEqual(expect.objectContaining({ type: 'comma-joined-cookie', name }));
      expect(JSON.stringify([events, session.explain()])).not.toContain(alice.slice(23));
    }
    events.length = 0;
    const session = await sessions.open(`list=a, b=1; ${name}=${alice}; other=1, 2`);
    expect([session.user, session.explain().warnings, events]).toEqual(['alice', [], []]);
  });

  it('a name that only looks alike is none', async () => {
    const { sessions, events } = fixture;
    events.length = 0;
    const session = await sessions.open(`x${name}=1; ${name}=${alice}; y=${name}`);
    expect([session.user, session.explain().warnings, events]).toEqual(['alice', [], []]);
  });
});

describe('explain says why a visitor is anonymous', () => {
  it.each([
    ['session-no-cookie', () => ''],
    ['session-malformed', () => `${name}=nonsense`],
    ['session-unknown', () => `${name}=${'A'.repeat(22)}.${'A'.repeat(43)}`],
    ['session-wrong-verifier', () => `${name}=${alice.slice(0, 23)}${'A'.repeat(43)}`],
  ])('%s', async (code, header) => {
    const { sessions, events } = fixture;
    events.length = 0;
    const session = await sessions.open(header());
    expect(session.explain()).toMatchObject({ allowed: false, reasons: [{ code }] });
    const refusals = code === 'session-no-cookie' ? [] : [{ type: 'refused', reason: code }];
    expect(events).toMatchObject(refusals);
  });
});
