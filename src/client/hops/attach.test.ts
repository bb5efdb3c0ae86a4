import { describe, expect, it } from 'vitest';
import { useLab } from '../../../tools/test/lab.ts';
import {
  anywhere,
  apiKey,
  basic,
  bearer,
  type ClientOptions,
  createClient,
  credential,
  traceOf,
} from '../index.ts';
import type { CallInit } from '../request/call-init.ts';

let a: string;
let a2: string;
let b: string;
let localhost: string;
const lab = useLab((origins) => {
  ({ a, a2, b, localhost } = origins);
});

const token = 'hp-secret-token';

/** A URL that leads through these origins to the last one. */
const through = (...origins: string[]) =>
  origins.reduceRight(
    (target, origin) => `${origin}/redirect-to?url=${encodeURIComponent(target)}`,
    `${origins.pop()}/headers`,
  );

/** What arrived under this name at each hop, and the trace. */
async function travel(name: string, url: string, options: ClientOptions = {}, init: CallInit = {}) {
  const client = createClient(options);
  const response = await client.fetch(url, init);
  expect(response.status).toBe(200);
  const trace = traceOf(response);
  const verdicts = trace.hops.map((hop) =>
    hop.secrets
      .find((secret) => secret.name === name)
      ?.verdict.reasons.map(({ code }) => code)
      .join(' '),
  );
  return { arrived: lab.log.map(({ headers }) => headers[name]), verdicts, trace };
}

describe('a bearer with a scope', () => {
  it('S3 S27 S33 A→B: is withheld at B, and the trace says why', async () => {
    const { arrived, trace } = await travel('authorization', through(a, b), {
      credentials: bearer(token, { for: a }),
    });
    expect(arrived).toEqual([`Bearer ${token}`, undefined]);
    expect(trace.hops[1]?.secrets).toEqual([
      {
        name: 'authorization',
        kind: 'bearer',
        verdict: {
          allowed: false,
          reasons: [
            {
              code: 'scope-other-host',
              sentence: `authorization is for ${a}; this request goes to ${b}.`,
              source: 'RFC 9110 §15.4',
              facts: { name: 'authorization', scope: a, origin: b },
            },
          ],
          warnings: [],
        },
      },
    ]);
  });

  it('S9 S22 S47 A→B→A: is back on A, B never saw it', async () => {
    const { arrived, verdicts } = await travel('authorization', through(a, b, a), {
      credentials: bearer(token, { for: a }),
    });
    expect(arrived).toEqual([`Bearer ${token}`, undefined, `Bearer ${token}`]);
    expect(verdicts).toEqual(['', 'scope-other-host', '']);
  });

  it('S15 F3 A→B→B: is not at B, however often', async () => {
    const { arrived } = await travel('authorization', through(a, b, b, b), {
      credentials: bearer(token, { for: a }),
    });
    expect(arrived.slice(1)).toEqual([undefined, undefined, undefined]);
  });

  it('S8 is withheld from another port of the same host', async () => {
    const { arrived, verdicts } = await travel('authorization', through(a, a2), {
      credentials: bearer(token, { for: a }),
    });
    expect(arrived).toEqual([`Bearer ${token}`, undefined]);
    expect(verdicts).toEqual(['', 'scope-other-port']);
  });

  it('S23 does not go to a first host out of its scope', async () => {
    const { arrived } = await travel('authorization', `${b}/headers`, {
      credentials: bearer(token, { for: a }),
    });
    expect(arrived).toEqual([undefined]);
  });

  it.each([
    ['relative', () => '/headers'],
    ['//host', () => `//${new URL(a).host}/headers`],
    ['in capitals', () => `${a.toUpperCase()}/headers`],
    ['as a number', () => `http://2130706433:${new URL(a).port}/headers`],
  ])('S6 stays for a Location on the same origin, written %s', async (_, location) => {
    const url = `${a}/redirect-to?url=${encodeURIComponent(location())}`;
    const { arrived } = await travel('authorization', url, { credentials: bearer(token, { for: a }) });
    expect(arrived).toEqual([`Bearer ${token}`, `Bearer ${token}`]);
  });

  it('S19 goes to every origin that its scope lists, and to no other', async () => {
    const { arrived } = await travel('authorization', through(a, a2, b, localhost), {
      credentials: bearer(token, { for: [a, b] }),
    });
    expect(arrived).toEqual([`Bearer ${token}`, undefined, `Bearer ${token}`, undefined]);
  });

  it('S24 K1 goes everywhere only with the symbol anywhere', async () => {
    const { arrived } = await travel('authorization', through(a, b), {
      credentials: bearer(token, { for: anywhere }),
    });
    expect(arrived).toEqual([`Bearer ${token}`, `Bearer ${token}`]);
  });

  it('S8 S15 does not fall from https to http of the same host', async () => {
    const { tls } = lab.origins;
    const { arrived, verdicts } = await travel('authorization', through(tls, a), {
      credentials: bearer(token, { for: `${new URL(tls).origin.replace(/:\d+$/, '')}:*` }),
      transport: lab.transport,
    });
    expect(arrived).toEqual([`Bearer ${token}`, undefined]);
    expect(verdicts).toEqual(['', 'scope-downgrade']);
  });

  it('without `for` belongs to the origin of baseUrl', async () => {
    const { arrived } = await travel('authorization', through(a, b, a), {
      baseUrl: `${a}/`,
      credentials: bearer(token),
    });
    expect(arrived).toEqual([`Bearer ${token}`, undefined, `Bearer ${token}`]);
  });

  it('without any scope is a TypeError when the client is made', () => {
    expect(() => createClient({ credentials: bearer(token) })).toThrow(/authorization has no scope.*for:/);
    expect(() => createClient({ credentials: bearer(token, { for: 'https://*.com' }) })).toThrow(TypeError);
  });
});

describe('headers of one call', () => {
  it.each(['authorization', 'x-api-key', 'x-anything', 'referer', 'origin'])(
    'S10 S45 S48 %s belongs to the first origin and does not come back, A→B→A',
    async (name) => {
      const { arrived, verdicts } = await travel(
        name,
        through(a, a, b, a),
        {},
        { headers: { [name]: token } },
      );
      expect(arrived).toEqual([token, token, undefined, undefined]);
      const atB = name === 'authorization' ? 'scope-other-host' : 'scope-other-host header-not-listed';
      expect(verdicts).toEqual(['', '', atB, 'left-origin']);
    },
  );

  it('S5 Proxy-Authorization never reaches an origin server', async () => {
    const { arrived, verdicts } = await travel(
      'proxy-authorization',
      through(a, a),
      {},
      {
        headers: { 'proxy-authorization': token },
      },
    );
    expect(arrived).toEqual([undefined, undefined]);
    expect(verdicts).toEqual(['proxy-only', 'proxy-only']);
  });

  it.each(['accept', 'accept-language', 'user-agent', 'range', 'if-none-match', 'traceparent'])(
    '%s travels to other origins: it says what is asked for, not who asks',
    async (name) => {
      const { arrived } = await travel(name, through(a, b, localhost), {}, { headers: { [name]: 'x' } });
      expect(arrived).toEqual(['x', 'x', 'x']);
    },
  );

  it('what the caller lists travels too', async () => {
    const options = { redirect: { crossOriginHeaders: ['X-Request-Id'] } };
    const { arrived } = await travel('x-request-id', through(a, b), options, {
      headers: { 'x-request-id': '7' },
    });
    expect(arrived).toEqual(['7', '7']);
    expect(() => createClient({ redirect: { crossOriginHeaders: ['Authorization'] } })).toThrow(
      /give it a scope/,
    );
  });

  it.each(['host', 'content-length', 'transfer-encoding', 'connection', 'upgrade', 'expect'])(
    '%s is a TypeError: the transport writes it',
    async (name) => {
      await expect(createClient().fetch(`${a}/headers`, { headers: { [name]: '1' } })).rejects.toThrow(
        TypeError,
      );
      expect(() => createClient({ headers: { [name]: '1' } })).toThrow(TypeError);
      expect(lab.log).toEqual([]);
    },
  );
});

describe('headers of a client', () => {
  const headers = { 'x-api-key': token, accept: 'text/plain' };

  it('S35 belong to the origin of baseUrl, also when an absolute URL is fetched', async () => {
    const options = { baseUrl: `${a}/`, headers };
    expect((await travel('x-api-key', `${a}/headers`, options)).arrived).toEqual([token]);
    lab.log.length = 0;
    expect((await travel('x-api-key', `${b}/headers`, options)).arrived).toEqual([undefined]);
    expect(lab.log[0]?.headers.accept).toBe('text/plain');
  });

  it('S10 S11 without a baseUrl belong to the first origin of each call, and are there for the next call', async () => {
    const client = createClient({ headers });
    await client.fetch(through(a, b, a));
    await client.fetch(`${b}/headers`);
    expect(lab.log.map((request) => request.headers['x-api-key'])).toEqual([
      token,
      undefined,
      undefined,
      token,
    ]);
  });
});

describe('precedence', () => {
  it("S25 a call's own header beats a credential, a credential beats the user in the URL", async () => {
    const credentials = bearer(token, { for: a });
    const url = `${a.replace('//', '//user:hp-secret-user@')}/headers`;
    const own = await travel('authorization', url, { credentials }, { headers: { authorization: 'Own' } });
    expect(own.arrived).toEqual(['Own']);
    expect(
      own.trace.hops[0]?.secrets.map(({ kind, verdict }) => [kind, verdict.reasons[0]?.facts?.winner]),
    ).toEqual([
      ['header', undefined],
      ['bearer', "this call's own headers"],
      ['userinfo', "this call's own headers"],
    ]);
    lab.log.length = 0;
    expect((await travel('authorization', url, { credentials })).arrived).toEqual([`Bearer ${token}`]);
    lab.log.length = 0;
    expect((await travel('authorization', url)).arrived).toEqual([
      `Basic ${Buffer.from('user:hp-secret-user').toString('base64')}`,
    ]);
  });

  it('a credential that another one has come before is not even asked', async () => {
    let asked = 0;
    const credentials = [bearer(token, { for: a }), bearer(() => `${asked++}`, { for: a })];
    const { verdicts } = await travel('authorization', `${a}/headers`, { credentials });
    expect([asked, verdicts]).toEqual([0, ['']]);
  });

  it('is decided by what a credential attaches, whatever it is called: all of it goes or none', async () => {
    const attach = () => ({ headers: { Authorization: 'Second', 'x-second': '1' } });
    const credentials = [bearer(token, { for: a }), credential({ name: 'second', for: a, attach })];
    const { verdicts } = await travel('second', `${a}/headers`, { credentials });
    expect(verdicts).toEqual(['explicit-wins']);
    expect(lab.log[0]?.headers).toMatchObject({ authorization: `Bearer ${token}` });
    expect(lab.log[0]?.headers).not.toHaveProperty('x-second');
  });

  it('a parameter that the URL has already is not added again', async () => {
    const credentials = apiKey('key', token, { for: a, in: 'query' });
    const { verdicts } = await travel('key', `${a}/headers?key=own`, { credentials });
    expect([verdicts, lab.log[0]?.path]).toEqual([['explicit-wins'], '/headers?key=own']);
  });

  it('X2 the user of a start URL belongs to its origin and does not come back', async () => {
    const url = through(a, b, a).replace('//', '//user:hp-secret-user@');
    const { arrived, verdicts } = await travel('authorization', url);
    expect(arrived.map(Boolean)).toEqual([true, false, false]);
    expect(verdicts).toEqual(['', 'scope-other-host', 'left-origin']);
  });
});

describe('other credentials', () => {
  it('S2 basic is written in UTF-8', async () => {
    const { arrived } = await travel('authorization', `${a}/headers`, {
      credentials: basic('Aladdin', 'öpen sesame', { for: a }),
    });
    expect(arrived).toEqual([`Basic ${Buffer.from('Aladdin:öpen sesame').toString('base64')}`]);
    expect(() => basic('a:b', 'c')).toThrow(TypeError);
  });

  it('apiKey goes into a header by its scope', async () => {
    const { arrived } = await travel('x-api-key', through(a, b, a), {
      credentials: apiKey('X-Api-Key', token, { for: a }),
    });
    expect(arrived).toEqual([token, undefined, token]);
  });

  it('apiKey in the query is on the wire only, at every hop in scope', async () => {
    const client = createClient({ credentials: apiKey('key', 'hp-secret &key', { for: a, in: 'query' }) });
    const response = await client.fetch(`${a}/redirect-to?url=${encodeURIComponent('/headers?x=1#f')}`);
    expect(lab.log.map(({ path }) => new URL(path, a).searchParams.get('key'))).toEqual([
      'hp-secret &key',
      'hp-secret &key',
    ]);
    expect(response.url).toBe(`${a}/headers?x=1`);
    expect(`${traceOf(response)}${JSON.stringify(traceOf(response))}`).not.toContain('hp-secret');
    await client.fetch(through(a, b));
    expect(lab.log.at(-1)?.path).toBe('/headers');
  });

  it('a query key that a server copies into its own Location is not doubled, and not shown', async () => {
    const client = createClient({ credentials: apiKey('key', 'hp-secret-key', { for: a, in: 'query' }) });
    const response = await client.fetch(
      `${a}/redirect-to?url=${encodeURIComponent('/headers?key=hp-secret-key&x=1')}`,
    );
    expect(lab.log.at(-1)?.path).toBe('/headers?x=1&key=hp-secret-key');
    expect(response.url).toBe(`${a}/headers?x=1`);
    expect(JSON.stringify(traceOf(response))).not.toContain('hp-secret');
  });

  it('S21 S26 any credential is asked at every hop in its scope, with a frozen view', async () => {
    const views: string[] = [];
    const signer = credential({
      name: 'signature',
      for: [a, b],
      attach(view, hop) {
        expect([view, view.headers, hop].every(Object.isFrozen)).toBe(true);
        views.push(`${hop.index} ${view.method} ${view.url} ${view.headers.accept}`);
        return { headers: { 'x-date': 'today', 'x-signature': token } };
      },
    });
    const { arrived } = await travel(
      'x-signature',
      through(a, a2, b),
      { credentials: signer },
      {
        headers: { accept: 'x', cookie: 'sid=hp-secret-cookie' },
      },
    );
    expect(arrived).toEqual([token, undefined, token]);
    expect(views).toEqual([`0 GET ${through(a, a2, b)} x`, `2 GET ${b}/headers x`]);
  });

  it.each(['Host', 'Content-Length', 'Cookie', 'Proxy-Authorization'])(
    'a credential cannot attach %s',
    async (name) => {
      const bad = credential({ name: 'bad', for: anywhere, attach: () => ({ headers: { [name]: '1' } }) });
      await expect(createClient({ credentials: bad }).fetch(`${a}/headers`)).rejects.toThrow(TypeError);
      expect(lab.log).toEqual([]);
    },
  );

  it.each([undefined, null, 'token'])(
    'a credential that attaches %j is told what attach gives',
    async (given) => {
      for (const attach of [() => given, async () => given]) {
        const bad = credential({ name: 'bad', for: anywhere, attach: attach as never });
        const call = createClient({ credentials: bad }).fetch(`${a}/headers`);
        await expect(call).rejects.toThrow(/^What attach of the credential bad gives, \{ headers \}/);
      }
    },
  );
});

describe("credentials: 'omit'", () => {
  it('sends no cookie and no credential and keeps no cookie, but what the call itself wrote', async () => {
    const client = createClient({ credentials: apiKey('x-api-key', token, { for: a }) });
    client.jar.set('sid=hp-secret-cookie', a);
    const response = await client.fetch(`${a}/set-cookie?new=1`, {
      credentials: 'omit',
      headers: { authorization: 'Own' },
    });
    expect(lab.log[0]?.headers).toMatchObject({ authorization: 'Own' });
    expect(lab.log[0]?.headers).not.toHaveProperty('cookie');
    expect(lab.log[0]?.headers).not.toHaveProperty('x-api-key');
    expect(client.jar.size).toBe(1);
    const codes = traceOf(response).hops[0]?.secrets.map(({ name, verdict }) => [
      name,
      verdict.reasons[0]?.code,
    ]);
    expect(codes).toEqual([
      ['authorization', undefined],
      ['x-api-key', 'credentials-omitted'],
      ['sid', 'credentials-omitted'],
    ]);
  });
});
