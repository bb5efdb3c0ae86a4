import { describe, expect, it } from 'vitest';
import { prepareTrustedProxies } from './trusted-proxies.ts';

const proxy = '10.0.0.1';

/** Whom these header lines make of a connection from the proxy. */
function peer(headers: Record<string, string>, options: { headers?: 'forwarded' | 'x-forwarded' } = {}) {
  const proxies = prepareTrustedProxies({ addresses: '10.0.0.0/8', ...options });
  return proxies.peer(proxy, false, (name) => headers[name]);
}

describe('S154: X-Forwarded-For', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['192.0.2.1:4711', '192.0.2.1'],
    ['2001:db8::1', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['[2001:db8::1]:4711', '2001:db8::1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['[::FFFF:192.0.2.1]:80', '192.0.2.1'],
    ['6.6.6.6, 192.0.2.1:4711, 10.0.0.9:8080', '192.0.2.1'],
    ['6.6.6.6, [2001:db8::1]:4711,10.0.0.9', '2001:db8::1'],
    ['192.0.2.1:', proxy],
    ['192.0.2.1:4711:4711', proxy],
    ['[192.0.2.1', proxy],
    ['unknown', proxy],
    ['', proxy],
  ])('%s is %s', (line, address) => {
    expect(peer({ 'x-forwarded-for': line }).address).toBe(address);
  });
});

describe('S154: Forwarded', () => {
  const read = (forwarded: string) => {
    const { address, scheme, host } = peer({ forwarded }, { headers: 'forwarded' });
    return [address, scheme, host];
  };

  it.each([
    ['for=192.0.2.1', ['192.0.2.1', 'http', undefined]],
    ['For="192.0.2.1:4711";Proto=HTTPS;Host="a.test:8443";by=_x', ['192.0.2.1', 'https', 'a.test:8443']],
    ['for="[2001:db8:cafe::17]:4711"; proto=https', ['2001:db8:cafe::17', 'https', undefined]],
    ['for=192.0.2.1:4711', ['192.0.2.1', 'http', undefined]],
    ['for=[2001:db8::1]', ['2001:db8::1', 'http', undefined]],
    ['for="192.0.2.1:_port"', ['192.0.2.1', 'http', undefined]],
    ['proto=https;;host=a\\.test', [proxy, 'https', 'a\\.test']],
    ['host="a\\"b"', [proxy, 'http', 'a"b']],
    ['for=192.0.2.1;proto=https;for=192.0.2.2', [proxy, 'http', undefined]],
    ['for=unknown', [proxy, 'http', undefined]],
    ['for=_hidden;proto=https', [proxy, 'https', undefined]],
    ['', [proxy, 'http', undefined]],
    ['nothing', [proxy, 'http', undefined]],
  ])('%s', (line, expected) => {
    expect(read(line)).toEqual(expected);
  });

  it('a chain of proxies is walked to the visitor, whose hop tells scheme and host', () => {
    const chain =
      'for=6.6.6.6;host=evil.test, for=192.0.2.1;proto=https;host=a.test, for=10.0.0.9;proto=http;host=b.test';
    expect(read(chain)).toEqual(['192.0.2.1', 'https', 'a.test']);
  });

  it('nothing that a visitor writes hides, or changes, what a proxy writes behind it', () => {
    const written = 'for="192.0.2.1:4711";host="a.test";proto=https';
    const made = [
      ...[
        'for="',
        'for="10.0.0.9',
        'for="\\',
        '"',
        '"\\"',
        'a=";b=";c="',
        ',,,',
        ';',
        ';;=',
        'x'.repeat(9_000),
      ],
      ...['; ;'.repeat(3_000), ',a="'.repeat(3_000), 'for=10.0.0.9,'.repeat(900), 'a=b;'.repeat(3_000)],
    ];
    for (const before of made) {
      expect(read(`${before}, ${written}`), before.slice(0, 20)).toEqual(['192.0.2.1', 'https', 'a.test']);
    }
    const asked = ['a, for=6.6.6.6', 'a, for=6.6.6.6;x=', '\\", for=6.6.6.6;x=\\"', ';for=6.6.6.6'];
    for (const host of asked) {
      expect(read(`for=192.0.2.1;host="${host}"`), host).toEqual([
        '192.0.2.1',
        'http',
        host.replaceAll('\\', ''),
      ]);
    }
  });
});

describe('what is no list of addresses is a TypeError that says the fix', () => {
  const fix = /trustProxy.*(10\.0\.0\.0\/8|'forwarded'|true or false)/;
  it.each([
    ...[true, 1, 0, false, null, {}, { addresses: true }, [true], [['10.0.0.1', 2]], () => true],
    ...['loopback', '*', '10.0.0.0/33', '10.0.0.0/8/1', '10.0.0/x', '', 'proxy.internal'],
    ...[
      { addresses: '10.0.0.1', headers: 'both' },
      { addresses: '10.0.0.1', host: 'no' },
    ],
  ])('%j', (trusted) => {
    expect(() => prepareTrustedProxies(trusted as never)).toThrow(fix);
    expect(() => prepareTrustedProxies(trusted as never)).toThrow(TypeError);
  });

  it('none is trusted where none is named', () => {
    for (const none of [undefined, []]) {
      expect(prepareTrustedProxies(none).peer(proxy, true, () => '192.0.2.1').address).toBe(proxy);
    }
  });
});
