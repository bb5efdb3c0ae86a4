import { describe, expect, it } from 'vitest';
import { type HopFacts, isSameSite, partitionOf } from './hop.ts';

const hop = (change: Partial<HopFacts>): HopFacts => ({
  url: 'https://www.a.test/x',
  method: 'GET',
  initiator: 'program',
  time: 0,
  ...change,
});
const page = 'https://a.test/';
const other = 'https://b.test/frame';

describe('a request is same-site', () => {
  it.each<[string, Partial<HopFacts>, boolean]>([
    ['of a program', {}, true],
    ['of a page of the site', { initiator: { page } }, true],
    ['of a page of the other scheme', { initiator: { page: 'http://a.test/' } }, false],
    ['of a page of another site', { initiator: { page: other } }, false],
    ['of a frame of the site', { initiator: { page, frames: ['https://c.a.test/'] } }, true],
    ['of a frame of another site', { initiator: { page, frames: [other] } }, false],
    ['of a frame of the site in a frame of another', { initiator: { page, frames: [other, page] } }, false],
    ['redirected through another site', { initiator: { page }, before: [other] }, false],
  ])('%s: %j', (_, change, expected) => {
    expect(isSameSite(hop(change), 'send')).toBe(expected);
  });
});

describe('a redirect through another site', () => {
  const redirected = { initiator: { page }, before: [other] };
  it.each([
    [undefined, 'send', [false, false]],
    ['chromium', 'send', [true, true]],
    ['firefox', 'send', [false, false]],
    ['webkit', 'send', [false, true]],
    [undefined, 'set', [false, false]],
    ['chromium', 'set', [true, true]],
    ['firefox', 'set', [true, true]],
    ['webkit', 'set', [true, true]],
  ] as const)(
    'in %s, where cookies are to be %s, leaves a navigation and another request same-site: %j',
    (engine, use, expected) => {
      const found = [true, false].map((navigation) =>
        isSameSite(hop({ ...redirected, navigation, ...(engine && { engine }) }), use),
      );
      expect(found).toEqual(expected);
    },
  );
});

describe('the partition of a request', () => {
  it.each<[string, Partial<HopFacts>, string]>([
    ['of a program', {}, 'https://a.test'],
    ['of a page of the site', { initiator: { page } }, 'https://a.test'],
    ['of a page of another site', { initiator: { page: other } }, 'https://b.test'],
    ['of a navigation', { initiator: { page: other }, navigation: true }, 'https://a.test'],
    ['of a frame of the site', { initiator: { page, frames: ['https://c.a.test/'] } }, 'https://a.test'],
    [
      'of a frame of another site that asks the site of the page',
      { initiator: { page, frames: [other] } },
      'https://a.test#cross-site-ancestor',
    ],
    [
      'of a frame of another site that asks its own',
      { url: other, initiator: { page, frames: [other] } },
      'https://a.test',
    ],
  ])('%s', (_, change, expected) => {
    expect(partitionOf(hop(change))).toBe(expected);
  });
});
