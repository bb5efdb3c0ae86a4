import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { useLab } from '../../../tools/test/lab.ts';
import { CookieJar } from '../../jar/index.ts';
import {
  basic,
  bearer,
  createClient,
  RedirectError,
  type Trace,
  type TransportRequest,
  traceOf,
} from '../index.ts';

let a: string;
let b: string;
useLab((origins) => {
  ({ a, b } = origins);
});

const redirect = (origin: string, target: string, status = 302) =>
  `${origin}/redirect-to?status_code=${status}&url=${encodeURIComponent(target)}`;

describe('the text of a trace', () => {
  it('S1 S17 S50 is a line a hop, and below it every secret with the sentence why', async () => {
    const client = createClient({ credentials: bearer('hp-secret-token', { for: a }) });
    client.jar.set('elsewhere=1', 'http://other.test');
    const url = `${a}/set-cookie?sid=1&bad=1;%20Secure&status_code=302&url=${encodeURIComponent(`${b}/need`)}`;
    const response = await client.post(url, { headers: { 'x-api-key': 'hp-secret-key' }, body: 'x' });
    const text = `${traceOf(response)}`.replace(/\[\d+ ms\]/g, '[ms]');
    expect(
      text.replaceAll(a, 'http://A').replaceAll(b, 'http://B').replaceAll(encodeURIComponent(b), 'B'),
    ).toBe(
      [
        ' 1  POST http://A/set-cookie?sid=…&bad=1;%20Secure&status_code=302&url=B%2Fneed  →  302 http://B/need  [ms]',
        '      ✓ x-api-key (header) sent',
        '      ✓ authorization (bearer) sent',
        '      · 1 cookie of other sites stayed in the jar',
        '      + cookie sid kept',
        '      ✗ cookie bad refused: bad is Secure but came over plain http from 127.0.0.1. [secure-from-insecure, draft-ietf-httpbis-rfc6265bis-22 §5.7]',
        ' 2  GET http://B/need  →  401  [ms]',
        '      ~ A 302 turns POST into GET; the body and its Content-* headers stay behind. [post-becomes-get, RFC 9110 §15.4]',
        '      ✗ x-api-key (header) withheld: x-api-key is for http://A; this request goes to http://B. [scope-other-host, RFC 9110 §15.4] The header x-api-key is not on the list of headers that may travel to another origin. [header-not-listed, RFC 9110 §15.4]',
        '      ✗ authorization (bearer) withheld: authorization is for http://A; this request goes to http://B. [scope-other-host, RFC 9110 §15.4]',
        '      · 2 cookies of other sites stayed in the jar',
      ].join('\n'),
    );
  });

  it('is what the README shows', async () => {
    const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
    const [, sample] = /```\n( 1 {2}GET .*?)\n```/s.exec(readme) ?? [];
    const client = createClient({ credentials: bearer('my-token', { for: a }) });
    const url = `${a}/redirect-to?url=${encodeURIComponent(`${b}/headers`)}`;
    const text = `${traceOf(await client.fetch(url))}`;
    const sameForm = (shown = '') =>
      shown
        .replace(/\[\d+ ms\]/g, '[ms]')
        .replace(/(127\.\d\.\d\.\d)(:|%3A)\d+/g, '$1$2port')
        .replaceAll(new URL(b).hostname, '127.0.0.2');
    expect(sameForm(sample)).toBe(sameForm(text));
  });

  it('says why a redirect was not followed', async () => {
    const response = await createClient().post(redirect(a, `${b}/x`, 307), { body: 'x' });
    expect(`${traceOf(response)}`).toContain('■ not followed: A 307 would send the body to another origin');
  });

  it('says how a call ended that got no answer', async () => {
    const error = await createClient()
      .fetch(redirect(a, 'http://127.0.0.1:1/x'))
      .catch((failure) => failure);
    expect(error).toMatchObject({ name: 'NetworkError', code: 'network' });
    expect(error.message).toMatch(/GET http:\/\/127\.0\.0\.1:1\/x got no answer: /);
    expect(`${error.trace}`).toContain('GET http://127.0.0.1:1/x  →  no answer (network)');
  });
});

describe('the JSON of a trace', () => {
  it('is plain data that survives a round trip', async () => {
    const client = createClient({ credentials: bearer('hp-secret-token', { for: a }) });
    client.jar.set('sid=1', a);
    const response = await client.fetch(redirect(a, `${b}/headers`));
    const trace = traceOf(response);
    const json = JSON.parse(JSON.stringify(trace));
    expect(json).toEqual(trace.toJSON());
    expect(Object.keys(json.hops[0])).toEqual([
      'url',
      'method',
      'cause',
      'status',
      'location',
      'secrets',
      'otherCookies',
      'cookies',
      'rewrites',
      'startedAt',
      'ms',
    ]);
    expect(json.hops[0]).toMatchObject({ status: 302, location: `${b}/headers`, cause: 'start' });
    expect(json.hops[1]).toMatchObject({
      url: `${b}/headers`,
      method: 'GET',
      status: 200,
      cause: 'redirect',
    });
  });
});

describe('a trace', () => {
  it('belongs to the response and its clones, and to nothing else', async () => {
    const response = await createClient().fetch(redirect(a, '/headers'));
    const clone = response.clone();
    expect(traceOf(clone)).toBe(traceOf(response));
    expect(traceOf(clone.clone()).hops).toHaveLength(2);
    expect([clone.url, clone.redirected]).toEqual([`${a}/headers`, true]);
    expect(await clone.json()).toEqual(await response.json());
    expect(() => traceOf(new Response())).toThrow(TypeError);
  });

  it('is handed to onTrace once a call, also when it fails, and what that throws is ignored', async () => {
    const traces: Trace[] = [];
    const client = createClient({
      onTrace(trace) {
        traces.push(trace);
        throw new Error('a listener');
      },
    });
    await client.fetch(redirect(a, '/headers'));
    await client
      .with({ redirect: { maxRedirects: 2 } })
      .fetch(`${a}/loop`)
      .catch(() => {});
    expect(traces.map(({ hops }) => hops.map(({ error }) => error))).toEqual([
      [undefined, undefined],
      [undefined, undefined, 'redirect-loop'],
    ]);
    const later = createClient({ onTrace: (() => Promise.reject(new Error('later'))) as () => void });
    expect((await later.fetch(`${a}/headers`)).status).toBe(200);
  });

  it('hides what usually is secret in a URL, in the query, in the fragment and before the host', async () => {
    const url = `${a.replace('//', '//user:hp-secret-1@')}/redirect-to?access_token=hp-secret-2&X-Amz-Signature=hp-secret-3&plain=shown&url=${encodeURIComponent('/headers#access_token=hp-secret-4')}`;
    const response = await createClient().fetch(url);
    const [, second] = traceOf(response).hops;
    expect(second?.url).toBe(`${a}/headers#access_token=…`);
    const text = inspect(traceOf(response)).replaceAll(encodeURIComponent('#access_token=hp-secret-4'), '');
    expect(text).toContain('plain=shown');
    expect(text).not.toContain('hp-secret-');
  });
});

describe('a trace beside many cookies', () => {
  const crowd = 10_000;
  const many = { maxPerSite: crowd, maxCookies: 2 * crowd };
  const client = createClient({
    jar: new CookieJar({ limits: many }),
    transport: async () => new Response(),
  });
  client.jar.set('sid=1', 'https://shop.example.com/');
  client.jar.set('shared=1; Domain=example.com', 'https://pay.example.com/');
  client.jar.set('paying=1', 'https://pay.example.com/');
  for (let at = 0; at < crowd; at++) client.jar.set(`id=${at}`, `https://www.other-${at}.test/`);

  it("judges those of the request's site and counts the rest, in 4 KB of JSON", async () => {
    const trace = traceOf(await client.fetch('https://shop.example.com/'));
    client.jar.clear();
    const [hop] = trace.hops;
    expect(hop?.secrets.map(({ name, verdict }) => [name, verdict.reasons[0]?.code ?? 'sent'])).toEqual([
      ['sid', 'sent'],
      ['shared', 'sent'],
      ['paying', 'other-host'],
    ]);
    expect(hop?.otherCookies).toBe(crowd);
    expect(JSON.stringify(trace).length).toBeLessThan(4096);
    expect(trace.toHAR().log.entries[0]?._otherCookies).toBe(crowd);
    expect(`${trace}`).toContain('✗ cookie paying withheld: paying belongs to pay.example.com only');
    expect(`${trace}`).toContain('· 10,000 cookies of other sites stayed in the jar');
  });

  it('counts none for a client without a jar', async () => {
    const [hop] = traceOf(await client.with({ jar: false }).fetch('https://shop.example.com/')).hops;
    expect(hop).toMatchObject({ secrets: [], otherCookies: 0 });
  });
});

it('S31 is frozen all through: writing into one changes no other, and nothing on the wire', async () => {
  const sent: string[] = [];
  const transport = async ({ url, headers }: TransportRequest) => {
    sent.push(`${url} ${headers.get('authorization')}`);
    const answer = { 'set-cookie': 'a=1; Path=/', location: 'https://other.example/' };
    return new Response(null, { status: url.includes('other') ? 200 : 302, headers: answer });
  };
  const options = { credentials: bearer('own', { for: 'https://shop.example.com' }), transport };
  const call = () => createClient(options).fetch('https://shop.example.com/');
  const trace = traceOf(await call());
  const before = JSON.stringify(trace);
  const parts: object[] = [trace.hops];
  for (const part of parts) {
    expect(Object.isFrozen(part), JSON.stringify(part)).toBe(true);
    if (Array.isArray(part)) expect(() => part.push(new URL('https://evil.example/'))).toThrow(TypeError);
    parts.push(...Object.values(part).filter((inner) => typeof inner === 'object' && inner !== null));
  }
  expect(parts.length).toBeGreaterThan(20);
  await call();
  expect(JSON.stringify(trace)).toBe(before);
  expect(sent.slice(2)).toEqual(sent.slice(0, 2));
});

it('S31 gives its reader what can be read, and nothing that drives the call', async () => {
  const trace = traceOf(await createClient({ transport: async () => new Response() }).fetch(a));
  expect(Reflect.ownKeys(trace)).toEqual([]);
  expect(Object.getOwnPropertyNames(Object.getPrototypeOf(trace)).sort()).toEqual([
    'constructor',
    'hops',
    'toHAR',
    'toJSON',
    'toString',
  ]);
});

describe('S51 no secret', () => {
  it('is in a trace, an error, its JSON or inspect, whatever the server sends back', async () => {
    const client = createClient({
      credentials: basic('user', 'hp-secret-password', { for: a }),
      headers: { 'x-api-key': 'hp-secret-header-value' },
    });
    client.jar.set('sid=hp-secret-cookie', a);
    const texts: string[] = [];
    const keep = (value: unknown) => {
      texts.push(inspect(value, { depth: 9, showHidden: true }), JSON.stringify(value), String(value));
      texts.push(inspect(value, { depth: 9, showHidden: true, customInspect: false, getters: true }));
    };
    const init = { headers: { cookie: 'own=hp-secret-literal', authorization: 'Bearer hp-secret-own' } };
    const targets = [
      `${b}/headers`,
      `${a}/x?echo=SENT`,
      'http://127.0.0.1:1/SENT',
      'ftp://hp-secret-x/',
      '/loop',
    ];
    for (const target of targets) {
      for (const call of [{}, init]) {
        let answered = false;
        const transport = async ({ url, headers }: TransportRequest) => {
          const sent = headers.get('authorization') ?? '';
          if (answered) throw new Error(`cannot reach ${url} with ${sent}`);
          answered = true;
          const location = target.replace('SENT', encodeURIComponent(sent));
          return new Response(null, {
            status: 302,
            headers: { location, 'set-cookie': 'next=hp-secret-next' },
          });
        };
        const failed = client.with({ transport }).fetch(a, call);
        keep(await failed.catch((error) => error));
      }
    }
    keep(traceOf(await client.fetch(`${a}/set-cookie?url=/headers`, init)));
    keep(client);
    const all = texts.join('\n');
    expect(all.match(/.{0,40}hp-secret-(?!x).*/g)).toBeNull();
    for (const code of ['bad-location', 'network', 'redirect-reflects-secret']) expect(all).toContain(code);
  });
});

it('RedirectError is a HallpassError with a code and a trace', async () => {
  const { HallpassError } = await import('../../errors.ts');
  const error = await createClient()
    .fetch(`${a}/loop`)
    .catch((failure) => failure);
  expect(error).toBeInstanceOf(RedirectError);
  expect(error).toBeInstanceOf(HallpassError);
  expect(error.trace.hops).toHaveLength(21);
});
