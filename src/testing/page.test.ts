import { describe, expect, it } from 'vitest';
import { pageHeaders } from './page.ts';

const page = 'https://app.example.com';
const sibling = 'https://api.example.com';
const stranger = 'https://stranger.test';

/** As Fetch Metadata §2.4 and Fetch §3.2 have it; `-` = the header is absent. */
const table: [method: string, chain: string[], site: string, origin: string][] = [
  ['GET', [page], 'same-origin', '-'],
  ['HEAD', [page], 'same-origin', '-'],
  ['POST', [page], 'same-origin', page],
  ['DELETE', [page, page], 'same-origin', page],
  ['GET', [sibling], 'same-site', page],
  ['POST', [sibling], 'same-site', page],
  ['GET', [stranger], 'cross-site', page],
  ['POST', [stranger], 'cross-site', page],
  ['POST', [`${page}:8443`], 'same-site', page],
  ['POST', ['http://app.example.com'], '-', page],
  ['POST', [page, sibling], 'same-site', page],
  ['POST', [page, stranger], 'cross-site', page],
  ['POST', [page, stranger, page], 'cross-site', 'null'],
  ['POST', [page, sibling, page], 'same-site', 'null'],
  ['POST', [sibling, sibling], 'same-site', page],
  ['GET', [page, stranger, page], 'cross-site', 'null'],
];

describe('pageHeaders', () => {
  it.each(table)('%s along %j is %s from %s', (method, chain, site, origin) => {
    const urls = chain.map((url) => new URL('/x', url));
    const headers = pageHeaders(new URL(page), urls, method);
    expect(headers['sec-fetch-site'] ?? '-').toBe(site);
    expect(headers.origin ?? '-').toBe(origin);
  });

  it('speaks of itself to this machine over plain http too', () => {
    const local = new URL('http://localhost:3000');
    expect(pageHeaders(local, [local], 'GET')).toEqual({ 'sec-fetch-site': 'same-origin' });
    expect(pageHeaders(local, [new URL('http://127.0.0.1:3000')], 'GET')['sec-fetch-site']).toBe(
      'cross-site',
    );
  });
});
