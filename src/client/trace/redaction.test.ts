import { describe, expect, it } from 'vitest';
import { useLab } from '../../../tools/test/lab.ts';
import { apiKey, basic, bearer, createClient } from '../index.ts';
import { SentSecrets } from './redaction.ts';
import { shownUrl } from './shown-url.ts';

let a: string;
let b: string;
const lab = useLab((origins) => {
  ({ a, b } = origins);
});

const token = 'hp-secret-token';

describe('a Location that gives a secret away', () => {
  it.each([
    ['a bearer', () => bearer(token, { for: a }), `x=${token}`],
    ['a key, percent-encoded', () => apiKey('x-key', 'hp-secret/key', { for: a }), 'x=hp-secret%2Fkey'],
    ['a password', () => basic('user', 'hp-secret-pw', { for: a }), 'x=hp-secret-pw'],
    [
      'a password with blanks, as a form writes it',
      () => basic('user', 'hp-secret pass phrase', { for: a }),
      'x=hp-secret+pass+phrase',
    ],
    ['a key, in small escapes', () => apiKey('x-key', 'hp-secret/key', { for: a }), 'x=hp-secret%2fkey'],
    [
      'a key, encoded three times',
      () => apiKey('x-key', 'hp-secret/key', { for: a }),
      'x=hp-secret%25252Fkey',
    ],
    [
      'a key beside an escape that is none',
      () => apiKey('x-key', 'hp-secret/key', { for: a }),
      'y=%zz%e9&x=hp-secret%2Fkey',
    ],
    [
      'a key with an escape in it',
      () => apiKey('x-key', 'hp-secret%2Fkey', { for: a }),
      'x=hp-secret%252Fkey',
    ],
    ['a query key', () => apiKey('key', token, { for: a, in: 'query' }), `key=${token}`],
  ])('to a host out of its scope is not followed: %s', async (_, make, query) => {
    const client = createClient({ credentials: make() });
    const url = `${a}/redirect-to?url=${encodeURIComponent(`${b}/headers?${query}`)}`;
    const error = await client.fetch(url).catch((failure) => failure);
    expect(error).toMatchObject({ name: 'RedirectError', code: 'redirect-reflects-secret' });
    expect(lab.log.map(({ origin }) => origin)).toEqual([a]);
    expect(`${error.message} ${error.trace.hops[0].location}`).not.toContain('hp-secret');
  });
});

it('a URL outside that can be decoded more than eight times counts as one that holds a secret', () => {
  const sent = new SentSecrets();
  sent.header('x-key', 'hp-secret-key-of-app', { text: 'nowhere', patterns: [] }, true);
  const encoded = (times: number) => new URL(`https://app.example.com/?x=%${'25'.repeat(times - 1)}41`);
  expect(sent.reflectedIn(encoded(8))).toBeUndefined();
  expect(sent.reflectedIn(encoded(9))).toBe('x-key');
});

it('a value that stands in URLs by chance gives nothing away', () => {
  const known = new SentSecrets();
  const scope = { text: 'nowhere', patterns: [] };
  known.header('authorization', 'Bearer short', scope, false);
  known.header('x-tenant', 'acme-corp', scope, true);
  known.header('origin', 'https://app.example.com', scope, true);
  expect(known.reflectedIn(new URL('https://app.example.com/acme-corp/short'))).toBeUndefined();
});

it.each([
  ['http://u:p@h/x', 'http://h/x'],
  ['http://h/?token=1&id_token=2&page=3', 'http://h/?token=…&id_token=…&page=3'],
  [
    'http://h/?status_code=302&monkey=1&code=x#state=s&access_token=t',
    'http://h/?status_code=302&monkey=1&code=…#state=s&access_token=…',
  ],
  ['http://h/?token#part', 'http://h/?token#part'],
])('%s is shown as %s', (url, shown) => {
  expect(shownUrl(new URL(url))).toBe(shown);
});
