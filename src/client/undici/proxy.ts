import type { ConnectionOptions } from 'node:tls';
import { type Dispatcher, EnvHttpProxyAgent, ProxyAgent } from 'undici';
import { textOf } from '../../errors/misuse.ts';

/**
 * The dispatcher that goes through a proxy. `'env'`: through those that HTTP_PROXY and HTTPS_PROXY name, in lower or upper
 * case, but for the hosts of NO_PROXY. @throws TypeError for a proxy that is no URL; it is not repeated, as it may hold a password
 */
export function proxyDispatcher(
  proxy: string | URL,
  tls: ConnectionOptions | undefined,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Dispatcher {
  const requestTls = tls && { requestTls: tls as object };
  if (proxy !== 'env')
    return new ProxyAgent({
      uri: proxyUrl('proxy', textOf(proxy, 'The proxy of undiciTransport')),
      ...requestTls,
    });
  // A server of CGI has the request's own header Proxy in HTTP_PROXY: whoever asks would choose the proxy.
  const plain = env.http_proxy ?? (env.REQUEST_METHOD === undefined ? env.HTTP_PROXY : undefined);
  const secure = env.https_proxy ?? env.HTTPS_PROXY;
  return new EnvHttpProxyAgent({
    httpProxy: plain ? proxyUrl('HTTP_PROXY', plain) : '',
    httpsProxy: secure ? proxyUrl('HTTPS_PROXY', secure) : '',
    noProxy: env.no_proxy ?? env.NO_PROXY ?? '',
    connect: { ...(tls as object), timeout: 0 },
    ...requestTls,
  });
}

/** As people write it: without a scheme it is http. */
function proxyUrl(name: string, text: string): string {
  const url = URL.parse(text.includes('://') ? text : `http://${text}`);
  if (url !== null && /^(?:https?|socks5?):$/.test(url.protocol)) return url.href;
  throw new TypeError(`${name} is no URL of a proxy: write it as http://proxy.example.com:3128.`);
}
