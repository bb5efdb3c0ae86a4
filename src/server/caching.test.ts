import { describe, expect, it } from 'vitest';
import { keepPrivate } from './caching.ts';

describe('an answer that is one visitor’s', () => {
  it.each([
    [null, 'private, no-store', false],
    ['no-cache', 'private, no-cache', false],
    ['max-age=60', 'private, max-age=60', false],
    ['', 'private', false],
    ['private="set-cookie", max-age=60', 'private, private="set-cookie", max-age=60', false],
    ['private, max-age=60', 'private, max-age=60', false],
    ['public, max-age=60', 'private, max-age=60', true],
    ['max-age=60, S-MaxAge = 600', 'private, max-age=60', true],
    ['public, no-store', 'no-store', true],
    ['max-age=5, public="x"', 'private, max-age=5', true],
    ['s-maxage, max-age=5, publicly', 'private, max-age=5, publicly', true],
  ])('with Cache-Control %s is sent with %s', (given, sent, wasOffered) => {
    const head = new Headers(given === null ? {} : { 'cache-control': given });
    expect([keepPrivate(head), head.get('cache-control')]).toEqual([wasOffered, sent]);
  });

  it('has nothing left that only shared caches obey', () => {
    const head = new Headers({
      'cdn-cache-control': 'max-age=60',
      'Vercel-CDN-Cache-Control': 'max-age=60',
      'surrogate-control': 'max-age=60',
      'X-Accel-Expires': '60',
    });
    expect(keepPrivate(head)).toBe(true);
    expect([...head.keys()]).toEqual(['cache-control']);
  });
});
