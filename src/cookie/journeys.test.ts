import { describe, expect, it } from 'vitest';
import type { SetCookie } from '../scope/cookie-facts.ts';
import { type JourneyName, type JourneyOptions, journeys } from './journeys.ts';
import { parseSetCookie } from './set-cookie.ts';

const cookie: SetCookie = {
  name: '__Host-session',
  value: 'v',
  path: '/',
  secure: true,
  httpOnly: true,
  sameSite: 'lax',
};

/** `sent`, or the codes that speak against it. */
function walk(change: Partial<SetCookie>, options?: JourneyOptions) {
  const walked = journeys({ ...cookie, ...change }, options);
  return Object.fromEntries(
    walked.map(({ journey, stored, sent }) => {
      const codes = sent.reasons.map(({ code }) => code).join(' ');
      return [journey, sent.allowed ? 'sent' : `${stored.allowed ? 'withheld' : 'refused'}: ${codes}`];
    }),
  ) as Partial<Record<JourneyName, string>>;
}

describe('journeys', () => {
  it('S56, S98, S101: of a __Host- session cookie', () => {
    expect(walk({})).toEqual({
      'first-visit': 'sent',
      'page-script': 'withheld: hidden-from-script',
      'same-site-link': 'sent',
      'cross-site-link': 'sent',
      'cross-site-post': 'withheld: same-site-lax',
      'cross-site-iframe': 'refused: same-site-from-cross-site',
      'cross-site-ancestor': 'withheld: same-site-lax',
      subdomain: 'withheld: other-host',
      'sibling-plants': 'refused: prefix-host',
      'other-port': 'sent',
      'http-downgrade': 'withheld: needs-https',
      'safari-localhost': 'refused: secure-from-insecure',
    });
  });

  it('of a cookie without any attribute', () => {
    const { name, value } = { ...cookie, name: 'theme' };
    const bare = { name, value, path: undefined, secure: false, httpOnly: false, sameSite: undefined };
    expect(walk(bare, { url: 'https://shop.example.com/a/b' })).toEqual({
      'first-visit': 'sent',
      'page-script': 'sent',
      'same-site-link': 'sent',
      'cross-site-link': 'sent',
      'cross-site-post': 'withheld: same-site-lax',
      'cross-site-iframe': 'refused: same-site-from-cross-site',
      'cross-site-ancestor': 'withheld: same-site-lax',
      subdomain: 'withheld: other-host',
      'sibling-plants': 'sent',
      'other-port': 'sent',
      'http-downgrade': 'sent',
      'safari-localhost': 'sent',
    });
  });

  it.each<[string, Partial<SetCookie>, JourneyName, string]>([
    [
      'S98: Strict stays off a cross-site link',
      { sameSite: 'strict' },
      'cross-site-link',
      'same-site-strict',
    ],
    ['S98: Strict comes along on a same-site link', { sameSite: 'strict' }, 'same-site-link', 'sent'],
    ['S132: None reaches the iframe of another site', { sameSite: 'none' }, 'cross-site-iframe', 'sent'],
    [
      'Partitioned comes back where it was set',
      { sameSite: 'none', partitioned: true },
      'cross-site-iframe',
      'sent',
    ],
    [
      'Partitioned keeps what the site itself set off other sites',
      { sameSite: 'none', partitioned: true },
      'cross-site-post',
      'sent',
    ],
    ['S100: Domain reaches the hosts below', { name: 'a', domain: 'example.com' }, 'subdomain', 'sent'],
    ['S101: host-only stays off them', { name: 'a' }, 'subdomain', 'other-host'],
    ['a deletion is stored and never sent', { maxAge: 0 }, 'first-visit', 'cookie-expired'],
    ['S97: Secure stays off plain http', { name: 'a' }, 'http-downgrade', 'needs-https'],
    ['what is refused is sent nowhere', { secure: false }, 'other-port', 'prefix-host'],
  ])('%s', (_, change, journey, outcome) => {
    expect(walk(change)[journey]).toContain(outcome);
  });

  it('has no siblings and nothing below for an IP address', () => {
    const walked = walk({}, { url: 'https://192.0.2.1:8443/' });
    expect(walked).not.toHaveProperty('sibling-plants');
    expect(walked).not.toHaveProperty('subdomain');
    expect(walked['other-port']).toBe('sent');
  });

  it('knows the siblings of a site by the list that it is given', () => {
    const suffixes = { registrableDomain: (host: string) => host.match(/[^.]+\.co\.uk$/)?.[0] };
    const plant = (url: string) => walk({ name: 'a' }, { url, suffixes })['sibling-plants'];
    expect(plant('https://shop.example.co.uk/')).toBe('sent');
    expect(plant('https://sibling.example.co.uk/')).toBe('sent');
    expect(plant('https://co.uk/')).toBeUndefined();
  });

  it('judges an Expires by the time that it is given, and without one as just ahead', () => {
    const expires = new Date('2026-01-01');
    expect(walk({ expires })['first-visit']).toBe('sent');
    expect(walk({ expires }, { time: expires.getTime() })['first-visit']).toContain('cookie-expired');
    expect(walk({ expires: new Date(0) })['first-visit']).toContain('cookie-expired');
  });

  it('treats localhost as secure everywhere but in Safari', () => {
    const walked = walk({}, { url: 'http://localhost:3000/' });
    expect(walked['first-visit']).toBe('sent');
    expect(walked['safari-localhost']).toContain('secure-from-insecure');
  });

  it('takes a path as it is, and no query', () => {
    expect(walk({ name: 'a', path: '/app' }, { url: 'https://a.example.com/login?x=1' })['first-visit']).toBe(
      'sent',
    );
    expect(walk({ name: 'a', path: '//evil.test' })['first-visit']).toBe('sent');
  });
});

it.each<[string, Partial<SetCookie>, string]>([
  ['a Strict cookie', { sameSite: 'strict' }, 'withheld: same-site-strict'],
  ['a cookie for everywhere', { sameSite: 'none' }, 'sent'],
  ['a Partitioned cookie', { sameSite: 'none', partitioned: true }, 'withheld: other-partition'],
])('%s, asked for through an iframe of another site', (_, change, expected) => {
  expect(walk(change)['cross-site-ancestor']).toBe(expected);
});

describe('an engine has answers of its own', () => {
  const sent = (line: string, engine: JourneyOptions['engine'], name: string) =>
    journeys(parseSetCookie(line)!, { engine, url: 'https://shop.example.com/' }).find(
      ({ journey }) => journey === name,
    )?.sent.allowed;

  it.each([
    [undefined, false],
    ['chromium', false],
    ['firefox', true],
    ['webkit', true],
  ] as const)('a cookie without SameSite inside an iframe of another site, in %s: %s', (engine, is) => {
    expect(sent('a=1; Secure', engine, 'cross-site-ancestor')).toBe(is);
  });

  it.each([
    [undefined, false],
    ['chromium', true],
  ] as const)('a new one with a form of another site, in %s: %s', (engine, is) => {
    expect(sent('a=1; Secure', engine, 'cross-site-post')).toBe(is);
  });

  it('refuses an engine that it does not know', () => {
    const options = { engine: 'trident' } as unknown as JourneyOptions;
    expect(() => journeys(parseSetCookie('a=1')!, options)).toThrow(TypeError);
  });
});
