const slots = 16_384;
const utf8 = new TextEncoder();

/** The slot of a key: CRC-16/XMODEM of what is between its first braces, or of all of it. Redis Cluster specification. */
export function slotOf(key: string): number {
  const [, tag] = /^[^{]*\{([^}]+)\}/.exec(key) ?? [];
  let crc = 0;
  for (const octet of utf8.encode(tag ?? key)) {
    crc ^= octet << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1) & 0xffff;
  }
  return crc % slots;
}
