import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { isIPv4 } from 'node:net';

/** A TLS server's identity. Whoever trusts `certificate` trusts the server: it has signed itself. */
interface Identity {
  /** X.509 certificate, PEM. */
  readonly certificate: string;
  /** Private key, PEM. */
  readonly key: string;
}

const lifetime = 365 * 86_400_000;

/**
 * A self-signed certificate for these host names and IPv4 addresses, with a fresh P-256 key. RFC 5280 §4.1.
 * @param now milliseconds since 1970; the certificate is valid from a day before until a year after.
 */
export function selfSignedCertificate(hosts: readonly string[], now: number = Date.now()): Identity {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = sequence(objectIdentifier('1.2.840.10045.4.3.2')); // ecdsa-with-SHA256
  const name = sequence(
    tagged(0x31, sequence(objectIdentifier('2.5.4.3'), tagged(0x0c, Buffer.from('hallpass lab')))), // commonName
  );
  const alternativeNames = sequence(
    ...hosts.map((host) =>
      isIPv4(host) ? tagged(0x87, Buffer.from(host.split('.').map(Number))) : tagged(0x82, Buffer.from(host)),
    ),
  );
  const unsigned = sequence(
    tagged(0xa0, tagged(0x02, Buffer.from([2]))), // version 3
    tagged(0x02, Buffer.from([1]), randomBytes(15)), // serial number, positive
    algorithm,
    name,
    sequence(instant(now - 86_400_000), instant(now + lifetime)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(sequence(objectIdentifier('2.5.29.17'), tagged(0x04, alternativeNames)))),
  );
  const signature = sign('sha256', unsigned, privateKey);
  return {
    certificate: pem('CERTIFICATE', sequence(unsigned, algorithm, tagged(0x03, Buffer.from([0]), signature))),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  };
}

// The few DER values that a certificate is made of. X.690 §8 and §10.

function tagged(tag: number, ...parts: Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const head =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...head]), content]);
}

function sequence(...parts: Uint8Array[]): Buffer {
  return tagged(0x30, ...parts);
}

function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const octets = [first * 40 + second];
  for (const number of rest) {
    const groups = [number & 0x7f];
    for (let left = number >> 7; left > 0; left >>= 7) groups.unshift((left & 0x7f) | 0x80);
    octets.push(...groups);
  }
  return tagged(0x06, Buffer.from(octets));
}

/** UTCTime until 2049, GeneralizedTime from 2050. RFC 5280 §4.1.2.5. */
function instant(milliseconds: number): Buffer {
  const digits = new Date(milliseconds).toISOString().replace(/\.\d+Z|\D/g, '');
  return digits < '2050'
    ? tagged(0x17, Buffer.from(`${digits.slice(2)}Z`))
    : tagged(0x18, Buffer.from(`${digits}Z`));
}

function pem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}
