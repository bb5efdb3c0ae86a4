import type { Socket } from 'node:net';
import { Agent } from 'undici';
import { expect, it } from 'vitest';
import { useServers } from '../../../tools/test/serve.ts';
import { type ClientOptions, createClient, fetchTransport } from '../index.ts';
import { undiciTransport } from '../undici/index.ts';

const serve = useServers();

/** Ways in which a call fails once the head of an answer is here: the path that is asked for, and the options. */
const ways: readonly (readonly [way: string, path: string, options: ClientOptions])[] = [
  ['follow says no', '/redirect', { redirect: { follow: () => false } }],
  ["redirect: 'error'", '/redirect', { redirect: 'error' }],
  ['the limit of redirects', '/redirect', { redirect: { maxRedirects: 0 } }],
  ['a wait that is too long', '/wait', {}],
  ['a Location that is no URL', '/bad-location', {}],
  ['a response hook that throws', '/ok', { hooks: { response: [() => Promise.reject(new Error('no'))] } }],
  [
    'a redirect hook that throws',
    '/redirect',
    { hooks: { redirect: [() => Promise.reject(new Error('no'))] } },
  ],
  ['a response hook that gives no Response', '/ok', { hooks: { response: [() => 'text' as never] } }],
  ['a body over the limit', '/large', { limits: { maxBody: 10 } }],
];

const heads: Readonly<Record<string, readonly [number, Record<string, string>]>> = {
  '/redirect': [302, { location: '/ok' }],
  '/wait': [302, { location: '/ok', 'retry-after': '3600' }],
  '/bad-location': [302, { location: 'ftp://x/' }],
  '/large': [200, { 'content-length': '1000000' }],
  '/coded': [200, { 'content-encoding': 'gzip, gzip, gzip, gzip, gzip, gzip' }],
  '/constructor': [200, { 'content-encoding': 'constructor', 'content-length': '4' }],
};

/** A server whose answers begin and never end, and the sockets that are open to it. */
async function unending() {
  const open = new Set<Socket>();
  const url = await serve(({ url = '', socket }, response) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    response.writeHead(...((heads[url] ?? [200, {}]) as [number, Record<string, string>])).write('text');
  });
  return { url, open };
}

const transports = [
  ['fetch', () => fetchTransport],
  ['undici', () => undiciTransport()],
] as const;

it.each(transports.flatMap(([name, transport]) => ways.map((way) => [name, ...way, transport] as const)))(
  'with %s, a call that ends with %s releases its socket',
  async (_, __, path, options, transport) => {
    const { url, open } = await unending();
    const client = createClient({ transport: transport(), ...options });
    await expect(client.get(`${url}${path}`).text()).rejects.toThrow();
    await expect.poll(() => open.size).toBe(0);
  },
);

it.each(transports)(
  'with %s, a body whose coding is a name of Object is as it was sent',
  async (_, transport) => {
    const { url } = await unending();
    const client = createClient({ transport: transport() });
    expect(await client.get(`${url}/constructor`).text()).toBe('text');
  },
);

it('answers whose bodies nobody reads leave a pool of two connections free, as long as they are short', async () => {
  const url = await serve((_, response) => void response.end('x'.repeat(60_000)));
  const dispatcher = new Agent({ connections: 2, pipelining: 1 });
  const client = createClient({ transport: undiciTransport({ dispatcher }) });
  const unread: Response[] = [];
  for (let call = 0; call < 6; call++) unread.push(await client.get(url));
  expect(await Promise.all(unread.map(async (response) => (await response.text()).length))).toEqual(
    Array(6).fill(60_000),
  );
  await dispatcher.close();
});

it.each(transports)(
  'with %s, an answer whose headers are longer than Node takes says what takes them',
  async (_, transport) => {
    const url = await serve(
      (_, response) => void response.setHeader('x-saml', 'x'.repeat(20_000)).end('text'),
    );
    await expect(createClient({ transport: transport() }).get(url)).rejects.toThrow(
      /new Agent\({ maxHeaderSize: 65_536 }\)/,
    );
    const dispatcher = new Agent({ maxHeaderSize: 65_536 });
    expect(
      await createClient({ transport: undiciTransport({ dispatcher }) })
        .get(url)
        .text(),
    ).toBe('text');
    await dispatcher.close();
  },
);

it('a body of six codings, one upon another, fails and releases its socket', async () => {
  const { url, open } = await unending();
  const client = createClient({ transport: undiciTransport() });
  await expect(client.get(`${url}/coded`).text()).rejects.toThrow('6 times over');
  await expect.poll(() => open.size).toBe(0);
});

it.each<[string, unknown, string, object]>([
  ['what is no error', 'no network', 'the transport failed', {}],
  ['an error without a code', new Error('it broke'), 'it broke', {}],
  ['an error with one', Object.assign(new Error(''), { code: 'EPIPE' }), 'EPIPE', { code: 'EPIPE' }],
])('a transport that rejects with %s is told with what it said', async (_, thrown, reason, facts) => {
  const client = createClient({ transport: () => Promise.reject(thrown) });
  const error = await client.get('http://a.test/').catch((failure) => failure);
  expect(error).toMatchObject({ name: 'NetworkError', code: 'network' });
  expect(error.message).toBe(`GET http://a.test/ got no answer: ${reason}`);
  expect({ ...error.cause }).toStrictEqual({ name: 'Error', ...facts });
});
