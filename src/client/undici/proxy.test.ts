import { createClient } from 'hallpass/client';
import { undiciTransport } from 'hallpass/client/undici';
import { expect, test } from 'vitest';
import { useServers } from '../../../tools/test/serve.ts';
import { proxyDispatcher } from './proxy.ts';

const serve = useServers();

/** Where a request for `url` arrives when the environment says this: at the proxy, or at the origin itself. */
async function arrivesAt(path: string, env: (proxy: string, origin: string) => Record<string, string>) {
  const origin = await serve((_, response) => response.end('origin'));
  const proxy = await serve((request, response) => response.end(`proxy for ${request.url}`));
  const dispatcher = proxyDispatcher('env', undefined, env(proxy, origin));
  const client = createClient({ transport: undiciTransport({ dispatcher }) });
  const text = await (await client.fetch(`${origin}${path}`)).text();
  await dispatcher.close();
  return text.replace(origin, '');
}

test.each<[string, (proxy: string, origin: string) => Record<string, string>, string]>([
  ['HTTP_PROXY', (proxy) => ({ HTTP_PROXY: proxy }), 'proxy for /x'],
  [
    'http_proxy before HTTP_PROXY',
    (proxy) => ({ http_proxy: proxy, HTTP_PROXY: 'http://a.invalid' }),
    'proxy for /x',
  ],
  ['a proxy without a scheme', (proxy) => ({ HTTP_PROXY: proxy.replace('http://', '') }), 'proxy for /x'],
  ['an empty HTTP_PROXY', () => ({ HTTP_PROXY: '' }), 'origin'],
  ['nothing', () => ({}), 'origin'],
  ['HTTPS_PROXY alone, for http', (proxy) => ({ HTTPS_PROXY: proxy }), 'origin'],
  [
    'NO_PROXY with the host',
    (proxy) => ({ HTTP_PROXY: proxy, NO_PROXY: 'example.com, 127.0.0.1' }),
    'origin',
  ],
  ['no_proxy for every host', (proxy) => ({ HTTP_PROXY: proxy, no_proxy: '*' }), 'origin'],
  ['NO_PROXY with another port', (proxy) => ({ HTTP_PROXY: proxy, NO_PROXY: '127.0.0.1:1' }), 'proxy for /x'],
  ['HTTP_PROXY in a program of CGI', (proxy) => ({ HTTP_PROXY: proxy, REQUEST_METHOD: 'GET' }), 'origin'],
])('the environment says %s', async (_, env, arrived) => {
  expect(await arrivesAt('/x', env)).toBe(arrived);
});

test.each(['http://user:hp-secret-pa/ss@proxy', 'ftp://hp-secret@proxy', 'not a hp-secret url'])(
  'a proxy that is no URL is a TypeError, which does not repeat it',
  (proxy) => {
    const isRefused = (make: () => unknown) => {
      expect(make).toThrow(TypeError);
      expect(make).toThrow(/^(?!.*hp-secret).*is no URL of a proxy: write it as http/);
    };
    isRefused(() => undiciTransport({ proxy }));
    isRefused(() => proxyDispatcher('env', undefined, { HTTPS_PROXY: proxy }));
  },
);
