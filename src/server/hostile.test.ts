import fc from 'fast-check';
import { expect, it } from 'vitest';
import { defineCookie } from '../cookie/define.ts';
import { generateKey, keyRing } from '../seal/index.ts';
import { createSessions } from '../session/index.ts';
import { memoryStore } from '../store/memory/index.ts';
import { createTokens } from '../tokens/index.ts';
import { pipeline, type ServerEvent } from './index.ts';

const url = 'https://app.example.com/x';
const keys = keyRing(generateKey());
const events: ServerEvent[] = [];
const theme = defineCookie('theme', { default: 'light' });

const app = pipeline({
  sessions: createSessions({ store: memoryStore() }),
  tokens: createTokens({ keys, issuer: url, audience: url, store: memoryStore() }),
  origins: ['https://app.example.com'],
  cors: { origins: ['https://front.example.com'], credentials: true },
  csrf: { keys, bare: 'token' },
  onEvent: (event) => events.push(event),
  onWarning: false,
})(async (request, context) => {
  context.cookies.set(theme, context.cookies.get(theme));
  return {
    user: (await context.user()) ?? null,
    token: await context.csrfToken(),
    valid: await context.verifyCsrf(request.headers.get('x-token')),
    body: (await request.text()).length,
  };
});

/** What a header may hold: Latin-1 without controls. */
const octets = fc.string({
  unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)),
});
const sometimes = <T extends string>(...likely: T[]) =>
  fc.option(fc.oneof(fc.constantFrom(...likely), octets), { nil: undefined });
const headers = fc.record({
  cookie: sometimes(
    'theme=dark',
    'theme=%ff',
    '__Host-session=a.b',
    '__Host-csrf=x; __Host-csrf=y',
    'a=1, b=2',
  ),
  origin: sometimes('null', 'https://app.example.com', 'https://evil.test'),
  'sec-fetch-site': sometimes('same-origin', 'cross-site', 'none'),
  authorization: sometimes('Bearer', 'Bearer x', 'Basic eDp5'),
  'x-csrf-token': sometimes('a.b.c', '..'),
  'x-token': sometimes('a.b.c'),
  'content-type': sometimes('application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'),
  'user-agent': sometimes('x'),
  'access-control-request-method': sometimes('POST'),
});

it('any request at all is answered or refused, and is never a fault of the server', async () => {
  const method = fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PURGE');
  await fc.assert(
    fc.asyncProperty(method, headers, fc.string({ unit: 'binary' }), async (method, given, text) => {
      const present = Object.entries(given).filter(
        (entry): entry is [string, string] => entry[1] !== undefined,
      );
      const body = method === 'GET' || method === 'HEAD' ? undefined : `csrf_token=${text}`;
      events.length = 0;
      const response = await app(new Request(url, { method, headers: present, body }));
      expect([200, 204, 403]).toContain(response.status);
      expect(events.filter(({ type }) => type === 'failed')).toEqual([]);
      if (response.status === 200) expect(response.headers.get('cache-control')).toBe('private, no-store');
      for (const line of response.headers.getSetCookie()) expect(line).toMatch(/^(?:theme|__Host-csrf)=/);
    }),
    { numRuns: 300 },
  );
});
