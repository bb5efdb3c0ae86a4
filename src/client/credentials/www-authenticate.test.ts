import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseChallenges } from './www-authenticate.ts';

const read = (header: string) =>
  parseChallenges(header).map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)]);

it('reads an unquoted value that ends in =', () => {
  const [digest] = parseChallenges('Digest realm="r", nonce=a/b+c==, qop=auth');
  expect([...(digest?.parameters ?? [])]).toEqual([
    ['realm', 'r'],
    ['nonce', 'a/b+c=='],
    ['qop', 'auth'],
  ]);
});

describe('WWW-Authenticate', () => {
  it.each<[string, unknown[]]>([
    ['Basic realm="lab"', [['basic', { realm: 'lab' }]]],
    ['Negotiate', [['negotiate', {}]]],
    [
      'Negotiate YII=, Basic realm=x',
      [
        ['negotiate', {}],
        ['basic', { realm: 'x' }],
      ],
    ],
    [
      'Newauth realm="apps", type=1, title="Login to \\"apps\\"", Basic realm="simple"',
      [
        ['newauth', { realm: 'apps', type: '1', title: 'Login to "apps"' }],
        ['basic', { realm: 'simple' }],
      ],
    ],
    [
      'Digest realm="a, b", qop="auth,auth-int",nonce=n , Digest algorithm=MD5,realm="c"',
      [
        ['digest', { realm: 'a, b', qop: 'auth,auth-int', nonce: 'n' }],
        ['digest', { algorithm: 'MD5', realm: 'c' }],
      ],
    ],
    ['DIGEST Realm = "x"', [['digest', { realm: 'x' }]]],
    ['', []],
    [' , ', []],
    ['Digest realm="never closed', [['digest', {}]]],
    ['"', []],
  ])('%j', (header, expected) => {
    expect(read(header)).toEqual(expected);
  });

  it('never throws, and takes no long time', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'aD ,="\\;\t'), maxLength: 60 }),
        (text) => void read(text),
      ),
    );
    const started = performance.now();
    read(`Digest ${'a="'.repeat(50_000)}`);
    read(`Digest a="${'\\'.repeat(100_000)}`);
    read(`${'a'.repeat(50_000)} ${' '.repeat(50_000)}=`);
    read(`${' ,'.repeat(50_000)};`);
    read(`${'a, '.repeat(30_000)}`);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});
