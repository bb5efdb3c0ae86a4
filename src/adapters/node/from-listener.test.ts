import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { pipeline } from '../../server/index.ts';
import { fromNodeListener } from './from-listener.ts';
import { type NodePlatform, toNodeListener } from './listener.ts';

type Socket = IncomingMessage['socket'] & { encrypted?: boolean };

const echo = fromNodeListener(async (incoming, outgoing) => {
  let body = '';
  for await (const chunk of incoming.setEncoding('utf8')) body += chunk;
  const { method, url, headers, socket } = incoming;
  const { remoteAddress, encrypted } = socket as Socket;
  outgoing.setHeader('set-cookie', ['a=1', 'b=2']);
  outgoing.setHeader('content-type', 'application/json');
  outgoing.end(
    JSON.stringify({
      method,
      url,
      host: headers.host,
      cookie: headers.cookie,
      body,
      remoteAddress,
      encrypted,
    }),
  );
});

describe('a listener of node:http runs without a port', () => {
  it('over real messages, both ways', async () => {
    const request = new Request('https://testserver:8443/x?y=1', {
      method: 'POST',
      body: 'hällo',
      headers: { cookie: 'a=1; b=2' },
    });
    const response = await echo(request);
    expect(response.status).toBe(200);
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(await response.json()).toEqual({
      method: 'POST',
      url: '/x?y=1',
      host: 'testserver:8443',
      cookie: 'a=1; b=2',
      body: 'hällo',
      remoteAddress: '127.0.0.1',
      encrypted: true,
    });
  });

  it.each(['POST', 'DELETE', 'OPTIONS'])('%s may have a body', async (method) => {
    const request = new Request('http://testserver/', { method, body: 'hello' });
    expect(await (await echo(request)).json()).toMatchObject({ method, body: 'hello' });
  });

  it.each([204, 304])('%i has no body', async (status) => {
    const call = fromNodeListener((_, outgoing) => void outgoing.writeHead(status).end());
    const response = await call(new Request('http://testserver/'));
    expect([response.status, response.body]).toEqual([status, null]);
  });

  it('a HEAD has none either', async () => {
    const response = await echo(new Request('http://testserver/', { method: 'HEAD' }));
    expect([response.status, response.body]).toEqual([200, null]);
  });

  it('a redirect is an answer', async () => {
    const call = fromNodeListener((_, outgoing) => void outgoing.writeHead(302, { location: '/next' }).end());
    const response = await call(new Request('http://testserver/'));
    expect([response.status, response.headers.get('location')]).toEqual([302, '/next']);
  });

  it('a large body is streamed both ways', async () => {
    const call = fromNodeListener((incoming, outgoing) => void incoming.pipe(outgoing));
    const body = 'x'.repeat(1_000_000);
    const response = await call(new Request('http://testserver/', { method: 'POST', body }));
    expect((await response.text()).length).toBe(body.length);
  });

  it('calls run side by side', async () => {
    const urls = Array.from({ length: 20 }, (_, i) => `http://testserver/${i}`);
    const bodies = await Promise.all(urls.map(async (url) => (await echo(new Request(url))).json()));
    expect(bodies.map((body) => body.url)).toEqual(urls.map((_, i) => `/${i}`));
  });
});

describe('what goes wrong rejects the call', () => {
  const thrown = new Error('thrown');
  it.each<[string, (incoming: IncomingMessage, outgoing: ServerResponse) => unknown]>([
    [
      'a throw',
      () => {
        throw thrown;
      },
    ],
    ['a rejection', () => Promise.reject(thrown)],
  ])('%s', async (_, listener) => {
    await expect(fromNodeListener(listener)(new Request('http://testserver/'))).rejects.toBe(thrown);
  });

  it('a connection that ends without an answer', async () => {
    const call = fromNodeListener((incoming) => void incoming.socket.destroy());
    await expect(call(new Request('http://testserver/'))).rejects.toMatchObject({ code: 'network' });
  });

  it('an abort, with its reason, before and while the listener works', async () => {
    const reason = new Error('enough');
    const controller = new AbortController();
    const call = fromNodeListener(() => controller.abort(reason));
    const request = new Request('http://testserver/', { signal: controller.signal });
    await expect(call(request)).rejects.toBe(reason);
    await expect(call(request)).rejects.toBe(reason);
  });
});

it('there and back again: the pipeline behind Node, and a proxy in front of it', async () => {
  const handle = pipeline<object, [NodePlatform]>({})((request, context, { incoming }) =>
    Response.json([request.url, context.address, incoming.headers.host]),
  );
  const headers = {
    'x-forwarded-for': '1.2.3.4',
    'x-forwarded-host': 'outer.test',
    'x-forwarded-proto': 'https',
  };
  const request = () => new Request('http://inner.test/x', { headers });
  const behindProxy = fromNodeListener(toNodeListener(handle, { trustProxy: '127.0.0.1' }));
  expect(await (await behindProxy(request())).json()).toEqual([
    'https://outer.test/x',
    '1.2.3.4',
    'inner.test',
  ]);
  const open = fromNodeListener(toNodeListener(handle));
  expect(await (await open(request())).json()).toEqual(['http://inner.test/x', '127.0.0.1', 'inner.test']);
});
