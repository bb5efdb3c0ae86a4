import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { restored, storable } from '../storable.ts';
import { fromJson, toJson } from './text.ts';

const hostile = fc.string({
  unit: fc.constantFrom('\0', '\x7f', '\n', '\ud800', '\udfff', '0', 'd', '\\', '"', 'é', '😀'),
});
const isStorable = (text: string) => !text.includes('\0') && text.isWellFormed();

describe('text that PostgreSQL cannot keep', () => {
  it('is written in a form that it can, and comes back as it was', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(isStorable(storable(text))).toBe(true);
        expect(restored(storable(text))).toBe(text);
      }),
    );
  });

  it('stays different where it was different', () => {
    fc.assert(
      fc.property(hostile, hostile, (one, other) => {
        expect(storable(one) === storable(other)).toBe(one === other);
      }),
    );
  });

  it('leaves other text alone', () => {
    for (const text of ['alice', '', '日本', '😀', '\x1fexternal:1', '\\u0000'])
      expect(storable(text)).toBe(text);
  });

  it('comes back from JSON too, with its special keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.oneof(hostile, fc.constant('__proto__')), hostile), (texts) => {
        expect(isStorable(toJson(texts))).toBe(true);
        expect(Object.entries(fromJson(toJson(texts)))).toEqual(Object.entries(texts));
      }),
    );
  });

  it('has no escapes in the keys of JSON, which V8 mixes up', () => {
    const json = (key: string) => toJson({ a: '1', [key]: '1' });
    expect(Object.keys(fromJson(json('\\')))).toEqual(['a', '\\']);
    expect(Object.keys(fromJson(json('"')))).toEqual(['a', '"']);
    expect(json('"\\\n\0')).not.toContain('\\');
  });
});
