import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeUtf8,
  encodeUtf8,
  fromBytes,
  fromOctets,
  headerOfOctets,
  isAscii,
  octetLength,
  octetsOfHeader,
  toBytes,
  toOctets,
} from './octets.ts';

const octets = fc.uint8Array({ maxLength: 40 }).map(fromBytes);
const anything = fc.oneof(octets, fc.string({ unit: 'binary' }));

describe('octets', () => {
  it.each([
    ['ASCII', 'a=1', 'a=1', 'a=1'],
    ['text beyond Latin-1', '日é', '\xe6\x97\xa5\xc3\xa9', '日é'],
    ['text within Latin-1', 'caf\xe9', 'caf\xc3\xa9', 'café'],
    ['octets of UTF-8', 'caf\xc3\xa9', 'caf\xc3\xa9', 'café'],
    ['a byte order mark', '\ufeffa', '\xef\xbb\xbfa', '\ufeffa'],
    ['half a surrogate pair', 'a\ud83d', 'a\xef\xbf\xbd', 'a\ufffd'],
    ['nothing', '', '', ''],
  ])('of %s', (_, either, expected, text) => {
    expect(toOctets(either)).toBe(expected);
    expect(fromOctets(expected)).toBe(text);
    expect(octetLength(either)).toBe(expected.length);
  });

  it('that are no UTF-8 are shown a character each', () => {
    expect(fromOctets('Z\xfcrich')).toBe('Zürich');
    expect(decodeUtf8('Z\xfcrich')).toBeUndefined();
    expect(decodeUtf8('日')).toBeUndefined();
  });

  it('come out of anything, and are left alone when they are UTF-8', () => {
    fc.assert(
      fc.property(anything, (either) => {
        const result = toOctets(either);
        expect(result).toMatch(/^[\x00-\xff]*$/);
        expect(toOctets(result)).toBe(result);
        expect(fromOctets(result)).toBe(fromOctets(fromOctets(result)));
        expect(octetLength(either)).toBe(result.length);
        expect(isAscii(either)).toBe(/^[\x00-\x7f]*$/.test(either));
      }),
    );
  });

  it('of well-formed text are that text again', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => decodeUtf8(encodeUtf8(text)) === text));
  });

  it('are bytes and back, however many', () => {
    fc.assert(fc.property(octets, (text) => fromBytes(toBytes(text)) === text));
    const long = '\xc3\xa9'.repeat(20_000);
    expect(fromBytes(toBytes(long))).toBe(long);
    expect(encodeUtf8('é'.repeat(20_000))).toBe(long);
    expect(isAscii('a'.repeat(20_000))).toBe(true);
  });

  it('are what headers hold where Fetch is followed', () => {
    expect(octetsOfHeader('\xc3\xa9\xfc')).toBe('\xc3\xa9\xfc');
    expect(headerOfOctets('\xc3\xa9\xfc')).toBe('\xc3\xa9\xfc');
  });
});
