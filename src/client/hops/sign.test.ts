import { describe, expect, it } from 'vitest';
import { failure } from '../../../tools/test/failure.ts';
import { useLab } from '../../../tools/test/lab.ts';
import { useServers } from '../../../tools/test/serve.ts';
import { type Sign, secret, signature, signing } from '../../../tools/test/signing.ts';
import { apiKey, bearer, createClient, credential, type RequestToSign, traceOf } from '../index.ts';
import { undiciTransport } from '../undici/index.ts';

let a: string;
let b: string;
const lab = useLab((origins) => {
  ({ a, b } = origins);
});
const serve = useServers();

const codes = (response: Response, name = 'signature') =>
  traceOf(response).hops.map(
    ({ secrets }) => secrets.find((one) => one.name === name)?.verdict.reasons[0]?.code ?? 'sent',
  );

const through = (...origins: string[]) =>
  origins.reduceRight(
    (target, origin) => `${origin}/redirect-to?url=${encodeURIComponent(target)}`,
    `${origins.pop()}/headers`,
  );

describe('what a signer sees', () => {
  it.each([
    ['fetch', {}],
    ['undici', { transport: undiciTransport() }],
  ])('is the URL, the method and the names of all headers as they are sent, by %s', async (_, transport) => {
    const arrived: { url: string; headers: string[] }[] = [];
    const origin = await serve((request, response) => {
      arrived.push({ url: request.url ?? '', headers: Object.keys(request.headers) });
      response.end();
    });
    const seen: RequestToSign[] = [];
    const client = createClient({
      ...transport,
      headers: { 'x-plain': 'plain', accept: 'text/plain' },
      credentials: [
        apiKey('key', "it's (a) *key*", { in: 'query', for: origin }),
        bearer('hp-secret-token', { for: origin }),
        credential({
          name: 'signature',
          for: origin,
          attach: () => ({ headers: { 'x-own': 'own' } }),
          sign: (request) => {
            seen.push(request);
            return { headers: { signature: secret } };
          },
        }),
      ],
    });
    client.jar.set('sid=hp-secret-cookie', origin);
    await client.post(`${origin}/é?q=ü#part`, { body: 'text' }).text();
    const [request] = seen;
    expect(request?.url).toBe(origin + arrived[0]?.url);
    expect(request?.method).toBe('POST');
    expect(arrived[0]?.headers).toEqual(
      expect.arrayContaining([...(request?.headerNames ?? []), 'signature']),
    );
    expect([...(request?.headerNames ?? [])].sort()).toEqual(
      ['accept', 'authorization', 'content-type', 'cookie', 'x-own', 'x-plain'].sort(),
    );
    expect(request?.headers).toEqual({
      accept: 'text/plain',
      'content-type': 'text/plain;charset=UTF-8',
      'x-own': 'own',
      'x-plain': 'plain',
    });
    expect(Object.isFrozen(request) && Object.isFrozen(request?.headers)).toBe(true);
  });

  it('is the value of another secret only where it covers it, and by then the token is the present one', async () => {
    const seen: (string | undefined)[] = [];
    const client = createClient({
      headers: { 'x-api-key': 'hp-secret-key' },
      credentials: [
        bearer(async () => 'hp-secret-token', { for: a }),
        credential({
          name: 'signature',
          for: a,
          covers: ['Authorization', 'x-absent'],
          sign: ({ headers }) => {
            seen.push(headers.authorization, headers['x-api-key'], headers['x-absent']);
            return { headers: { signature: secret } };
          },
        }),
        credential({
          name: 'second',
          for: a,
          sign: ({ headerNames, headers }) => {
            seen.push(headers.signature, String(headerNames.includes('signature')));
            return {};
          },
        }),
      ],
    });
    const response = await client.fetch(`${a}/headers`);
    expect(seen).toEqual(['Bearer hp-secret-token', undefined, undefined, undefined, 'true']);
    expect(codes(response, 'second')).toEqual(['nothing-attached']);
    expect(codes(response)).toEqual(['sent']);
  });

  it('are the octets of the body, where they are known, and never the body itself', async () => {
    const seen: (string | undefined)[] = [];
    const bodies: string[] = [];
    const origin = await serve(async (request, response) => {
      let body = `${request.headers['content-type']} `;
      for await (const chunk of request) body += chunk;
      bodies.push(body);
      response.end();
    });
    const client = signing(a, {
      for: origin,
      async sign(request) {
        const octets = await request.bytes();
        seen.push(octets && `${request.headers['content-type']} ${new TextDecoder().decode(octets)}`);
        octets?.fill(0);
        return { headers: { signature: secret } };
      },
    });
    const form = new FormData();
    form.append('file', new File(['content'], 'a.txt', { type: 'text/plain' }));
    form.append('name', 'value');
    const known = [
      'text é',
      new Uint8Array([65, 66]),
      new URLSearchParams({ a: 'b' }),
      new Blob(['blob']),
      form,
    ];
    for (const body of known) await client.put(origin, { body });
    expect(bodies).toEqual(seen);
    expect(bodies[4]).toMatch(/^multipart\/form-data; boundary=(\S+) --\1\r\n/);
    await client.put(origin, { body: new Blob(['unknown']).stream() });
    await client.get(origin);
    expect(seen.slice(5)).toEqual([undefined, 'undefined ']);
  });
});

describe('a signature', () => {
  it('goes to no other host, and is made anew at every hop in scope', async () => {
    let made = 0;
    const client = signing(a, {
      sign: ({ url }) => ({ headers: { signature: `${secret}-${++made}@${new URL(url).host}` } }),
    });
    const response = await client.fetch(through(a, b, a));
    const host = new URL(a).host;
    expect(lab.log.map(({ headers }) => headers.signature)).toEqual([
      `${secret}-1@${host}`,
      undefined,
      `${secret}-2@${host}`,
    ]);
    expect(codes(response)).toEqual(['sent', 'scope-other-host', 'sent']);
  });

  it('is made anew for every attempt of a retry', async () => {
    let made = 0;
    const arrived: unknown[] = [];
    const origin = await serve(({ headers }, response) => {
      response.writeHead(arrived.push(headers.signature) < 3 ? 503 : 200).end();
    });
    const client = signing(
      a,
      { for: origin, sign: () => ({ headers: { signature: `s${++made}` } }) },
      { retry: { delay: 0 } },
    );
    expect((await client.fetch(origin)).status).toBe(200);
    expect(arrived).toEqual(['s1', 's2', 's3']);
  });

  it('covers the token that one refresh for all has brought', async () => {
    let refreshes = 0;
    const origin = await serve(({ headers }, response) => {
      const isRight = headers.signature === `over ${headers.authorization}`;
      response.writeHead(!isRight ? 400 : headers.authorization === 'Bearer new' ? 200 : 401).end();
    });
    const refresh = async () => {
      refreshes++;
      await new Promise((resolve) => setImmediate(resolve));
      return 'new';
    };
    const client = createClient({
      credentials: [
        bearer('old', { for: origin, refresh }),
        credential({
          name: 'signature',
          for: origin,
          covers: ['authorization'],
          sign: ({ headers }) => ({ headers: { signature: `over ${headers.authorization}` } }),
        }),
      ],
    });
    const statuses = await Promise.all(
      Array.from({ length: 5 }, async () => (await client.fetch(origin)).status),
    );
    expect([statuses, refreshes]).toEqual([[200, 200, 200, 200, 200], 1]);
  });

  it('stays with its scope in a client that with() makes, and out of calls without credentials', async () => {
    const client = signing(a, { sign: signature }).with({ baseUrl: b });
    expect(codes(await client.fetch('/headers'))).toEqual(['scope-other-host']);
    expect(codes(await client.fetch(`${a}/headers`))).toEqual(['sent']);
    expect(codes(await client.fetch(`${a}/headers`, { credentials: 'omit' }))).toEqual([
      'credentials-omitted',
    ]);
    expect(lab.log.map(({ headers }) => headers.signature)).toEqual([undefined, secret, undefined]);
  });

  it('gives way to the header of its name that the call has', async () => {
    const client = signing(a, { sign: signature });
    const response = await client.fetch(`${a}/headers`, { headers: { signature: 'mine' } });
    expect(codes(response)).toEqual(['sent']);
    expect(traceOf(response).hops[0]?.secrets.map(({ verdict }) => verdict.reasons[0]?.code)).toEqual([
      undefined,
      'explicit-wins',
    ]);
    expect(lab.log[0]?.headers.signature).toBe('mine');
  });

  it('gives way to one of its name that is listed before it', async () => {
    const one = (value: string, received: () => void) =>
      credential({ name: 'signature', for: a, sign: () => ({ headers: { signature: value } }), received });
    const called: string[] = [];
    const credentials = [
      one('first', () => void called.push('first')),
      one('second', () => void called.push('second')),
    ];
    const [hop] = traceOf(await createClient({ credentials }).fetch(`${a}/headers`)).hops;
    expect(hop?.secrets.map(({ verdict }) => verdict.reasons[0]?.code)).toEqual([undefined, 'explicit-wins']);
    expect([lab.log[0]?.headers.signature, called]).toEqual(['first', ['first']]);
  });

  it('is secret: shown nowhere, and a redirect that would carry it elsewhere is not followed', async () => {
    const client = signing(a, { sign: signature });
    const error = await failure(
      client.fetch(`${a}/redirect-to?url=${encodeURIComponent(`${b}/?s=${secret}`)}`),
    );
    expect(error.code).toBe('redirect-reflects-secret');
    const { trace } = error;
    for (const text of [error.message, String(trace), JSON.stringify(trace), JSON.stringify(trace.toHAR())])
      expect(text).not.toContain(secret);
    expect(lab.log).toHaveLength(1);
  });
});

describe('a signer that fails', () => {
  it('ends the call before anything is sent: credential-failed, with its cause and its name', async () => {
    const cause = new Error('hp-secret-vault is closed');
    for (const sign of [
      () => Promise.reject(cause),
      () => {
        throw cause;
      },
    ] as Sign[]) {
      const error = await failure(signing(a, { sign }).fetch(`${a}/headers`));
      expect(error).toMatchObject({ name: 'CredentialError', code: 'credential-failed', cause });
      expect(error.message).toContain('credential signature');
      expect(error.message).not.toContain('hp-secret');
    }
    expect(lab.log).toEqual([]);
  });

  it('does not keep a call that ends meanwhile', async () => {
    const { signal, abort } = withAbort();
    const sign: Sign = () => {
      abort();
      return new Promise(() => {});
    };
    const error = await failure(signing(a, { sign }).fetch(`${a}/headers`, { signal }));
    expect(error.name).toBe('AbortError');
    expect(lab.log).toEqual([]);
  });

  it.each<[unknown, RegExp]>([
    [{ headers: { accept: 'x' } }, /signature cannot sign by accept, which this request has already/],
    [{ headers: { Authorization: 'x' } }, /cannot sign by authorization/],
    [{ headers: { Cookie: 'a=b' } }, /cannot attach Cookie/],
    [{ headers: { 'Proxy-Authorization': 'x' } }, /cannot attach Proxy-Authorization/],
    [{ headers: { Host: 'evil.test' } }, /host is written by the transport/],
    [{ headers: { 'Content-Length': '0' } }, /content-length is written by the transport/],
    [{ headers: { 'Transfer-Encoding': 'chunked' } }, /transfer-encoding is written by the transport/],
    [{ headers: { connection: 'close' } }, /connection is written by the transport/],
    [{ headers: { 'x-signature': 'hp-secret\n' + 'x' } }, /x-signature holds characters/],
    [{ query: { signature: 'x' } }, /has no option query/],
    [undefined, /sign of the credential signature gives/],
    ['hp-secret', /sign of the credential signature gives/],
  ])('%j is a TypeError', async (given, sentence) => {
    const client = signing(
      a,
      { sign: () => given as object },
      { headers: { accept: 'text/plain', authorization: 'Bearer x' }, baseUrl: a },
    );
    const error = await failure(client.fetch('/headers'));
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toMatch(sentence);
    expect(error.message).not.toContain('hp-secret');
    expect(lab.log).toEqual([]);
  });

  it.each<[object, RegExp]>([
    [{ sign: 'x' }, /^sign of credential is a function/],
    [{}, /^attach, or else sign, of credential\(/],
    [{ sign: signature, covers: 'authorization' }, /covers of credential is an array/],
    [{ sign: signature, received: true }, /^received of credential is a function/],
    [{ sign: signature, finish: signature }, /^credential has no option finish/],
  ])('%o is refused when it is made', (spec, sentence) => {
    expect(() => signing(a, spec)).toThrow(sentence);
  });
});

function withAbort() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}
