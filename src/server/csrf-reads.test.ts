import { describe, expect, it } from 'vitest';
import { shop } from '../../tools/test/shop.ts';
import { pipeline } from './index.ts';

describe("csrf.methods: 'all'", () => {
  const get = (headers: Record<string, string>) =>
    pipeline({ sessions: shop().sessions, origins: ['https://app.test'], csrf: { methods: 'all' } })(
      () => ({}),
    )(new Request('https://app.test/api/orders', { headers: { cookie: '__Host-session=x', ...headers } }));

  it('judges reads too', async () => {
    const from: [Record<string, string>, number][] = [
      [{ 'sec-fetch-site': 'same-origin' }, 200],
      [{ 'sec-fetch-site': 'none' }, 200],
      [{ 'sec-fetch-site': 'cross-site' }, 403],
      [{ 'sec-fetch-site': 'same-site' }, 403],
      [{ origin: 'https://evil.example' }, 403],
      [{}, 200],
    ];
    for (const [headers, status] of from) expect((await get(headers)).status).toBe(status);
  });

  it('is one of two words', () => {
    expect(() => pipeline({ csrf: { methods: 'GET' as never } })).toThrow(TypeError);
  });
});
