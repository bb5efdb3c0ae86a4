/** The additive constants: the first 32 bits of |sin(i)|, i from 1 to 64. RFC 1321 §3.4. */
const sines = Uint32Array.from({ length: 64 }, (_, step) => Math.abs(Math.sin(step + 1)) * 2 ** 32);
const shifts = [
  [7, 12, 17, 22],
  [5, 9, 14, 20],
  [4, 11, 16, 23],
  [6, 10, 15, 21],
] as const;

/** MD5 (RFC 1321) in hex. Broken as a hash: here because servers still ask for it in Digest authentication, and WebCrypto has none. */
export function md5(octets: Uint8Array): string {
  const words = padded(octets);
  let [a, b, c, d] = [0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476];
  for (let block = 0; block < words.length; block += 16) {
    const [a0, b0, c0, d0] = [a, b, c, d];
    for (let step = 0; step < 64; step++) {
      const round = step >> 4;
      const [mixed, word] = mix(round, step, b, c, d);
      const sum = (a + mixed + (sines[step] as number) + (words[block + word] as number)) | 0;
      const shift = shifts[round as 0 | 1 | 2 | 3][(step & 3) as 0 | 1 | 2 | 3];
      [a, d, c, b] = [d, c, b, (b + ((sum << shift) | (sum >>> (32 - shift)))) | 0];
    }
    [a, b, c, d] = [(a + a0) | 0, (b + b0) | 0, (c + c0) | 0, (d + d0) | 0];
  }
  return [a, b, c, d].map(littleEndianHex).join('');
}

/** The round's function of three words, and which word of the block it takes. */
function mix(round: number, step: number, b: number, c: number, d: number): [number, number] {
  if (round === 0) return [(b & c) | (~b & d), step];
  if (round === 1) return [(d & b) | (~d & c), (5 * step + 1) % 16];
  if (round === 2) return [b ^ c ^ d, (3 * step + 5) % 16];
  return [c ^ (b | ~d), (7 * step) % 16];
}

/** The message, a single one bit, zeros, and the length in bits, as little-endian words. */
function padded(octets: Uint8Array): Uint32Array {
  const { length } = octets;
  const bytes = new Uint8Array(((length + 8) >> 6) * 64 + 64);
  bytes.set(octets);
  bytes[length] = 0x80;
  const view = new DataView(bytes.buffer);
  view.setUint32(bytes.length - 8, length * 8, true);
  view.setUint32(bytes.length - 4, length / 2 ** 29, true);
  return Uint32Array.from({ length: bytes.length / 4 }, (_, word) => view.getUint32(word * 4, true));
}

function littleEndianHex(word: number): string {
  return [0, 8, 16, 24].map((shift) => ((word >>> shift) & 0xff).toString(16).padStart(2, '0')).join('');
}
