import { afterEach, describe, expect, it, vi } from 'vitest';
import { defineCookie } from '../cookie/define.ts';
import { hostSessions } from '../cookie/host-sessions.ts';
import type { LintFinding } from '../scope/lint-finding.ts';
import { generateKey, keyRing } from '../seal/index.ts';
import { createSessions } from '../session/index.ts';
import { memoryRevocations, memoryStore } from '../store/memory/index.ts';
import { testClock } from '../testing/clock.ts';
import { createTokens } from '../tokens/index.ts';
import { type PipelineOptions, pipeline } from './index.ts';

type Attributes = NonNullable<Parameters<typeof createSessions>[0]['cookie']>;

const sessions = (cookie?: Attributes) =>
  createSessions({ store: memoryStore(), clock: testClock(0), cookie });
const app = 'https://app.example.com';

afterEach(() => vi.unstubAllEnvs());

/** What is told at start. */
function atStart(options: PipelineOptions<Record<string, unknown>, []>): LintFinding[] {
  const warnings: LintFinding[] = [];
  pipeline({ onWarning: (warning) => warnings.push(warning), ...options });
  return warnings;
}

describe('at start', () => {
  it('S107: warns of a Secure session cookie on a plain http origin', () => {
    const origin = 'http://app.example.com';
    expect(atStart({ sessions: sessions(), origins: [origin] })).toEqual([
      expect.objectContaining({
        code: 'secure-on-http',
        level: 'warning',
        fix: expect.stringContaining('https'),
      }),
    ]);
    for (const good of [app, 'http://localhost:3000', 'http://127.0.0.1:3000']) {
      expect(atStart({ sessions: sessions(), origins: [good] })).toEqual([]);
    }
    const plain = sessions({ name: 'sid', secure: false });
    expect(atStart({ sessions: plain, origins: [origin] })).toEqual([]);
  });

  it('S132: warns when cors lets another site come with a cookie that is not sent there', () => {
    const cors = { origins: ['https://other.example'], credentials: true };
    const [warning, ...more] = atStart({ sessions: sessions(), origins: [app], cors });
    expect(more).toEqual([]);
    expect(warning?.code).toBe('cors-without-cookie');
    expect(warning?.sentence).toContain('SameSite=Lax');
    expect(atStart({ sessions: sessions({ sameSite: 'strict' }), origins: [app], cors })).toHaveLength(1);
    expect(atStart({ sessions: sessions({ sameSite: 'none' }), origins: [app], cors })).toEqual([]);
    expect(atStart({ sessions: sessions(), origins: [app], cors: { ...cors, credentials: false } })).toEqual(
      [],
    );
    const sameSite = { origins: ['https://front.example.com'], credentials: true };
    expect(atStart({ sessions: sessions(), origins: [app], cors: sameSite })).toEqual([]);
    const downgraded = { origins: ['http://front.example.com'], credentials: true };
    expect(atStart({ sessions: sessions(), origins: [app], cors: downgraded })).toHaveLength(1);
  });

  it('S122: refuses, in production, a session cookie that is not Secure', () => {
    const plain = () => pipeline({ sessions: sessions({ name: 'sid', secure: false }) });
    expect(plain).not.toThrow();
    vi.stubEnv('NODE_ENV', 'production');
    expect(plain).toThrow(TypeError);
    expect(plain).toThrow('remove secure: false');
    // At its creation, whoever serves it.
    const cookie = { name: 'sid', secure: false };
    expect(() => createSessions({ store: memoryStore(), cookie })).toThrow('remove secure: false');
    const sealed = { keys: keyRing(generateKey()), revocations: memoryRevocations() };
    expect(() => createSessions({ sealed, cookie })).toThrow('remove secure: false');
    expect(() => pipeline({ sessions: sessions() })).not.toThrow();
    expect(() => defineCookie('id', { sensitive: true, secure: false })).toThrow('without Secure');
  });

  it('S123: the session cookie, and every other, is SameSite=Lax by default', () => {
    expect(hostSessions(sessions()).cookie.attributes.sameSite).toBe('lax');
    expect(defineCookie('theme').attributes.sameSite).toBe('lax');
  });
});

/** The codes of what is told of the Set-Cookie lines of answers at this URL. */
async function ofCookies(
  lines: readonly string[],
  url = `${app}/`,
  options: PipelineOptions<Record<string, unknown>, []> = {},
): Promise<LintFinding[]> {
  const warnings: LintFinding[] = [];
  const serve = pipeline({ onWarning: (warning) => warnings.push(warning), ...options })(() => {
    const response = new Response();
    for (const line of lines) response.headers.append('set-cookie', line);
    return response;
  });
  await serve(new Request(url));
  await serve(new Request(url));
  return warnings;
}

it('what CSRF refuses is told once for each origin, with the line that lets it in, and on the console with its page', async () => {
  const warnings: LintFinding[] = [];
  const post = (origin: string) =>
    new Request(`${app}/`, {
      method: 'POST',
      headers: { origin, 'sec-fetch-site': 'same-site', cookie: 'a=1' },
    });
  const serve = pipeline({ origins: [app], onWarning: (warning) => warnings.push(warning) })(
    () => new Response(),
  );
  for (const origin of ['https://www.example.com', 'https://www.example.com', 'https://m.example.com'])
    expect((await serve(post(origin))).status).toBe(403);
  expect(warnings.map(({ code }) => code)).toEqual(['csrf-cross-site', 'csrf-cross-site']);
  expect(warnings[0]?.sentence).toContain('https://www.example.com');
  expect(warnings[0]?.sentence).toContain('add it');

  vi.stubEnv('NODE_ENV', 'development');
  const console = vi.spyOn(globalThis.console, 'warn').mockImplementation(() => {});
  await pipeline({ origins: [app] })(() => new Response())(post('https://www.example.com'));
  expect(String(console.mock.calls[0])).toMatch(
    /https:\/\/www\.example\.com.*\(npx hallpass why csrf-cross-site\)$/,
  );
  console.mockRestore();
});

describe('every cookie that a browser will drop is told once, with its reason and its fix', () => {
  it.each([
    ['Secure on http', 'a=1; Secure; Path=/', 'http://app.example.com/', 'secure-from-insecure'],
    ['too large', `a=${'x'.repeat(4_096)}`, `${app}/`, 'cookie-too-large'],
    ['a foreign Domain', 'a=1; Domain=other.example; Path=/; Secure', `${app}/`, 'domain-foreign'],
    ['a prefix without what it asks for', '__Host-a=1; Secure', `${app}/`, 'prefix-host'],
    ['SameSite=None without Secure', 'a=1; SameSite=None; Path=/', `${app}/`, 'none-without-secure'],
    [
      'Safari on http://localhost',
      'a=1; Secure; Path=/; SameSite=Lax',
      'http://localhost:3000/',
      'safari-drops',
    ],
  ])('%s', async (_, line, url, code) => {
    const warnings = await ofCookies([line], url);
    expect(warnings.map((finding) => finding.code)).toEqual([code]);
    if (code !== 'cookie-too-large') expect(warnings[0]?.fix).toMatch(/\.$/);
    expect(JSON.stringify(warnings)).not.toContain('xxxx');
  });

  it('S124: and a sensitive one that lives longer than a day', async () => {
    const line = (seconds: number) => `session=1; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=${seconds}`;
    expect((await ofCookies([line(90_001)])).map(({ code }) => code)).toEqual(['long-lived-secret']);
    expect(await ofCookies([line(86_400)])).toEqual([]);
  });

  it('of our own cookies nobody is told that they live long: a visitor asked to be remembered, and the server ends them', async () => {
    const warnings: LintFinding[] = [];
    const keys = keyRing(generateKey());
    const tokens = createTokens({ keys, issuer: app, audience: app, store: memoryStore() });
    const serve = pipeline({ sessions: sessions(), tokens, onWarning: (warning) => warnings.push(warning) })(
      async (request, context) => {
        const { pathname } = new URL(request.url);
        if (pathname === '/login') (await context.session()).login('ada', { remember: true });
        else if (pathname === '/issue') await context.tokens.issue('ada');
        else await context.tokens.refresh();
        return { done: true };
      },
    );
    expect((await serve(new Request(`${app}/login`))).headers.getSetCookie()[0]).toMatch(/Expires|Max-Age/);
    const lines = (await serve(new Request(`${app}/issue`))).headers.getSetCookie();
    const cookie = lines.map((line) => line.split(';', 1)[0]).join('; ');
    const refreshed = await serve(new Request(`${app}/refresh`, { method: 'POST', headers: { cookie } }));
    expect(refreshed.headers.getSetCookie().length).toBeGreaterThan(0);
    expect(warnings).toEqual([]);
  });

  it('S124: and one that is defined as sensitive, whatever its name', async () => {
    const warnings: string[] = [];
    const onWarning = ({ code, sentence }: LintFinding) =>
      warnings.push(`${code}: ${sentence.split(' ', 1)[0]}`);
    const serve = pipeline({ onWarning })((_, { cookies }) => {
      for (const [name, maxAge] of [
        ['__Host-a', '25h'],
        ['__Host-b', '24h'],
      ] as const) {
        cookies.set(defineCookie(name, { sensitive: true, maxAge }), '1');
      }
      return new Response();
    });
    await serve(new Request(app));
    await serve(new Request(app));
    expect(warnings).toEqual(['long-lived-secret: __Host-a']);
  });

  it('but no cookie that is kept, and no remark of taste', async () => {
    const lines = [
      'a=1; Path=/; Secure',
      'b={"x":1}; Path=/; Secure',
      '__Host-c=1; Path=/; Secure; HttpOnly',
    ];
    expect(await ofCookies(lines)).toEqual([]);
  });

  it('behind a proxy that ends TLS, by the configured origin of the host that was asked for', async () => {
    const line = ['a=1; Secure; Path=/'];
    expect(await ofCookies(line, 'http://app.example.com/', { origins: [app] })).toEqual([]);
    expect(await ofCookies(line, 'http://other.example.com/', { origins: [app] })).toHaveLength(1);
  });

  it('on the console unless somebody listens, in development only', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const dropped = ['a=1; SameSite=None; Path=/'];
    const onConsole = async (mode: string | undefined, onWarning?: false) => {
      vi.stubEnv('NODE_ENV', mode);
      warn.mockClear();
      await ofCookies(dropped, `${app}/`, { onWarning });
      return warn.mock.calls;
    };
    const sentence =
      'hallpass: a has SameSite=None without Secure; add Secure. (npx hallpass why none-without-secure)';
    expect(await onConsole(undefined)).toEqual([[sentence]]);
    expect(await onConsole('development')).toEqual([[sentence]]);
    expect(await onConsole('production')).toEqual([]);
    expect(await onConsole('test')).toEqual([]);
    expect(await onConsole('development', false)).toEqual([]);
    warn.mockRestore();
  });

  it('whatever the target of the request, and whoever gives cookies new names without end', async () => {
    const warnings: LintFinding[] = [];
    let count = 0;
    const serve = pipeline({ origins: [app], onWarning: (warning) => warnings.push(warning) })(() => {
      const lines = Array.from(
        { length: 600 },
        () => ['set-cookie', `a${count++}=1; SameSite=None`] as const,
      );
      return new Response(null, { headers: lines.map(([name, line]): [string, string] => [name, line]) });
    });
    for (const path of ['//b.test/y', '/%', '/x?u=http://b.test']) {
      expect((await serve(new Request(app + path))).status).toBe(200);
    }
    expect(warnings).toHaveLength(1_000);
  });

  it('a preflight that the browser will not follow is told once for each thing that is not listed', async () => {
    const warnings: LintFinding[] = [];
    const cors = { origins: [app] };
    const serve = pipeline({ cors, onWarning: (warning) => warnings.push(warning) })(() => ({}));
    const ask = (headers: Record<string, string>) =>
      serve(
        new Request(`${app}/notes?secret`, {
          method: 'OPTIONS',
          headers: { origin: app, 'access-control-request-method': 'PUT', ...headers },
        }),
      );
    const refused = { 'access-control-request-method': 'PURGE', 'access-control-request-headers': 'x-a' };
    const asked: Record<string, string>[] = [refused, refused, {}, { origin: 'https://evil.test' }];
    for (const headers of asked) await ask(headers);
    expect(warnings.map(({ code }) => code)).toEqual(Array(3).fill('preflight-refused'));
    expect(warnings.map(({ sentence }) => sentence)).toEqual([
      'The method PURGE is not among cors.methods. So a page may not send its request to /notes.',
      'The request header x-a is not among cors.allowHeaders. So a page may not send its request to /notes.',
      expect.stringContaining('The origin https://evil.test is not among cors.origins'),
    ]);
  });

  it('a method that browsers ask no leave for is told of by no warning, listed or not', async () => {
    const warnings: LintFinding[] = [];
    const cors = { origins: [app], methods: ['PUT'] };
    const serve = pipeline({ cors, onWarning: (warning) => warnings.push(warning) })(() => ({}));
    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH']) {
      const headers = { origin: app, 'access-control-request-method': method };
      await serve(new Request(`${app}/notes`, { method: 'OPTIONS', headers }));
    }
    expect(warnings.map(({ sentence }) => sentence)).toEqual([expect.stringContaining('The method PATCH')]);
  });

  it('an answer of one visitor that was offered to all is told once for each path, as far as there are few', async () => {
    const warnings: LintFinding[] = [];
    const onWarning = (warning: LintFinding) => warnings.push(warning);
    const serve = pipeline({ sessions: sessions(), onWarning })(async (_request, context) => {
      await context.user();
      return new Response(null, { headers: { 'cache-control': 'public' } });
    });
    const paths = ['/a', '/a?again', '/b', '/a', '/b'];
    for (const path of paths) await serve(new Request(app + path));
    expect(warnings.map(({ code, sentence }) => [code, /\/[ab]/.exec(sentence)?.[0]])).toEqual([
      ['answer-made-private', '/a'],
      ['answer-made-private', '/b'],
    ]);
    for (let n = 0; n < 1_010; n++) await serve(new Request(`${app}/${n}`));
    expect(warnings).toHaveLength(1_000);
  });

  it('a listener that throws, or rejects, breaks no answer', async () => {
    const listeners = [
      () => {
        throw new Error('at once');
      },
      async () => {
        throw new Error('later');
      },
    ];
    const unhandled: unknown[] = [];
    const listen = (error: unknown) => unhandled.push(error);
    process.on('unhandledRejection', listen);
    for (const onWarning of listeners) {
      const serve = pipeline({ onWarning })(
        () => new Response(null, { headers: { 'set-cookie': 'a=1; SameSite=None' } }),
      );
      expect((await serve(new Request(app))).status).toBe(200);
    }
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', listen);
    expect(unhandled).toEqual([]);
  });
});
