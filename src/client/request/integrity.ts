/** A digest that a body may have, in base64. */
export interface Digest {
  readonly algorithm: 'SHA-256' | 'SHA-384' | 'SHA-512';
  readonly value: string;
}

const algorithms = { sha256: 'SHA-256', sha384: 'SHA-384', sha512: 'SHA-512' } as const;

/**
 * The strongest digests of an `integrity`. Of an algorithm that nobody knows nothing is demanded; what is no digest of one that is
 * known is a demand that no body meets. Subresource Integrity §3.3, "parse metadata".
 */
export function strongestDigests(integrity: string): readonly Digest[] {
  if (integrity === '') return none;
  const digests = integrity
    .split(/[\t\n\f\r ]+/)
    .map((word) => /^(sha256|sha384|sha512)(?:-([^?]*))?(?:\?.*)?$/i.exec(word) ?? [])
    .filter(([word]) => word !== undefined)
    .map(([, name = '', value = '']) => ({
      algorithm: algorithms[name.toLowerCase() as keyof typeof algorithms],
      value: bare(value),
    }));
  const strongest = digests
    .map(({ algorithm }) => algorithm)
    .sort()
    .at(-1);
  return digests.filter(({ algorithm }) => algorithm === strongest);
}

const none: readonly Digest[] = [];

/** True when the octets have one of these digests. */
export async function hasDigest(octets: ArrayBuffer, digests: readonly Digest[]): Promise<boolean> {
  const [first] = digests;
  if (first === undefined) return true;
  const digest = new Uint8Array(await crypto.subtle.digest(first.algorithm, octets));
  const value = bare(btoa(String.fromCharCode(...digest)));
  return digests.some((one) => one.value === value);
}

/** Base64 and base64url alike, without the padding. */
const bare = (base64: string) => base64.replaceAll('-', '+').replaceAll('_', '/').replaceAll('=', '');
