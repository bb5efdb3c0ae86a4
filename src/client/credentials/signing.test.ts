import { createHash, createHmac, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { calculateJwkThumbprint, EmbeddedJWK, exportJWK, generateKeyPair, jwtVerify, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { useServers } from '../../../tools/test/serve.ts';
import { bearer, createClient, credential, traceOf } from '../index.ts';

const serve = useServers();

const base64url = (text: string) => createHash('sha256').update(text).digest('base64url');

describe('DPoP (RFC 9449) as a credential', () => {
  /** A token bound to a key, and the proofs for it; the nonce of each origin is kept from whatever answer brings it. */
  async function dpop(token: string, origins: string[]) {
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    const jwk = await exportJWK(publicKey);
    const nonces = new Map<string, string>();
    const statuses: number[] = [];
    const made = credential({
      name: 'authorization',
      for: origins,
      attach: () => ({ headers: { authorization: `DPoP ${token}` } }),
      async sign({ url, method }) {
        const { origin, pathname } = new URL(url);
        const nonce = nonces.get(origin);
        const proof = new SignJWT({
          htm: method,
          htu: origin + pathname,
          ath: base64url(token),
          ...(nonce && { nonce }),
        });
        proof
          .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk })
          .setIssuedAt()
          .setJti(crypto.randomUUID());
        return { headers: { dpop: await proof.sign(privateKey) } };
      },
      received(response, { url }) {
        const nonce = response.headers.get('dpop-nonce');
        statuses.push(response.status);
        if (nonce === null) return false;
        nonces.set(new URL(url).origin, nonce);
        return response.status === 400 || response.status === 401;
      },
    });
    return { credential: made, thumbprint: await calculateJwkThumbprint(jwk), statuses };
  }

  /** A resource server with nonces: each is good once, and every answer brings the next. */
  async function resource(thumbprint: () => string, away?: string) {
    const answers: string[] = [];
    const proofs = new Set<string>();
    let nonce = 'n0';
    const origin: string = await serve(async ({ method, url, headers }, response) => {
      const judge = async () => {
        const proof = headers.dpop;
        if (typeof proof !== 'string') return 'no proof';
        const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, {
          typ: 'dpop+jwt',
          algorithms: ['ES256'],
        });
        if (payload.nonce !== nonce) return 'use_dpop_nonce';
        nonce = `n${proofs.add(proof).size}`;
        const isBound = (await calculateJwkThumbprint(protectedHeader.jwk ?? {})) === thumbprint();
        const { htm, htu, ath } = payload;
        const isRight =
          htm === method && htu === `${origin}${url?.split('?')[0]}` && ath === base64url('a-token');
        return isBound && isRight && headers.authorization === 'DPoP a-token' ? 'ok' : 'wrong proof';
      };
      const verdict = await judge();
      answers.push(`${method} ${url} ${verdict}`);
      response.setHeader('dpop-nonce', nonce);
      if (verdict !== 'ok') response.writeHead(401, { 'www-authenticate': `DPoP error="${verdict}"` }).end();
      else if (url === '/away') response.writeHead(307, { location: `${away}/elsewhere` }).end();
      else if (url === '/moved') response.writeHead(302, { location: '/here' }).end();
      else response.end('welcome');
    });
    return {
      origin,
      answers,
      rotate: () => {
        nonce = 'forced';
      },
    };
  }

  it('answers a challenge for a nonce once, and knows the next from each answer', async () => {
    let thumbprint = '';
    const server = await resource(() => thumbprint);
    const proof = await dpop('a-token', [server.origin]);
    thumbprint = proof.thumbprint;
    const client = createClient({ baseUrl: server.origin, credentials: proof.credential });

    const first = await client.post('/orders?a=b', { json: { what: 'tea' } });
    expect([first.status, await first.text()]).toEqual([200, 'welcome']);
    expect(server.answers).toEqual(['POST /orders?a=b use_dpop_nonce', 'POST /orders?a=b ok']);
    expect(traceOf(first).hops.map(({ cause, status }) => [cause, status])).toEqual([
      ['start', 401],
      ['challenge', 200],
    ]);

    expect(await client.get('/moved').text()).toBe('welcome');
    expect(server.answers.slice(2)).toEqual(['GET /moved ok', 'GET /here ok']);
    expect(proof.statuses).toEqual([401, 200, 302, 200]);

    server.rotate();
    expect((await client.get('/late')).status).toBe(200);
    expect(server.answers.slice(4)).toEqual(['GET /late use_dpop_nonce', 'GET /late ok']);
  });

  it('is never made for another host, and a server that always asks for a nonce is asked twice', async () => {
    const arrived: (string | string[] | undefined)[] = [];
    const other = await serve(({ headers }, response) => {
      arrived.push(headers.dpop, headers.authorization);
      response.end();
    });
    let thumbprint = '';
    const server = await resource(() => thumbprint, other);
    const proof = await dpop('a-token', [server.origin]);
    thumbprint = proof.thumbprint;
    const client = createClient({ credentials: proof.credential });
    const response = await client.fetch(`${server.origin}/away`);
    expect(response.url).toBe(`${other}/elsewhere`);
    expect(arrived).toEqual([undefined, undefined]);
    expect(proof.statuses).toEqual([401, 307]);

    const greedy = await serve((_, answer) => void answer.writeHead(400, { 'dpop-nonce': 'again' }).end());
    const never = await dpop('a-token', [greedy]);
    const refused = await createClient({ credentials: never.credential }).fetch(greedy);
    expect([refused.status, never.statuses]).toEqual([400, [400, 400]]);
  });
});

describe('AWS Signature Version 4 as a credential', () => {
  const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
  const sha256 = (octets: Uint8Array | string) => createHash('sha256').update(octets).digest('hex');
  const escaped = (text: string) =>
    encodeURIComponent(text).replace(
      /[!'()*]/g,
      (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
    );

  /** As the AWS General Reference describes it, for a service whose paths are plain. */
  function sigV4(origin: string, now: () => Date, secretKey = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY') {
    return credential({
      name: 'authorization',
      for: origin,
      async sign(request) {
        const octets = await request.bytes();
        const url = new URL(request.url);
        const date = now()
          .toISOString()
          .replace(/[-:]|\.\d+/g, '');
        const scope = `${date.slice(0, 8)}/us-east-1/service/aws4_request`;
        const type = request.headers['content-type'];
        const signed = [
          ...(type === undefined ? [] : [['content-type', type]]),
          ['host', url.host],
          ['x-amz-date', date],
        ];
        const names = signed.map(([name]) => name).join(';');
        const query = [...url.searchParams].map(([name, value]) => `${escaped(name)}=${escaped(value)}`);
        const canonical = [
          request.method,
          url.pathname,
          query.sort().join('&'),
          ...signed.map(([name, value]) => `${name}:${value}`),
          '',
          names,
          octets === undefined ? 'UNSIGNED-PAYLOAD' : sha256(octets),
        ].join('\n');
        const text = ['AWS4-HMAC-SHA256', date, scope, sha256(canonical)].join('\n');
        const key = scope.split('/').reduce<string | Buffer>(hmac, `AWS4${secretKey}`);
        const authorization = `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/${scope}, SignedHeaders=${names}, Signature=${hmac(key as Buffer, text).toString('hex')}`;
        return { headers: { 'x-amz-date': date, authorization } };
      },
    });
  }

  const origin = 'https://example.amazonaws.com';
  const transport = async ({ headers }: { headers: Headers }) => new Response(headers.get('authorization'));
  const client = createClient({
    transport,
    credentials: sigV4(origin, () => new Date(Date.UTC(2015, 7, 30, 12, 36, 0))),
  });

  // From the test suite that AWS publishes (aws-sig-v4-test-suite).
  it.each<[string, string, RequestInit, string]>([
    ['get-vanilla', '/', {}, '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
    [
      'get-vanilla-query-order-key-case',
      '/?Param2=value2&Param1=value1',
      {},
      'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
    ],
    ['get-utf8', '/ሴ', {}, '8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85'],
    [
      'post-vanilla',
      '/',
      { method: 'POST' },
      '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b',
    ],
    [
      'post-x-www-form-urlencoded',
      '/',
      {
        method: 'POST',
        body: 'Param1=value1',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      },
      'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
    ],
  ])('%s', async (_, path, init, expected) => {
    const authorization = await (await client.fetch(origin + path, init)).text();
    expect(authorization.split('Signature=')[1]).toBe(expected);
    expect(authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/20150830\/us-east-1\/service\/aws4_request, /,
    );
  });

  it('signs an upload over a socket, each attempt with the time of that attempt', async () => {
    const dates: unknown[] = [];
    let seconds = 0;
    const server = await serve(async (request, response) => {
      await once(request.resume(), 'end');
      response.writeHead(dates.push(request.headers['x-amz-date']) === 1 ? 503 : 200).end();
    });
    const signer = sigV4(server, () => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds++)));
    const hasty = createClient({ credentials: signer, retry: { delay: 0 } });
    expect((await hasty.put(`${server}/key`, { body: new Uint8Array(100_000) })).status).toBe(200);
    expect(dates).toEqual(['20260101T000000Z', '20260101T000001Z']);
  });
});

describe('HTTP Message Signatures (RFC 9421) with a Content-Digest (RFC 9530) as credentials', () => {
  const sha512 = (octets: Uint8Array) => `sha-512=:${createHash('sha512').update(octets).digest('base64')}:`;

  const digest = (origin: string) =>
    credential({
      name: 'content-digest',
      for: origin,
      async sign(request) {
        const octets = await request.bytes();
        return octets === undefined ? {} : { headers: { 'content-digest': sha512(octets) } };
      },
    });

  /** The signature base of RFC 9421 §2.5. `values`: of components that are no header of the request yet. */
  function signatureBase(
    request: { url: string; method: string; headers: Readonly<Record<string, string>> },
    components: readonly string[],
    parameters: string,
    values: Readonly<Record<string, string>> = {},
  ): { input: string; base: string } {
    const { host, pathname, search } = new URL(request.url);
    const derived: Record<string, string> = {
      '@method': request.method,
      '@authority': host,
      '@path': pathname,
      '@query': search === '' ? '?' : search,
    };
    const input = `(${components.map((name) => `"${name}"`).join(' ')})${parameters}`;
    const lines = components.map(
      (name) => `"${name}": ${derived[name] ?? values[name] ?? request.headers[name]}`,
    );
    return { input, base: [...lines, `"@signature-params": ${input}`].join('\n') };
  }

  const message = signer(
    'https://example.com',
    {
      label: 'sig-b26',
      components: ['date', '@method', '@path', '@authority', 'content-type', 'content-length'],
    },
    ';created=1618884473;keyid="test-key-ed25519"',
  );

  function signer(
    origin: string,
    { label, components }: { label: string; components: readonly string[] },
    parameters: string,
    covers: readonly string[] = [],
  ) {
    return credential({
      name: 'signature',
      for: origin,
      covers,
      async sign(request) {
        // The example of the RFC covers it, and the transport writes it later.
        const length = String((await request.bytes())?.length ?? 0);
        const { input, base } = signatureBase(request, components, parameters, { 'content-length': length });
        const signature = sign(null, Buffer.from(base), privateKey()).toString('base64');
        return {
          headers: { 'signature-input': `${label}=${input}`, signature: `${label}=:${signature}:` },
        };
      },
    });
  }

  /** The key test-key-ed25519 of RFC 9421 B.1.4. */
  function privateKey() {
    const base64 = 'MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF';
    return createPrivateKey(`-----BEGIN PRIVATE KEY-----\n${base64}\n-----END PRIVATE KEY-----`);
  }
  const publicX = 'JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs';

  const body = '{"hello": "world"}';
  const init = {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', date: 'Tue, 20 Apr 2021 02:07:55 GMT' },
  };

  it('gives the signature that stands in B.2.6 of the RFC, over the digest that stands in its B.2', async () => {
    const client = createClient({
      credentials: [digest('https://example.com'), message],
      transport: async ({ headers }) => Response.json([...headers]),
    });
    const sent = Object.fromEntries(
      await client
        .fetch('https://example.com/foo?param=Value&Pet=dog', init)
        .then((response) => response.json()),
    );
    expect(sent['content-digest']).toBe(
      'sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:',
    );
    expect(sent.signature).toBe(
      'sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:',
    );
  });

  it('is found right by a server that reads what came, with the token and the digest in it, and no other signer sees the token', async () => {
    const judged: unknown[] = [];
    const server: string = await serve(async (request, response) => {
      const octets = await buffer(request);
      const headers = request.headers as Record<string, string>;
      const [, names = '', parameters = ''] =
        /^sig=\(([^)]*)\)(.*)$/.exec(headers['signature-input'] ?? '') ?? [];
      const components = names.split(' ').map((name) => name.slice(1, -1));
      const url = `http://${request.headers.host}${request.url}`;
      const { base } = signatureBase({ url, method: request.method ?? '', headers }, components, parameters);
      const signature = Buffer.from(headers.signature?.slice('sig=:'.length, -1) ?? '', 'base64');
      const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicX }, format: 'jwk' });
      judged.push([
        components,
        verify(null, Buffer.from(base), key, signature),
        headers['content-digest'] === sha512(octets),
      ]);
      response.end();
    });
    const components = ['@method', '@authority', '@query', 'content-digest', 'authorization'];
    const parameters = ';created=1618884473;keyid="test-key-ed25519"';
    const form = { label: 'sig', components };
    const seen: unknown[] = [];
    const onlooker = credential({
      name: 'x-onlooker',
      for: server,
      sign({ headers, headerNames }) {
        seen.push(headers.authorization, headerNames.includes('authorization'));
        return {};
      },
    });
    const client = createClient({
      credentials: [
        bearer('a-token', { for: server }),
        digest(server),
        signer(server, form, parameters, ['Authorization', 'content-digest']),
        onlooker,
      ],
    });
    await client.post(`${server}/orders?a=b`, { json: { what: 'tea' } });
    await client.put(`${server}/orders`, { body: new Uint8Array(100_000).fill(7) });
    expect(judged).toEqual([
      [components, true, true],
      [components, true, true],
    ]);
    expect(seen).toEqual([undefined, true, undefined, true]);
  });
});
