import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scenarios } from '../scenarios.ts';
import { openDesk } from '../test-desk.ts';

let desk: Awaited<ReturnType<typeof openDesk>>;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk.close());

/** The requests of the picture, and one that was never made: the host's letter, and what each chip says. */
async function picture(id: string) {
  const page = await (await desk.visitor().get(`/trace?scenario=${id}`)).text();
  return page
    .split(/<section class="hop|<div class="hop never/)
    .slice(1)
    .map((hop) => ({
      host: /<b>([^<]+)</.exec(hop)?.[1],
      chips: [...hop.matchAll(/<li class="chip[^>]*>([\s\S]*?)<\/li>/g)].map((chip) => text(chip[1] ?? '')),
    }));
}

const text = (markup: string) =>
  markup
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();

describe('the picture of a redirect', () => {
  test('same host: the token goes along', async () => {
    const hops = await picture('same-host');
    expect(hops.map(({ host }) => host)).toEqual(['A', 'A']);
    expect(hops[0]?.chips).toContain('✓ authorization sent');
    expect(hops[1]?.chips).toEqual(['✓ authorization sent', '● 200 OK is the answer']);
  });

  test.each(scenarios.map(({ id }) => id))(
    'of %s: each reason has its code, which leads to its page',
    async (id) => {
      const page = await (await desk.visitor().get(`/trace?scenario=${id}`)).text();
      const reasons = page.match(/<span class="why">[\s\S]*?<\/span>/g) ?? [];
      for (const reason of reasons)
        expect(reason).toMatch(/<a href="\/docs\/why\/([a-z-]+)"><code>\1<\/code>/);
      for (const [, path = ''] of page.matchAll(/href="(\/docs\/why\/[a-z-]+)"/g)) {
        expect((await desk.visitor().get(path)).status, path).toBe(200);
      }
    },
  );

  test('another host: the token is withheld, and the sentence says why', async () => {
    const hops = await picture('other-host');
    expect(hops.map(({ host }) => host)).toEqual(['A', 'B']);
    expect(hops[1]?.chips[0]).toMatch(/^○ authorization withheld .*this request goes to/);
  });

  test('another port: the cookie travels, the token does not', async () => {
    const [, last] = await picture('other-port');
    expect(last?.chips).toContain('✓ Cookie seen sent');
    expect(last?.chips[0]).toMatch(/^○ authorization withheld .*another port/);
  });

  test('a downgrade: neither token nor Secure cookie, but the plain cookie', async () => {
    const [first, last] = await picture('downgrade');
    expect(first?.chips).toContain('✓ Set-Cookie basket kept');
    expect(last?.chips.find((chip) => chip.includes('authorization'))).toMatch(/withheld .*plain http/);
    expect(last?.chips.find((chip) => chip.includes('Cookie basket'))).toMatch(/withheld .*plain http/);
    expect(last?.chips).toContain('✓ Cookie theme sent');
  });

  test('there and back: the token is there again on A', async () => {
    const hops = await picture('there-and-back');
    expect(hops.map(({ host }) => host)).toEqual(['A', 'B', 'A']);
    expect(hops.map(({ chips }) => chips[0]?.slice(0, 15))).toEqual([
      '✓ authorization',
      '○ authorization',
      '✓ authorization',
    ]);
    expect(hops[2]?.chips).toContain('● 200 OK is the answer');
  });

  test('cookies on the way: one kept, two refused', async () => {
    const [first, second, third] = await picture('cookies');
    expect(first?.chips[0]).toBe('✓ Set-Cookie seen kept');
    expect(first?.chips[1]).toMatch(/^○ Set-Cookie stray refused .*example\.com/);
    expect(first?.chips[2]).toMatch(/^○ Set-Cookie __Host-seen refused .*plain http/);
    expect(second?.chips[0]).toBe('· 1 cookie of other sites stayed in the jar');
    expect(third?.chips).toContain('✓ Cookie seen sent');
  });

  test('an API key of one call: not to B, and not back on A', async () => {
    const [first, second, third] = await picture('api-key');
    expect(first?.chips[0]).toBe('✓ x-api-key sent');
    expect(second?.chips[0]).toMatch(/^○ x-api-key withheld/);
    expect(third?.chips[0]).toMatch(/^○ x-api-key withheld .*does not come back/);
  });

  test('a 303 turns POST into GET', async () => {
    const page = await (await desk.visitor().get('/trace?scenario=see-other')).text();
    expect([...page.matchAll(/class="method">(\w+)/g)].map(([, method]) => method)).toEqual(['POST', 'GET']);
  });

  test('a 307 to another origin stops with its body', async () => {
    const hops = await picture('body');
    expect(hops.map(({ host }) => host)).toEqual(['A', 'B']);
    expect(hops[0]?.chips.at(-1)).toBe('● 307 Temporary Redirect is the answer');
    expect(hops[1]?.chips).toEqual([expect.stringMatching(/^■ A 307 would send the body/)]);
  });

  test('too many redirects: four requests, then the end', async () => {
    const hops = await picture('too-many');
    expect(hops).toHaveLength(5);
    expect(hops[3]?.chips.at(-1)).toBe('■ Error: too-many-redirects');
    expect(hops[4]?.chips).toEqual([expect.stringMatching(/^■ More than 3 redirects/)]);
  });

  test('a loop is followed to the limit, and then says what repeats', async () => {
    const hops = await picture('loop');
    expect(hops).toHaveLength(5);
    expect(hops[3]?.chips.at(-1)).toBe('■ Error: redirect-loop');
    expect(hops[4]?.chips).toEqual([expect.stringMatching(/they repeat: GET .*\/loop/)]);
  });
});

test.each(scenarios.map(({ id }) => id))(
  'the page of %s shows no secret and has the text table',
  async (id) => {
    const response = await desk.visitor().get(`/trace?scenario=${id}`);
    expect(response.status).toBe(200);
    const page = await response.text();
    expect(page).not.toContain('hp-secret');
    expect(page).toMatch(/<pre tabindex="0">[^<]*(GET|POST) https?:/);
  },
);
