/** An origin of the graphs. Each one is a server of its own, so that what arrives there has arrived at that origin. */
export interface Place {
  readonly scheme: 'http' | 'https';
  /** As `URL.hostname` writes it. */
  readonly host: string;
  readonly port: number;
}

const defaultPorts = { http: 80, https: 443 };

/** Neighbours that are easily taken for one another: schemes, ports, subdomains, look-alikes, addresses, a dot at the end. */
export const places: readonly Place[] = [
  'https://example.test',
  'https://a.example.test',
  'https://b.example.test',
  'https://deep.a.example.test',
  'http://example.test',
  'http://a.example.test',
  'https://a.example.test:8443',
  'http://a.example.test:8080',
  'https://a.example.test.',
  'https://bücher.example.test',
  'https://notexample.test',
  'https://example.test.other.test',
  'https://alice.github.io',
  'https://bob.github.io',
  'http://127.0.0.1',
  'https://127.0.0.1:8443',
  'http://127.0.0.2',
  'http://[::1]:8080',
].map((text) => {
  const { protocol, hostname, port } = new URL(text);
  const scheme = protocol === 'http:' ? 'http' : 'https';
  return { scheme, host: hostname, port: port === '' ? defaultPorts[scheme] : Number(port) };
});

export const isDefaultPort = ({ scheme, port }: Place): boolean => port === defaultPorts[scheme];

/** `scheme://host:port`, the port always written: the key of a place. */
export const addressOf = ({ scheme, host, port }: Place): string => `${scheme}://${host}:${port}`;

/** The origin as `URL.origin` writes it. */
export const originOf = (place: Place): string =>
  isDefaultPort(place) ? `${place.scheme}://${place.host}` : addressOf(place);

/** Nobody owns these: what lies below them belongs to strangers. publicsuffix.org, as far as it bears on the places. */
export const isSuffix = (host: string): boolean => /^(?:test|io|github\.io)\.?$/.test(host);

export const isAddress = (host: string): boolean => /^[[\d]/.test(host);

/** True for the addresses that never leave the machine. */
export const isLoopback = (host: string): boolean => /^(?:127\.|\[::1\])/.test(host);

/** Other ways to write a host, all of which parse into it. */
export function hostAliases(host: string): string[] {
  const [label = '', ...rest] = host.split('.');
  if (host === '127.0.0.1') return ['127.1', '2130706433', '0x7f000001', '0177.0.0.1'];
  if (host === '127.0.0.2') return ['127.2', '0x7f.2'];
  if (host.startsWith('[')) return ['[0:0:0:0:0:0:0:1]', '[::0001]'];
  const wide = [...label].map((char) =>
    /[a-z]/.test(char) ? String.fromCodePoint(char.charCodeAt(0) + 0xfee0) : char,
  );
  return [
    label.startsWith('xn--') ? ['Bücher', ...rest].join('.') : [wide.join(''), ...rest].join('.'),
    host.replaceAll('.', '。'),
    `%${host.charCodeAt(0).toString(16)}${host.slice(1)}`,
    host.toUpperCase(),
  ];
}
