import { BlockList, isIP, isIPv6 } from 'node:net';

/** What a connection, and the proxies that are trusted on it, say of the visitor. */
export interface Peer {
  readonly address: string | undefined;
  readonly scheme: 'http' | 'https';
  /** What a trusted proxy says was asked for. */
  readonly host: string | undefined;
}

/** Reads a request header; several lines come joined by commas. */
type Header = (name: string) => string | undefined;

/** Connection addresses whose X-Forwarded-* headers are believed. */
export interface TrustedProxies {
  peer(address: string | undefined, encrypted: boolean, header: Header): Peer;
}

/**
 * @param trusted addresses and subnets, as `127.0.0.1` and `10.0.0.0/8`
 * @throws TypeError for what is neither
 */
export function prepareTrustedProxies(trusted: readonly string[]): TrustedProxies {
  const list = new BlockList();
  for (const entry of trusted) addTo(list, entry);
  const isTrusted = (address: string) => list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');

  return {
    peer(connected, encrypted, header) {
      const direct: Peer = {
        address: connected && unmapped(connected),
        scheme: encrypted ? 'https' : 'http',
        host: undefined,
      };
      if (direct.address === undefined || trusted.length === 0 || !isTrusted(direct.address)) return direct;

      // Each proxy appends who called it: from the right, the first that is not a trusted proxy is the visitor.
      const callers = listOf(header('x-forwarded-for')).map(unmapped);
      let visitor = callers.length - 1;
      while (visitor > 0 && isIP(callers[visitor] ?? '') !== 0 && isTrusted(callers[visitor] ?? ''))
        visitor--;
      const address = callers[visitor];
      const forwarded = (name: string) => {
        const values = listOf(header(name));
        return values.length === callers.length ? values[visitor] : values.at(-1);
      };
      const scheme = forwarded('x-forwarded-proto')?.toLowerCase();
      return {
        address: address !== undefined && isIP(address) !== 0 ? address : direct.address,
        scheme: scheme === 'https' || scheme === 'http' ? scheme : direct.scheme,
        host: forwarded('x-forwarded-host'),
      };
    },
  };
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

function listOf(header: string | undefined): string[] {
  return header === undefined ? [] : header.split(',').map((member) => member.trim());
}

/** An IPv4 address as such, also where a socket for both families shows it as IPv6. */
function unmapped(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
}
