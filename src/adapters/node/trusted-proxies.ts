import { BlockList, isIP, isIPv6 } from 'node:net';
import { checkOptions, oneOf, type Shape } from '../../errors/misuse.ts';
import {
  type ForwardedElement,
  forwardedElements,
  type ReadHeader,
  unmapped,
  xForwardedElements,
} from './forwarded.ts';

/** Proxies, and which of their headers tell of the visitor. */
export interface TrustProxyOptions {
  /** Addresses and subnets of the proxies, as `127.0.0.1` and `10.0.0.0/8`. */
  addresses: string | readonly string[];
  /**
   * Which headers they write: `'x-forwarded'` (X-Forwarded-For, -Proto and -Host) or `'forwarded'` (RFC 7239). The other kind is
   * never read, for it is the visitor's own. Default: `'x-forwarded'`.
   */
  headers?: 'x-forwarded' | 'forwarded';
  /** False: the host that they tell is not believed, and Host counts. For proxies that pass a visitor's X-Forwarded-Host on. Default: true. */
  host?: boolean;
}

/** The addresses alone, or with what else is to be said of them. */
export type TrustProxy = string | readonly string[] | TrustProxyOptions;

/** What a connection, and the proxies that are trusted on it, say of the visitor. */
export interface Peer {
  readonly address: string | undefined;
  readonly scheme: 'http' | 'https';
  /** What a trusted proxy says was asked for. */
  readonly host: string | undefined;
}

/** Connection addresses whose word on the visitor is believed. */
export interface TrustedProxies {
  peer(address: string | undefined, encrypted: boolean, header: ReadHeader): Peer;
}

/** Addresses are judged one by one. */
const trustProxyShape: Shape<TrustProxyOptions> = {
  addresses: 'any',
  headers: oneOf(['x-forwarded', 'forwarded']),
  host: 'boolean',
};

/** @throws TypeError for what names no addresses, or too many */
export function prepareTrustedProxies(trusted: TrustProxy | undefined): TrustedProxies {
  const { addresses, headers, host: believesHost } = readOptions(trusted);
  const list = new BlockList();
  for (const entry of addresses) addTo(list, entry);
  const isTrusted = (address: string | undefined) =>
    address !== undefined && list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
  const elementsOf = headers === 'forwarded' ? forwardedElements : xForwardedElements;

  return {
    peer(connected, encrypted, header) {
      const address = connected && unmapped(connected);
      const direct: Peer = { address, scheme: encrypted ? 'https' : 'http', host: undefined };
      if (addresses.length === 0 || !isTrusted(address)) return direct;

      const visitor = visitorOf(elementsOf(header), isTrusted);
      return {
        address: visitor?.address ?? direct.address,
        scheme: visitor?.scheme ?? direct.scheme,
        host: believesHost ? visitor?.host : undefined,
      };
    },
  };
}

/** Each proxy appends who called it: from the right, the first that is not a trusted proxy is the visitor. */
function visitorOf(
  elements: readonly ForwardedElement[],
  isTrusted: (address: string | undefined) => boolean,
): ForwardedElement | undefined {
  let visitor = elements.length - 1;
  while (visitor > 0 && isTrusted(elements[visitor]?.address)) visitor--;
  return elements[visitor];
}

function readOptions(trusted: unknown = []): Required<TrustProxyOptions> & { addresses: readonly string[] } {
  const isPlain = typeof trusted === 'object' && trusted !== null && !Array.isArray(trusted);
  const {
    addresses,
    headers = 'x-forwarded',
    host = true,
  } = isPlain
    ? (trusted as Partial<TrustProxyOptions>)
    : { addresses: trusted as TrustProxyOptions['addresses'] };
  if (isPlain) checkOptions(trusted, trustProxyShape, 'a pipeline', 'trustProxy.');
  const entries: readonly unknown[] = [addresses].flat();
  const name = isPlain ? 'trustProxy.addresses' : 'trustProxy';
  return { addresses: entries.map((entry) => assertText(entry, name)), headers, host };
}

/** Other libraries take `true`, and a number of proxies: both believe whoever connects. */
function assertText(entry: unknown, name: string): string {
  if (typeof entry === 'string') return entry;
  const what =
    entry === true || typeof entry === 'number'
      ? `${entry} would believe whoever connects`
      : `${entry === null ? 'null' : typeof entry} is no address`;
  throw new TypeError(
    `${name}: ${what}. Name the addresses of your proxies, as '10.0.0.0/8', or '127.0.0.1' for one on this machine; without a proxy, leave it out.`,
  );
}

function addTo(list: BlockList, entry: string): void {
  const [address = '', bits, ...rest] = entry.split('/');
  const family = isIPv6(address) ? 'ipv6' : 'ipv4';
  const longest = family === 'ipv6' ? 128 : 32;
  const isPrefix = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= longest);
  if (isIP(address) === 0 || !isPrefix || rest.length > 0) {
    throw new TypeError(
      `trustProxy: ${JSON.stringify(entry)} is no address; write '127.0.0.1', '::1' or '10.0.0.0/8'.`,
    );
  }
  if (bits === undefined) list.addAddress(address, family);
  else list.addSubnet(address, Number(bits), family);
}
