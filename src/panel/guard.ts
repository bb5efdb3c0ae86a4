import { isLoopback } from '../scope/origin.ts';
import type { Exchange } from '../server/exchange.ts';

/** Headers that proxies, tunnels and content networks add, and no browser does. */
const ofProxies =
  /^(?:x-forwarded|x-original-|x-envoy-|x-amzn-|x-azure-|x-appengine-|x-vercel-|x-nf-|x-arr-|cf-|fly-|fastly-|ngrok-|tailscale-|proxy-)|^(?:forwarded|via|cdn-loop|client-ip|x-real-ip|x-client-ip|true-client-ip|x-cluster-client-ip|x-remote-\w+|x-scheme|x-proxy-\w+|x-cloud-trace-context)$/;

/** Why a request may not see the panel, whatever token it has, in a sentence for the developer; `undefined` where it may. */
export function whyNotShown(exchange: Exchange): string | undefined {
  const { address } = exchange;
  if (address === undefined)
    return 'the host does not know who asks: serve it by toNodeListener, or on Node.';
  if (!isLoopbackAddress(address)) return 'the request came from another machine.';
  const proxied = [...exchange.headerNames()].find((name) => ofProxies.test(name));
  if (proxied !== undefined) return `the request came through a proxy (${proxied}).`;
  // A browser says keep-alive alone. nginx and http-proxy say close unless they are set otherwise, and pass on an upgrade that
  // their caller asks for; both may write a Host of their own.
  const connection = /\b(?:close|upgrade)\b/i.exec(exchange.header('connection') ?? '');
  if (connection !== null)
    return `the request came through a proxy (Connection: ${connection[0].toLowerCase()}).`;
  const origin = ownOrigin(exchange);
  if (origin === undefined || !isLoopback(origin.hostname))
    return 'the Host is not this machine: open it as localhost.';
  const site = exchange.header('sec-fetch-site');
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return 'another site or origin asked.';
  const asking = exchange.header('origin');
  if (asking !== undefined && asking !== origin.origin) return 'another origin asked.';
  return undefined;
}

/** The origin that the request names: its Host, which a page of another host cannot choose to be localhost. */
export function ownOrigin(exchange: Exchange): URL | undefined {
  const named = exchange.header('host') ?? URL.parse(exchange.url)?.host;
  const scheme = exchange.secure ? 'https' : 'http';
  return named === undefined ? undefined : (URL.parse(`${scheme}://${named}`) ?? undefined);
}

/** 127.0.0.0/8 and ::1, an address of version 4 in one of version 6 too. */
const isLoopbackAddress = (address: string) =>
  /^(?:::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/i.test(address) || address === '::1';
