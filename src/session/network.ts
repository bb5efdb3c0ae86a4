/** With the port that some proxies write behind it. */
const ipv4 = /^(\d{1,3}(?:\.\d{1,3}){3})(?::\d+)?$/;
const bracketed = /^\[(.*)\](?::\d+)?$/;
const ipv6 = /^[\da-f:.]+$/i;
const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;
const groupsInAll = 8;
const groupsOfNetwork = 4;

/**
 * Where an address belongs: an IPv4 address is a network by itself, an IPv6 address one of 2^64 in a subscriber's /64. A port
 * is no part of it. `undefined` for what is no address.
 */
export function networkOf(given: string): string | undefined {
  const address = given.trim();
  const alone = ipv4.exec(address)?.[1];
  if (alone !== undefined) return alone;
  const [host = ''] = (bracketed.exec(address)?.[1] ?? address).split('%');
  const embedded = mapped.exec(host)?.[1];
  if (embedded !== undefined) return embedded;
  if (!ipv6.test(host)) return undefined;
  const written = URL.parse(`http://[${host}]`)?.hostname.slice(1, -1);
  if (written === undefined) return undefined;
  const [head = [], tail = []] = written.split('::').map((part) => part.split(':').filter(Boolean));
  const zeros = Array<string>(groupsInAll - head.length - tail.length).fill('0');
  return `${[...head, ...zeros, ...tail].slice(0, groupsOfNetwork).join(':')}::/64`;
}
