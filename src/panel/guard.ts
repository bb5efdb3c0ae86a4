import { isLoopback } from '../scope/origin.ts';
import type { Exchange } from '../server/exchange.ts';

/** Headers by which a proxy tells of itself, whatever its kind. */
const ofProxies: readonly string[] = [
  'forwarded',
  'x-forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-forwarded-port',
  'x-forwarded-server',
  'x-forwarded-prefix',
  'x-forwarded-scheme',
  'x-forwarded-ssl',
  'x-forwarded-by',
  'x-forwarded-client-cert',
  'x-forwarded-email',
  'x-forwarded-method',
  'x-forwarded-path',
  'x-forwarded-protocol',
  'x-forwarded-uri',
  'x-forwarded-user',
  'x-original-host',
  'x-original-forwarded-for',
  'x-real-ip',
  'x-client-ip',
  'true-client-ip',
  'cf-connecting-ip',
  'cf-ray',
  'fly-client-ip',
  'fastly-client-ip',
  'x-cluster-client-ip',
  'x-azure-clientip',
  'x-envoy-external-address',
  'x-amzn-trace-id',
  'cdn-loop',
  'via',
];

/** Why a request may not see the panel, in a sentence for the developer; `undefined` where it may. */
export function whyNotShown(exchange: Exchange): string | undefined {
  const { address } = exchange;
  if (address === undefined)
    return 'the host does not know who asks: serve it by toNodeListener, or on Node.';
  if (!isLoopbackAddress(address)) return 'the request came from another machine.';
  const proxied = ofProxies.find((name) => exchange.header(name) !== undefined);
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
function ownOrigin(exchange: Exchange): URL | undefined {
  const named = exchange.header('host') ?? URL.parse(exchange.url)?.host;
  const scheme = exchange.secure ? 'https' : 'http';
  return named === undefined ? undefined : (URL.parse(`${scheme}://${named}`) ?? undefined);
}

/** 127.0.0.0/8 and ::1, an address of version 4 in one of version 6 too. */
const isLoopbackAddress = (address: string) =>
  /^(?:::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/i.test(address) || address === '::1';
