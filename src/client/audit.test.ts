import { expect, it } from 'vitest';
import { anywhere, apiKey, basic, bearer, type ClientOptions, createClient, netrc } from './index.ts';

const codes = (options: ClientOptions) =>
  createClient(options)
    .audit()
    .map(({ code, level }) => `${level} ${code}`);
const a = 'https://api.test';

it.each<[string, ClientOptions, string[]]>([
  ['nothing in a client without options', {}, []],
  [
    'nothing in scoped credentials',
    { baseUrl: a, credentials: [bearer('x'), basic('u', 'p', { for: a })] },
    [],
  ],
  ['nothing in harmless headers', { headers: { accept: 'text/x', 'x-client': 'me', monkey: '1' } }, []],
  [
    'S11 S35 a token in the headers',
    { baseUrl: a, headers: { authorization: 'x' } },
    ['warning credential-in-header'],
  ],
  [
    'S45 an API key in the headers',
    { baseUrl: a, headers: { 'X-Api-Key': 'x' } },
    ['warning credential-in-header'],
  ],
  [
    'secret headers without a baseUrl',
    { headers: { 'x-auth-token': 'x', apikey: 'x' } },
    ['error header-without-scope', 'error header-without-scope'],
  ],
  ['S45 cookies without a host', { headers: { cookie: 'a=1' } }, ['error cookie-without-host']],
  ['cookies in the headers', { baseUrl: a, headers: { cookie: 'a=1' } }, ['warning credential-in-header']],
  ['S24 K1 anywhere', { credentials: bearer('x', { for: anywhere }) }, ['warning scope-anywhere']],
  [
    'a default of a netrc for anywhere',
    { credentials: netrc('default login u password p', { default: anywhere }) },
    ['warning scope-anywhere'],
  ],
  [
    'a scope of plain http, except on this machine',
    { credentials: apiKey('k', 'x', { for: ['http://api.test', 'http://localhost:3000', a] }) },
    ['warning scope-plain-http'],
  ],
  ['X2 a user in the baseUrl', { baseUrl: 'https://u:p@api.test' }, ['warning user-in-base-url']],
  [
    'a secret on the list',
    { redirect: { crossOriginHeaders: ['X-Api-Key', 'x-trace'] } },
    ['error secret-listed'],
  ],
  ['X3 bodies that cross origins', { redirect: { crossOriginBody: true } }, ['warning body-anywhere']],
  ['S32 no timeout to speak of', { timeout: '2h' }, ['warning timeout-too-long']],
  ['S32 no timeout at all', { timeout: { total: 'none' } }, ['warning timeout-too-long']],
  ['a retry of POST', { retry: { methods: ['GET', 'POST'] } }, ['warning retry-not-idempotent']],
])('S41 the audit finds %s', (_, options, expected) => {
  expect(codes(options)).toEqual(expected);
});

it('S41 every finding has a sentence and a fix, names what it is about, and holds no secret', () => {
  const findings = createClient({
    baseUrl: 'https://user:hp-secret-1@api.test',
    headers: { authorization: 'Bearer hp-secret-2', cookie: 'sid=hp-secret-3' },
    credentials: bearer('hp-secret-4', { for: anywhere }),
  }).audit();
  expect(findings[0]).toEqual({
    code: 'credential-in-header',
    level: 'warning',
    sentence:
      'authorization is a plain header of the client: it goes with every call, to every path of https://api.test.',
    fix: "Make it a credential with a scope: credentials: bearer(token, { for: 'https://api.test' }), or apiKey.",
    source: 'RFC 9110 §11.4',
  });
  expect(findings).toHaveLength(4);
  for (const { sentence, fix } of findings) expect(`${sentence}${fix}`).not.toMatch(/[{}]name|hp-secret/);
});
