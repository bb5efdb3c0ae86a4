import { describe, expect, it } from 'vitest';
import { useLab } from '../../../tools/test/lab.ts';
import { anywhere, basic, createClient, netrc, traceOf } from '../index.ts';

const lab = useLab();

const scopes = (text: string, options = {}) => netrc(text, options).map((one) => one.for);
const basicOf = (pair: string) => `Basic ${btoa(pair)}`;

describe('X1 F12 netrc', () => {
  it('gives each host its own entry, hop by hop, and nobody else any', async () => {
    const { a, b } = lab.origins;
    const text = `machine ${new URL(a).hostname} login ada password one\nmachine other.test login eve password two`;
    const client = createClient({ credentials: netrc(text) });
    await client.fetch(`${a}/redirect-to?url=${encodeURIComponent(`${b}/headers`)}`);
    expect(lab.log.map(({ headers }) => headers.authorization)).toEqual([basicOf('ada:one'), undefined]);
  });

  it('comes last: after the call, the session and the user in the URL', async () => {
    const { a } = lab.origins;
    const host = new URL(a).hostname;
    const credentials = [
      ...netrc(`machine ${host} login netrc password x`),
      basic('session', 'x', { for: a }),
    ];
    const client = createClient({ credentials });
    await client.fetch(`${a}/headers`, { headers: { authorization: 'Own' } });
    await client.fetch(`${a.replace('//', '//url:x@')}/headers`);
    const bare = createClient({ credentials: netrc(`machine ${host} login netrc password x`) });
    const response = await bare.fetch(`${a.replace('//', '//url:x@')}/headers`);
    expect(lab.log.map(({ headers }) => headers.authorization)).toEqual([
      'Own',
      basicOf('session:x'),
      basicOf('url:x'),
    ]);
    expect(
      traceOf(response).hops[0]?.secrets.map(({ kind, verdict }) => [kind, verdict.reasons[0]?.code]),
    ).toEqual([
      ['userinfo', undefined],
      ['netrc', 'explicit-wins'],
    ]);
  });

  it('goes over https only, except to this machine or when asked', () => {
    const text = 'machine api.test login u password p machine localhost login u password p';
    expect(scopes(text)).toEqual([['https://api.test:*'], ['https://localhost:*', 'http://localhost:*']]);
    expect(scopes('machine api.test login u password p', { plainHttp: true })).toEqual([
      ['https://api.test:*', 'http://api.test:*'],
    ]);
  });

  it.each([
    ['API.Test', 'https://api.test:*'],
    ['bücher.test', 'https://xn--bcher-kva.test:*'],
    ['2001:db8::1', 'https://[2001:db8::1]:*'],
    ['[2001:db8::1]', 'https://[2001:db8::1]:*'],
    ['192.0.2.1', 'https://192.0.2.1:*'],
  ])('names its host as %s', (machine, scope) => {
    expect(scopes(`machine ${machine} login u password p`)).toEqual([[scope]]);
  });

  it.each(['example.com:@evil.test', 'evil.test/x', 'user@api.test', 'api.test:8080', '*.test?', '[bad'])(
    'leaves out %s, which is no host',
    (machine) => {
      expect(scopes(`machine ${machine} login u password p`)).toEqual([]);
    },
  );

  it('takes whole entries or nothing', () => {
    expect(scopes('machine a.test login u machine b.test password p machine c.test')).toEqual([]);
  });

  it('leaves out a login with a colon, which Basic cannot carry, and keeps the other entries', () => {
    const text = 'machine a.test login a:b password p machine b.test login u password p';
    expect(scopes(text)).toEqual([['https://b.test:*']]);
  });

  it('uses default only when asked, and only where', () => {
    const text = 'machine a.test login u password p default login d password e';
    expect(scopes(text)).toHaveLength(1);
    expect(scopes(text, { default: 'https://b.test' })).toEqual([['https://a.test:*'], 'https://b.test']);
    expect(scopes(text, { default: anywhere })[1]).toBe(anywhere);
  });

  it('reads quotes, comments, macros and lines of any form', () => {
    const text = [
      '# a comment with machine x login y password z',
      'machine a.test',
      '\tlogin "a b"',
      '  password "q\\"#x" # another',
      'account ignored',
      'macdef init',
      'machine evil.test login m password m',
      '',
      'machine b.test login u\r',
      'password p#q',
    ].join('\n');
    const read = netrc(text);
    expect(read.map((one) => one.attach({} as never, {} as never))).toEqual([
      { headers: { authorization: basicOf('a b:q"#x') } },
      { headers: { authorization: basicOf('u:p#q') } },
    ]);
  });

  it('takes a value that begins with #, as Python does, and one that is a keyword', () => {
    const read = netrc(
      'machine a.test login macdef password #abcd # a comment\nmachine b.test login u password machine',
    );
    expect(read.map((one) => one.attach({} as never, {} as never))).toEqual([
      { headers: { authorization: basicOf('macdef:#abcd') } },
      { headers: { authorization: basicOf('u:machine') } },
    ]);
  });

  it('skips words that it does not know, as curl does, and tells the line of what is left out', () => {
    const text = [
      'hp-secret machine a.test',
      'passwort hp-secret',
      'login u password p',
      'machine b.test login hp:secret password p',
      'machine c.test login u',
      'machine d.test/ login u password p',
      'default login d password e',
      'machine e.test account x login u password',
    ].join('\n');
    const read = netrc(text);
    expect(read.map((one) => one.for)).toEqual([['https://a.test:*']]);
    expect(read.unread.map(({ line, why }) => [line, why])).toEqual([
      [1, expect.stringContaining('none that a netrc knows')],
      [2, expect.stringContaining('none that a netrc knows')],
      [4, expect.stringContaining('colon')],
      [5, 'The entry has no password.'],
      [6, expect.stringContaining('no host')],
      [7, expect.stringContaining('default')],
      [8, expect.stringContaining('The file ends here')],
      [8, 'The entry has no password.'],
    ]);
    expect(JSON.stringify(read.unread)).not.toContain('hp');
  });

  it.each(['/home/ada/.netrc', 'hp-secret', 'login u password hp-secret', 'machine'])(
    '%j is a TypeError that repeats nothing',
    (text) => {
      expect(() => netrc(text)).toThrow(/^This is no netrc(?!.*(hp-secret|ada))/);
    },
  );

  it('of an empty text is empty', () => {
    expect([...netrc('')]).toEqual([]);
  });
});
