import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { failure } from '../../../tools/test/failure.ts';
import { useLab } from '../../../tools/test/lab.ts';
import { apiKey, basic, bearer, type ClientOptions, createClient, traceOf } from '../index.ts';
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
      'a key whose escapes follow one that is none of UTF-8',
      () => apiKey('x-key', 'hp-sécret/key', { for: a }),
      'x=%ff%68%70%2d%73%c3%a9%63%72%65%74%2f%6b%65%79',
    ],
    [
      'a key in Latin-1',
      () => apiKey('x-key', 'hp-sécret/key', { for: a }),
      'x=%68%70%2d%73%e9%63%72%65%74%2f%6b%65%79',
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
  sent.header('x-key', 'hp-secret-key-of-app', { text: 'nowhere', patterns: [] });
  const encoded = (times: number) => new URL(`https://app.example.com/?x=%${'25'.repeat(times - 1)}41`);
  expect(sent.reflectedIn(encoded(8))).toBeUndefined();
  expect(sent.reflectedIn(encoded(9))).toBe('x-key');
});

const nowhere = { text: 'nowhere', patterns: [] };

describe('a secret in code within code', () => {
  const secret = 'hp~secret?key>';
  const escaped = (text: string) =>
    Array.from(text, (char) => `%${char.charCodeAt(0).toString(16).padStart(2, '0')}`).join('');
  const hex = (text: string) => escaped(text).replaceAll('%', '');
  const url64 = (text: string) => btoa(text).replace(/=+$/, '').replaceAll('+', '-').replaceAll('/', '_');
  const steps: readonly ((text: string) => string)[] = [encodeURIComponent, escaped, btoa, url64, hex];

  it('is found, and shown nowhere, in whatever order up to eight codes were written', () => {
    const sent = new SentSecrets();
    sent.header('x-key', secret, nowhere);
    let seed = 12;
    const random = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return Math.floor((seed / 2 ** 31) * below);
    };
    for (let round = 0; round < 120; round++) {
      let code = `${'ab'.slice(random(3))}${secret}${'yz'.slice(random(3))}`;
      for (let depth = 1 + random(7); depth > 0; depth--) code = (steps[random(5)] as typeof btoa)(code);
      const at = [`?x=${encodeURIComponent(code)}`, `p/${code}`, `#${code}`][random(3)];
      const url = new URL(`https://app.example.com/${at}`);
      expect(sent.reflectedIn(url), url.href).toBe('x-key');
      const shown = sent.redact(url.href);
      expect(shown).toContain('…');
      expect(sent.reflectedIn(new URL(`https://app.example.com/?${shown}`)), shown).toBeUndefined();
    }
  });

  it('is shown nowhere either when it is escaped more often than anybody decodes', () => {
    const sent = new SentSecrets();
    sent.header('x-key', secret, nowhere);
    const deep = escaped(secret).replaceAll('%', `%${'25'.repeat(12)}`);
    for (const code of [deep, url64(deep), hex(deep)])
      expect(sent.redact(`/a?x=${code}&y=1`)).toBe('/a?x=…&y=1');
  });

  it('may hold a tab and letters beyond ASCII', () => {
    const sent = new SentSecrets();
    sent.header('x-key', 'hp~sécret\tkéy~of~app', nowhere);
    const utf8 = Array.from(new TextEncoder().encode('hp~sécret\tkéy~of~app'));
    const binary = String.fromCharCode(...utf8);
    for (const code of [btoa(btoa(binary)), hex(btoa(binary)), url64(hex(binary)), hex(binary)]) {
      expect(sent.reflectedIn(new URL(`https://app.example.com/?x=${encodeURIComponent(code)}`)), code).toBe(
        'x-key',
      );
    }
    const deep = escaped(binary).replaceAll('%', `%${'25'.repeat(12)}`);
    expect(sent.redact(`/a?x=${deep}&y=1`)).toBe('/a?x=…&y=1');
    const among = `/a?x=before-${escaped(binary)}-after&y=1`;
    expect(sent.redact(among)).toBe('/a?x=before-…-after&y=1');
  });

  it('is looked for in time that no text can stretch', () => {
    const sent = new SentSecrets();
    sent.header('x-key', secret, nowhere);
    // In each of the four places where it may begin, it reads as text again.
    const hostile = 'V'.repeat(16_384);
    expect(sent.redact(`/?x=${hostile}`)).toMatch(/^\/\?x=/);
    expect(sent.reflectedIn(new URL(`https://app.example.com/?x=${'%25'.repeat(5_000)}${hostile}`))).toBe(
      undefined,
    );
  });
});

it.each<[string, (sent: SentSecrets) => void, string]>([
  [
    'a short one',
    (sent) => sent.header('authorization', 'Bearer short', nowhere),
    'https://app.example.com/short',
  ],
  [
    'an origin',
    (sent) => sent.header('origin', 'https://app.example.com', nowhere),
    'https://app.example.com/',
  ],
  [
    'a short cookie',
    (sent) => sent.cookie('lang', 'british-english', nowhere),
    'https://app.example.com/british-english',
  ],
  [
    'a word',
    (sent) => sent.header('authorization', `Basic ${btoa('ada:dashboard')}`, nowhere),
    'https://app.example.com/dashboard?x=dashboards',
  ],
  [
    'a number',
    (sent) => sent.header('authorization', `Basic ${btoa('ada:20261130')}`, nowhere),
    'https://app.example.com/20261130/',
  ],
])('a value that stands in URLs by chance gives nothing away: %s', (_, send, url) => {
  const sent = new SentSecrets();
  send(sent);
  expect(sent.reflectedIn(new URL(url))).toBeUndefined();
});

it.each<[string, (sent: SentSecrets) => void, string]>([
  [
    'in a host, whose letters are small',
    (sent) => sent.header('x-key', 'HP-Secret-Key', nowhere),
    'https://hp-secret-key.example.com/',
  ],
  [
    'in a path',
    (sent) => sent.header('x-key', 'HP-Secret-Key', nowhere),
    'https://app.example.com/HP-Secret-Key/x',
  ],
  [
    'in a fragment',
    (sent) => sent.header('x-key', 'HP-Secret-Key', nowhere),
    'https://app.example.com/#HP-Secret-Key',
  ],
  [
    'that is a word, as a parameter',
    (sent) => sent.header('x-key', 'dragonfly', nowhere),
    'https://app.example.com/?x=1&y=dragonfly',
  ],
  [
    'that is a word, in hexadecimal',
    (sent) => sent.header('x-key', 'dragonfly', nowhere),
    'https://app.example.com/?x=647261676f6e666c79',
  ],
  [
    'that is a word, in an encoded URL',
    (sent) => sent.header('x-key', 'dragonfly', nowhere),
    `https://app.example.com/?next=${encodeURIComponent('/?y=dragonfly#x')}`,
  ],
  [
    'with blanks',
    (sent) => sent.header('x-key', 'several words of one key', nowhere),
    'https://app.example.com/?x=several+words+of+one+key',
  ],
  ...['', 'a', 'ab'].map((before): [string, (sent: SentSecrets) => void, string] => [
    `in base64, after ${before.length} octets`,
    (sent) => sent.header('x-key', 'hp~secret?key>', nowhere),
    `https://app.example.com/?x=${btoa(`${before}hp~secret?key>&y`)}`,
  ]),
  [
    'in base64url',
    (sent) => sent.header('x-key', 'hp~secret?key>', nowhere),
    `https://app.example.com/?x=${btoa('hp~secret?key>').replaceAll('/', '_').replaceAll('+', '-')}`,
  ],
])('a secret is found %s', (_, send, url) => {
  const sent = new SentSecrets();
  send(sent);
  expect(sent.reflectedIn(new URL(url))).toBe('x-key');
  expect(sent.redact(url.replace('hp-secret-key', 'HP-Secret-Key'))).toContain('…');
});

it('blacks out no more than the secret, also of a form', () => {
  const sent = new SentSecrets();
  sent.header('x-key', 'several words of one key', nowhere);
  expect(sent.redact('/?q=a+several+words+of+one+key+b&y=1')).toBe('/?q=a+…+b&y=1');
});

it('blacks out short ones and words where they stand alone', () => {
  const sent = new SentSecrets();
  sent.header('authorization', `Basic ${btoa('ada:word')}`, nowhere);
  sent.header('x-key', 'dragonfly', nowhere);
  expect(sent.redact('GET /word/words?dragonfly=dragonflies&x=dragonfly')).toBe(
    'GET /…/words?…=dragonflies&x=…',
  );
});

describe('a header that the caller wrote', () => {
  const value = 'hp-secret-of-a-header';
  const redirected = (name: string, options: ClientOptions = {}) =>
    createClient(options)
      .fetch(`${a}/redirect-to?url=${encodeURIComponent(`${b}/headers?file=${value}`)}`, {
        headers: { [name]: value },
      })
      .catch((failure) => failure);

  it.each(['X-Request-Id', 'X-File-Name', 'X-Tenant', 'Api-Keys'])(
    'is no secret by its name: %s',
    async (name) => {
      expect(await redirected(name)).toMatchObject({ status: 200 });
    },
  );

  it.each(['X-Api-Key', 'X-Vault-Token', 'Client-Secret', 'X-Auth', 'X-Authenticated-As', 'Authorization'])(
    'is a secret by its name: %s',
    async (name) => {
      expect(await redirected(name)).toMatchObject({ code: 'redirect-reflects-secret' });
    },
  );

  it('is a secret when the client says so, and in every client that is made from it', async () => {
    const options = { secretHeaders: ['ApiKey'] };
    expect(await redirected('apikey', options)).toMatchObject({ code: 'redirect-reflects-secret' });
    const client = createClient(options).with({ redirect: {} });
    const call = client.fetch(`${a}/redirect-to?url=${b}/${value}`, { headers: { apikey: value } });
    expect(await failure(call)).toMatchObject({ code: 'redirect-reflects-secret' });
    for (const secretHeaders of [['two words'], 'apikey', [1]])
      expect(() => createClient({ secretHeaders: secretHeaders as string[] })).toThrow(TypeError);
  });
});

describe('what a server repeats of a secret', () => {
  const secret = 'hp-secret+of/a=key';
  const small = encodeURIComponent(secret).replace(/%../g, (escaped) => escaped.toLowerCase());
  /** Repeats it wherever an answer may hold it. */
  const echoing = (answer: ResponseInit, body = '') =>
    createClient({
      credentials: apiKey('x-key', secret, { for: 'https://a.example' }),
      transport: async () => new Response(body, answer),
      redirect: { follow: () => false },
    });
  const headers = { 'content-type': `text/${secret}` };

  it.each<[string, () => Promise<unknown>]>([
    ['http-status', () => echoing({ status: 404, headers }).get(`https://a.example/${small}`).text()],
    ['invalid-body', () => echoing({ headers }, 'no JSON').get(`https://a.example/${small}`).json()],
    ['empty-body', () => echoing({ headers }).get(`https://a.example/${small}`).json()],
    [
      'redirect-refused',
      () => echoing({ status: 302, headers: { location: `/${small}` } }).get('https://a.example'),
    ],
  ])('is in no message, inspection, trace or archive: %s', async (code, call) => {
    const error = await failure(call());
    expect(error.code).toBe(code);
    const shown = [
      error.message,
      inspect(error, { depth: 9 }),
      String(error.trace),
      JSON.stringify([error.trace, error.trace.toHAR()]),
    ].join('\n');
    for (const form of [secret, encodeURIComponent(secret), small]) expect(shown).not.toContain(form);
  });

  it('is not shown of a cookie: of its name, its path, or why it was refused', async () => {
    const lines = [`n=1; Path=/${secret}`, `${small}=1`, `n=1; Domain=${small}.example`].map(
      (line): [string, string] => ['set-cookie', line],
    );
    const trace = traceOf(await echoing({ headers: lines }).fetch('https://a.example/'));
    expect(trace.hops[0]?.cookies.set).toHaveLength(3);
    for (const text of [String(trace), JSON.stringify([trace, trace.toHAR()])])
      for (const form of [secret, small]) expect(text).not.toContain(form);
  });

  it('is not shown of a cookie of the jar, though a redirect may carry it', async () => {
    const sid = 'hp-secret-0123456789';
    let hops = 0;
    const client = createClient({
      transport: async () =>
        hops++ === 1
          ? new Response(null, { status: 302, headers: { location: `https://b.example/${sid}` } })
          : new Response('', { headers: { 'set-cookie': `sid=${sid}` } }),
    });
    await client.fetch('https://a.example/');
    const response = await client.fetch('https://a.example/');
    expect(response.url).toBe(`https://b.example/${sid}`);
    expect(`${traceOf(response)} ${JSON.stringify(traceOf(response).toHAR())}`).not.toContain(sid);
  });

  it('may be the host itself: the archive can be made', async () => {
    const client = createClient({
      credentials: apiKey('x-key', 'service.example.com', { for: 'https://service.example.com' }),
      transport: async () => new Response(),
    });
    const trace = traceOf(await client.fetch('https://service.example.com/?page=2'));
    expect(trace.toHAR().log.entries[0]?.request).toMatchObject({
      url: 'https://…/?page=2',
      queryString: [{ name: 'page', value: '2' }],
    });
  });
});

it.each([
  ['http://u:p@h/x', 'http://h/x'],
  ['http://h/?token=1&id_token=2&page=3', 'http://h/?token=…&id_token=…&page=3'],
  [
    'http://h/?status_code=302&monkey=1&code=x#state=s&access_token=t',
    'http://h/?status_code=302&monkey=1&code=…#state=s&access_token=…',
  ],
  ['http://h/?token#part', 'http://h/?token#part'],
  [
    'http://h/?accessToken=1&sessionId=2&SAMLResponse=3&X-Amz-Signature=4&client_secret=5&pageKey=6',
    'http://h/?accessToken=…&sessionId=…&SAMLResponse=…&X-Amz-Signature=…&client_secret=…&pageKey=6',
  ],
  ['http://h/?access%5Ftoken=1&api.key=2&tokens=3', 'http://h/?access%5Ftoken=…&api.key=…&tokens=3'],
  ['http://h/a;jsessionid=1;v=2/b;SID=3?x=4', 'http://h/a;jsessionid=…;v=2/b;SID=…?x=4'],
])('%s is shown as %s', (url, shown) => {
  expect(shownUrl(new URL(url))).toBe(shown);
});
