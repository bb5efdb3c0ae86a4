const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;
const groupsInAll = 8;
const groupsOfNetwork = 4;

/** Where an address belongs: an IPv4 address is a network by itself, an IPv6 address one of 2^64 in a subscriber's /64. */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address;
  const [host = ''] = address.split('%');
  const embedded = mapped.exec(host)?.[1];
  if (embedded !== undefined) return embedded;
  const written = URL.parse(`http://[${host}]`)?.hostname.slice(1, -1);
  if (written === undefined) return address;
  const [head = [], tail = []] = written.split('::').map((part) => part.split(':').filter(Boolean));
  const zeros = Array<string>(groupsInAll - head.length - tail.length).fill('0');
  return `${[...head, ...zeros, ...tail].slice(0, groupsOfNetwork).join(':')}::/64`;
}
