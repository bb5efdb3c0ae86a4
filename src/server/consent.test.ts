import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineCookie } from '../cookie/define.ts';
import type { LintFinding } from '../scope/lint-finding.ts';
import { generateKey, keyRing, sealed } from '../seal/index.ts';
import { createTestClient } from '../testing/index.ts';
import type { ConsentPolicy, RequestContext, ServerEvent } from './index.ts';
import { pipeline } from './index.ts';

const consentCookie = defineCookie('consent');
const visitorCookie = defineCookie('visitor', { consent: 'statistics' });
const consent: ConsentPolicy<unknown[]> = {
  purposes: (read) => read(consentCookie)?.split(' ') ?? [],
  cookies: [visitorCookie],
};

function visit(
  handler: (context: RequestContext) => unknown,
  options: { consent?: typeof consent } = { consent },
) {
  const warnings: LintFinding[] = [];
  const app = pipeline({ ...options, onWarning: (warning) => warnings.push(warning) })(
    (_request, context) => {
      handler(context);
      return {};
    },
  );
  return { client: createTestClient(app), warnings };
}
const lines = (response: Response) => response.headers.getSetCookie().map((line) => line.split(';', 1)[0]);

describe('a cookie with a purpose', () => {
  it('is not set for a visitor who has agreed to nothing, and a warning says so once', async () => {
    const { client, warnings } = visit(({ cookies }) => cookies.set(visitorCookie, 'id'));
    expect(lines(await client.get('/'))).toEqual([]);
    expect(lines(await client.get('/'))).toEqual([]);
    expect(warnings.map(({ code }) => code)).toEqual(['not-consented']);
  });

  it('is not set, and a warning says so, when it is still being sealed as the answer begins', async () => {
    const sealedCookie = defineCookie('visit', {
      consent: 'statistics',
      codec: sealed(keyRing(generateKey())),
    });
    const { client, warnings } = visit(({ cookies }) => void cookies.set(sealedCookie, 'id'));
    expect(lines(await client.get('/'))).toEqual([]);
    expect(warnings.map(({ code }) => code)).toEqual(['not-consented']);
  });

  it('is not set where nobody asks for consent', async () => {
    const { client } = visit(({ cookies }) => cookies.set(visitorCookie, 'id'), {});
    expect(lines(await client.get('/'))).toEqual([]);
  });

  it('is set with the answer that the visitor agrees in', async () => {
    const { client, warnings } = visit(({ cookies }) => {
      cookies.set(visitorCookie, 'id');
      cookies.set(consentCookie, 'statistics');
    });
    expect(lines(await client.get('/')).sort()).toEqual(['consent=statistics', 'visitor=id']);
    expect(warnings).toEqual([]);
  });

  it('is expired by the answer that the visitor withdraws in, though the handler never touches it', async () => {
    const { client } = visit(({ cookies }) => cookies.delete(consentCookie));
    for (const line of ['visitor=id', 'consent=statistics']) {
      client.jar.set(`${line}; Path=/; Secure`, 'https://testserver');
    }
    expect(
      (await client.get('/')).headers.getSetCookie().filter((line) => line.startsWith('visitor=')),
    ).toEqual([expect.stringContaining('Max-Age=0')]);
    expect(client.jar.get('visitor')).toBeUndefined();
  });

  it('is expired by every answer to a visitor who has not agreed, though the handler touches no cookie', async () => {
    const { client } = visit(() => {});
    expect(lines(await client.get('/'))).toEqual([]);
    client.jar.set('visitor=id; Path=/; Secure', 'https://testserver');
    expect((await client.get('/')).headers.getSetCookie()).toEqual([expect.stringContaining('Max-Age=0')]);
    expect(client.jar.get('visitor')).toBeUndefined();
  });

  it('is not set when asking for consent fails, and the request fails', async () => {
    const broken: typeof consent = {
      purposes: () => {
        throw new Error('away');
      },
    };
    const { client } = visit(({ cookies }) => cookies.set(visitorCookie, 'id'), { consent: broken });
    const response = await client.get('/');
    expect([response.status, lines(response)]).toEqual([500, []]);
  });
});

it('S126: a defined cookie with a value that its definition refuses is an event, once a request, without the value', async () => {
  const events: ServerEvent[] = [];
  const theme = defineCookie('theme', { schema: z.enum(['light', 'dark']) });
  const app = pipeline({ onEvent: (event) => events.push(event) })((_request, { cookies }) => {
    return { theme: [cookies.get(theme), cookies.get(theme)].map((value) => value ?? null) };
  });
  const answer = (cookie: string) => app(new Request('https://testserver/', { headers: { cookie } }));
  expect(await (await answer('theme=hot-pink')).json()).toEqual({ theme: [null, null] });
  expect(events).toMatchObject([
    { type: 'invalid-cookie', name: 'theme', reasons: [{ code: 'cookie-invalid' }] },
  ]);
  expect(JSON.stringify(events)).not.toContain('pink');
  await answer('theme=dark');
  await answer('other=1');
  expect(events).toHaveLength(1);
});
