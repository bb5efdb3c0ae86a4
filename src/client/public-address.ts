import { expectType } from '../errors/misuse.ts';

type Net = typeof import('node:net');

/** Node's module, where there is one: Bun, Deno and workerd have it too. Loaded when somebody asks: it brings the streams along. */
const nodeNet = (): Net | undefined => globalThis.process?.getBuiltinModule?.('node:net');

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

/** In the part of IPv6 where hosts are, but no hosts: Teredo, benchmarks, ORCHID, documentation. */
const nonPublic6 = ['2001::/32', '2001:2::/48', '2001:10::/28', '2001:db8::/32', '3fff::/20'];

type BlockList = InstanceType<Net['BlockList']>;

interface Ranges {
  readonly nonPublic: BlockList;
  /** IPv6 hosts of the public internet have their addresses here. RFC 4291 §2.4 */
  readonly globalUnicast: BlockList;
  /** Elsewhere, and as public as the IPv4 address inside: mapped ones, and those of NAT64 (RFC 6052). */
  readonly embedding: BlockList;
}

let ranges: Ranges | undefined;

/** Made once. */
function rangesOf({ BlockList }: Net): Ranges {
  const [nonPublic, globalUnicast, embedding] = [new BlockList(), new BlockList(), new BlockList()];
  globalUnicast.addSubnet('2000::', 3, 'ipv6');
  embedding.addSubnet('::ffff:0:0', 96, 'ipv6');
  embedding.addSubnet('64:ff9b::', 96, 'ipv6');
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
  return { nonPublic, globalUnicast, embedding };
}

/**
 * True for an address of the public internet: not private, loopback, link-local, unique-local, shared, reserved or a metadata
 * service's. For a guard of one's own, after a name was resolved; false for what is no address, and where there is no `node:net`.
 *
 * @example
 * ```ts
 * import { isPublicAddress } from 'hallpass/client';
 *
 * console.log(isPublicAddress('1.1.1.1'), isPublicAddress('169.254.169.254')); // → true false
 * ```
 */
export function isPublicAddress(address: string): boolean {
  expectType(address, 'string', 'The address of isPublicAddress(address)');
  const net = nodeNet();
  if (net === undefined) return false;
  ranges ??= rangesOf(net);
  const { nonPublic, globalUnicast, embedding } = ranges;
  const [bare = ''] = address.split('%', 1);
  const version = net.isIP(bare);
  if (version === 4) return !nonPublic.check(bare, 'ipv4');
  if (version !== 6 || nonPublic.check(bare, 'ipv6')) return false;
  return globalUnicast.check(bare, 'ipv6') || embedding.check(bare, 'ipv6');
}
