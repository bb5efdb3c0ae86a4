import { lookup as resolve } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import { HallpassError } from '../../errors.ts';

/**
 * The guard refused an address: nothing was connected to. Code `address-refused`.
 * @example
 * ```ts
 * import { createClient, NetworkError } from 'hallpass/client';
 * import { undiciTransport } from 'hallpass/client/undici';
 *
 * const client = createClient({ transport: undiciTransport({ guard: true }) });
 * const error = await client.get('http://127.0.0.1:9/').catch((failure) => failure);
 * console.log(error instanceof NetworkError, error.code); // → true address-refused
 * ```
 */
export class AddressRefusedError extends HallpassError {
  constructor(host: string, address: string) {
    const where = host === address ? address : `${host}, which is ${address}`;
    super('address-refused', `The guard refused to connect to ${where}: not a public address.`);
  }
}

/** IPv4 addresses that are no host of the public internet. IANA special-purpose registry, RFC 6890; Azure's metadata service. */
const nonPublic4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '168.63.129.16/32',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];

/** IPv6 hosts of the public internet have their addresses here. RFC 4291 §2.4 */
const globalUnicast = new BlockList();
globalUnicast.addSubnet('2000::', 3, 'ipv6');

/** In there, but no hosts: Teredo, benchmarks, ORCHID, documentation. */
const nonPublic6 = ['2001::/32', '2001:2::/48', '2001:10::/28', '2001:db8::/32', '3fff::/20'];

/** Elsewhere, and as public as the IPv4 address inside: mapped ones, and those of NAT64 (RFC 6052). */
const embedding = new BlockList();
embedding.addSubnet('::ffff:0:0', 96, 'ipv6');
embedding.addSubnet('64:ff9b::', 96, 'ipv6');

const nonPublic = new BlockList();
for (const range of nonPublic6) {
  const [start = '', bits] = range.split('/');
  nonPublic.addSubnet(start, Number(bits), 'ipv6');
}
for (const range of nonPublic4) {
  const [start = '', bits] = range.split('/');
  const [a = 0, b = 0, c = 0, d = 0] = start.split('.').map(Number);
  const groups = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
  nonPublic.addSubnet(start, Number(bits), 'ipv4');
  // The same addresses inside IPv6: mapped, by NAT64 (RFC 6052) and by 6to4 (RFC 3056).
  nonPublic.addSubnet(`::ffff:${groups}`, 96 + Number(bits), 'ipv6');
  nonPublic.addSubnet(`64:ff9b::${groups}`, 96 + Number(bits), 'ipv6');
  nonPublic.addSubnet(`2002:${groups}::`, 16 + Number(bits), 'ipv6');
}

/** True for an address of the public internet: not private, loopback, link-local, unique-local, shared, reserved or a metadata service's. */
export function isPublicAddress(address: string): boolean {
  const [bare = ''] = address.split('%', 1);
  const version = isIP(bare);
  if (version === 4) return !nonPublic.check(bare, 'ipv4');
  if (version !== 6 || nonPublic.check(bare, 'ipv6')) return false;
  return globalUnicast.check(bare, 'ipv6') || embedding.check(bare, 'ipv6');
}

/** Resolves a name to its public addresses only: what is judged is what is connected to. */
const lookup: LookupFunction = (host, options, done) => {
  resolve(host, { ...options, all: true }, (error, addresses) => {
    if (error !== null) return done(error, [], 0);
    const open = addresses.filter(({ address }) => isPublicAddress(address));
    const [first] = open;
    if (first === undefined)
      return done(new AddressRefusedError(host, addresses[0]?.address ?? 'no address'), [], 0);
    if (options.all === true) done(null, open);
    else done(null, first.address, first.family);
  });
};

/** A connector that refuses every address that is not public, after the name was resolved. */
export function guarded(options: buildConnector.BuildOptions): buildConnector.connector {
  const connect = buildConnector({ ...options, lookup } as buildConnector.BuildOptions);
  return (to, done) => {
    const host = to.hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) !== 0 && !isPublicAddress(host)) done(new AddressRefusedError(host, host), null);
    else connect(to, done);
  };
}
