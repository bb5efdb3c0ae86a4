import { describe, expect, it } from 'vitest';
import { anyScope, compileScope } from '../../scope/scope.ts';
import { isRedirect, onward } from './redirect.ts';

type Redirected = Parameters<typeof onward>[0];

const from = (change: Partial<Redirected> = {}): Redirected => ({
  url: new URL('http://acme.test/a/b?q#here'),
  method: 'GET',
  body: 'none',
  bodyScope: () => compileScope('http://acme.test'),
  ...change,
});

/** Where a Location leads, or the code of what stops it. */
function leads(location: string | null, status = 302, change: Partial<Redirected> = {}): string {
  const step = onward(from(change), status, location);
  return step.to === 'next' ? step.url.href : step.to === 'stop' ? step.code : step.to;
}

/** A header value as most runtimes give it: its octets, one per character. */
const octets = (text: string) => Buffer.from(text, 'utf8').toString('latin1');

describe('S37 the method and the body of the next hop', () => {
  it.each<[number, string, string, boolean]>([
    [301, 'GET', 'GET', false],
    [301, 'HEAD', 'HEAD', false],
    [301, 'POST', 'GET', false],
    [301, 'PUT', 'PUT', true],
    [301, 'PATCH', 'PATCH', true],
    [301, 'DELETE', 'DELETE', true],
    [302, 'GET', 'GET', false],
    [302, 'HEAD', 'HEAD', false],
    [302, 'POST', 'GET', false],
    [302, 'PUT', 'PUT', true],
    [302, 'DELETE', 'DELETE', true],
    [303, 'GET', 'GET', false],
    [303, 'HEAD', 'HEAD', false],
    [303, 'POST', 'GET', false],
    [303, 'PUT', 'GET', false],
    [303, 'DELETE', 'GET', false],
    [307, 'GET', 'GET', false],
    [307, 'HEAD', 'HEAD', false],
    [307, 'POST', 'POST', true],
    [307, 'PUT', 'PUT', true],
    [308, 'POST', 'POST', true],
    [308, 'DELETE', 'DELETE', true],
  ])('%d after %s: %s, with its body: %s', (status, method, next, keepsBody) => {
    const body = method === 'GET' || method === 'HEAD' ? 'none' : 'replayable';
    const step = onward(from({ method, body }), status, '/next');
    expect(step).toMatchObject({ to: 'next', method: next, keepsBody });
    const rewritten = step.to === 'next' && step.rewrites.map(({ code }) => code);
    expect(rewritten).toEqual(
      method === next ? [] : [status === 303 ? 'see-other-becomes-get' : 'post-becomes-get'],
    );
  });

  it.each([200, 201, 204, 300, 304, 305, 306, 400, 401])(
    'S14 a %d with a Location is an answer',
    (status) => {
      expect(isRedirect(status)).toBe(false);
    },
  );
});

describe('X5 the forms of a Location', () => {
  it.each<[string, string]>([
    ['/p', 'http://acme.test/p#here'],
    ['c', 'http://acme.test/a/c#here'],
    ['../../..', 'http://acme.test/#here'],
    ['?r', 'http://acme.test/a/b?r#here'],
    ['//other.test/p', 'http://other.test/p#here'],
    ['  /p ', 'http://acme.test/p#here'],
    ['/with space', 'http://acme.test/with%20space#here'],
    ['http:\\\\other.test/x', 'http://other.test/x#here'],
    ['\\\\evil.test/x', 'http://evil.test/x#here'],
    ['http://acme.test\\@evil.test/', 'http://acme.test/@evil.test/#here'],
    ['///evil.test/x', 'http://evil.test/x#here'],
    ['http:///x', 'http://x/#here'],
    ['HTTP://ACME.test:80/p', 'http://acme.test/p#here'],
    ['http://2130706434/', 'http://127.0.0.2/#here'],
    ['http://0x7f.1/', 'http://127.0.0.1/#here'],
    ['/p#there', 'http://acme.test/p#there'],
    ['/p#', 'http://acme.test/p#'],
    ['#there', 'http://acme.test/a/b?q#there'],
  ])('S18 %j leads to %s', (location, expected) => {
    expect(leads(location)).toBe(expected);
  });

  it.each([null, ''])('S18 a Location of %j is an answer', (location) => {
    expect(leads(location)).toBe('answer');
  });

  it.each([
    'http://[bad/',
    'http://acme.test:99999/',
    'http://a b/',
    'file:///etc/passwd',
    'ftp://acme.test/',
    'javascript:alert(1)',
    'data:text/plain,x',
    'blob:http://acme.test/x',
    'unix:/var/run/docker.sock:/x',
    'ht\ttp://evil.test/',
    '/p\r\nx',
    '/p\0',
    '/p\x7f',
  ])('S38 %j is refused', (location) => {
    expect(leads(location)).toBe('bad-location');
  });

  it.each<[string, string]>([
    ['/é', 'http://acme.test/%C3%A9#here'],
    ['/日本?x=語', 'http://acme.test/%E6%97%A5%E6%9C%AC?x=%E8%AA%9E#here'],
    ['http://ａcme.test/', 'http://acme.test/#here'],
    ['http://bücher.test/', 'http://xn--bcher-kva.test/#here'],
  ])('%s as raw UTF-8 octets leads to %s, decoded by the runtime or not', (location, expected) => {
    expect(leads(octets(location))).toBe(expected);
    // What a runtime has decoded shows it by a character that is no octet.
    if (/[^\x00-\xff]/.test(location)) expect(leads(location)).toBe(expected);
  });

  it('reads octets that are no UTF-8 as they are', () => {
    expect(leads('/caf\xe9')).toBe('http://acme.test/caf%E9#here');
    expect(leads(`/?a=\xe9%e9&b=${octets('é')}`)).toBe('http://acme.test/?a=%E9%e9&b=%C3%A9#here');
  });

  it('S18 refuses several different absolute Locations, and takes one that is repeated', () => {
    expect(leads('http://a.test/, http://b.test/')).toBe('bad-location');
    expect(leads('http://a.test/, http://a.test/')).toBe('http://a.test/#here');
    expect(leads('/a, /b')).toBe('bad-location');
    expect(leads('/a, http://b.test/')).toBe('bad-location');
    expect(leads('/a, /a')).toBe('http://acme.test/a#here');
    expect(leads('http://a.test/?list=1, 2')).toBe('http://a.test/?list=1,%202#here');
  });

  it('X2 drops a user and a password in a Location, and says so', () => {
    const step = onward(from(), 302, 'http://user:hp-secret-pw@acme.test/p');
    expect(step).toMatchObject({ to: 'next', rewrites: [{ code: 'location-user-dropped' }] });
    expect(JSON.stringify(step)).not.toMatch(/user:|hp-secret-/);
    expect(leads('http://u@acme.test/p')).toBe('http://acme.test/p#here');
  });

  it('names no Location in its sentences, as it may hold a secret', () => {
    for (const location of ['http://[hp-secret-1', 'x:hp-secret-2', '/hp-secret-3\0']) {
      expect(JSON.stringify(onward(from(), 302, location))).not.toContain('hp-secret-');
    }
  });
});

describe('the body', () => {
  const post = { method: 'POST', body: 'replayable' } as const;

  it('X3 does not cross origins: the redirect is the answer, with its reason', () => {
    expect(onward(from(post), 307, 'http://other.test/')).toMatchObject({
      to: 'answer',
      reason: { code: 'body-crosses-origin', facts: { status: 307, origin: 'http://other.test' } },
    });
    expect(leads('http://acme.test:8080/', 308, post)).toBe('answer');
    expect(leads('http://other.test/', 302, { ...post, method: 'PUT' })).toBe('answer');
  });

  it('X3 crosses origins when the caller says so', () => {
    expect(leads('http://other.test/', 307, { ...post, bodyScope: () => anyScope })).toBe(
      'http://other.test/#here',
    );
  });

  it('X4 that can be read once stops the call, unless it stays behind', () => {
    const stream = { method: 'POST', body: 'one-shot' } as const;
    expect(leads('/p', 307, stream)).toBe('one-shot-body');
    expect(leads('/p', 302, { ...stream, method: 'PUT' })).toBe('one-shot-body');
    expect(leads('/p', 302, stream)).toBe('http://acme.test/p#here');
    expect(leads('/p', 303, stream)).toBe('http://acme.test/p#here');
  });
});
