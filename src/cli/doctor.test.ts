import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { describeWith } from '../../tools/test/parts.ts';
import { runCommand } from '../../tools/test/run-command.ts';
import { publicSuffixes } from '../jar/index.ts';
import { chromiumReasons } from './doctor/chromium-reasons.ts';
import { compare } from './doctor/compare.ts';
import { DevTools } from './doctor/devtools.ts';
import { startGuardProxy } from './doctor/guard-proxy.ts';
import { Recorder } from './doctor/recorder.ts';
import { takeSteps } from './doctor/steps.ts';

const secret = 'S3CRET';
const maxHeaderSize = 300_000;
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function serve(answer: (incoming: IncomingMessage, outgoing: ServerResponse) => void): Promise<number> {
  const server = createServer({ maxHeaderSize }, answer).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

describe('hallpass doctor', () => {
  it.each<[string, string[]]>([
    ['no URL', []],
    ['a URL of another scheme', [`file:///${secret}`]],
    ['an unknown option', ['https://a.test/', '--heaven']],
    ['steps that are not there', ['https://a.test/', '--steps', '/no/such/file']],
  ])('refuses %s with 2, and repeats no secret', async (_, argv) => {
    expect(await runCommand(['doctor', ...argv], { secret })).toMatchObject({ code: 2, stdout: '' });
  });

  it('says that there is no browser', async () => {
    const { code, stderr } = await runCommand(['doctor', 'https://a.test/', '--browser', '/no/chromium'], {});
    expect([code, stderr]).toEqual([1, expect.stringContaining('--browser names no file.')]);
  });
});

describe('what the doctor compares', () => {
  const url = new URL('http://localhost:3000/');
  const observed = (line: string, reasons: string[] = []) => [
    {
      exchange: { url, status: 200, responseHeaders: [['set-cookie', line] as const] },
      blocked: reasons.length === 0 ? [] : [{ name: 'a', when: 'set' as const, reasons }],
    },
  ];

  it('is judged as Chromium does, which keeps Secure cookies of localhost over http', () => {
    expect(compare(observed('a=1; Secure; Path=/'), publicSuffixes)).toEqual([]);
  });

  it.each([
    ...Object.keys(chromiumReasons),
    'PortMismatch',
    'SchemeMismatch',
    'SchemeNotSupported',
    'AnonymousContext',
    'UnknownError',
    'OfTheFuture',
  ])('has a sentence and a fix for %s', (reason) => {
    const [diagnosis] = compare(observed('a=1; Path=/', [reason]), publicSuffixes);
    expect(diagnosis).toMatchObject({ name: 'a', chromium: [reason] });
    expect(diagnosis!.sentence).toMatch(/\.$/);
    expect(diagnosis!.sentence).not.toContain('{name}');
    expect(diagnosis!.fix).toMatch(/\.$/);
  });
});

describe('the proxy of the doctor', () => {
  /** What comes back through the proxy: the status and the body. */
  const get = (proxy: string, url: string, cookie = '') =>
    new Promise<string>((resolve, reject) => {
      const { hostname, port } = new URL(proxy);
      const headers = { host: new URL(url).host, cookie };
      const asked = request({ hostname, port, path: url, headers, maxHeaderSize }, (answer) => {
        let text = `${answer.statusCode} `;
        answer.setEncoding('utf8');
        answer.on('data', (chunk) => {
          text += chunk;
        });
        answer.on('end', () => resolve(text));
      });
      asked.on('error', reject);
      asked.end();
    });

  it('connects to what was typed and to no other place of this machine', async () => {
    const [typed, inside] = [
      await serve((_, res) => res.end('typed')),
      await serve((_, res) => res.end('inside')),
    ];
    const proxy = await startGuardProxy(new Set([`localhost:${typed}`]));
    closing.push(() => proxy.close());
    expect(await get(proxy.url, `http://localhost:${typed}/`)).toBe('200 typed');
    for (const host of ['localhost', '127.0.0.1', '[::1]', '0.0.0.0', '169.254.169.254', '10.0.0.1']) {
      const answer = await get(proxy.url, `http://${host}:${inside}/`);
      expect(answer, host).toMatch(/^403 /);
    }
    expect([...proxy.refused]).toContain(`127.0.0.1:${inside}`);
    expect(await get(proxy.url, `http://127.0.0.1:${typed}/`)).toMatch(/^403 /);
    expect(await get(proxy.url, 'http://no-such-name.invalid/')).toMatch(/^403 /);
    expect(proxy.refused.has('no-such-name.invalid:80')).toBe(false);
    expect(proxy.unreached.get('no-such-name.invalid:80')).toMatch(/^has no address/);
  });

  it.each([
    'HTTP/1.1 099 Odd\r\nContent-Length: 2\r\n\r\nok',
    'HTTP/1.1 200 O\x01K\r\nContent-Length: 2\r\n\r\nok',
    'HTTP/1.1 101 Switch\r\nConnection: upgrade\r\nUpgrade: odd\r\n\r\n',
    'SSH-2.0-odd\r\n',
  ])('says of a server that answers so that it is no HTTP: %j', async (answer) => {
    const server = createTcpServer((socket) => void socket.on('error', () => {}).end(answer));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => server.close());
    const where = `localhost:${(server.address() as AddressInfo).port}`;
    const proxy = await startGuardProxy(new Set([where]));
    closing.push(() => proxy.close());
    await expect(get(proxy.url, `http://${where}/`)).rejects.toThrow('socket hang up');
    expect([...proxy.unreached]).toEqual([[where, expect.stringMatching(/^answers with what is no HTTP/)]]);
  });

  it('takes as many cookies as Chromium does, both ways', async () => {
    const many = Array.from({ length: 1_500 }, (_, at) => `c${at}=${'x'.repeat(120)}`);
    const port = await serve((incoming, outgoing) => {
      outgoing.setHeader('set-cookie', many);
      outgoing.end(`${incoming.headers.cookie?.length}`);
    });
    const proxy = await startGuardProxy(new Set([`localhost:${port}`]));
    closing.push(() => proxy.close());
    const cookie = many.join('; ');
    expect(await get(proxy.url, `http://localhost:${port}/`, cookie)).toBe(`200 ${cookie.length}`);
  });
});

describe('the steps of the doctor', () => {
  const step = { kind: 'visit', url: new URL('http://a.test/login') } as const;
  /** A browser that answers what comes before its first navigation, and never that. */
  function silentBrowser(): DevTools {
    const [out, incoming] = [new PassThrough(), new PassThrough()];
    out.on('data', (message) => {
      const { id, method } = JSON.parse(String(message).replace('\0', ''));
      if (method !== 'Page.navigate')
        incoming.write(`${JSON.stringify({ id, result: { targetId: '1', sessionId: '1' } })}\0`);
    });
    return new DevTools(out, incoming);
  }

  it('end when the user ends them, though a server never answers', async () => {
    const user = new AbortController();
    const devTools = silentBrowser();
    const sent = vi.spyOn(devTools, 'send');
    const steps = takeSteps(devTools, [step], new Recorder(), user.signal);
    await vi.waitUntil(() => sent.mock.calls.some(([method]) => method === 'Page.navigate'), { interval: 1 });
    user.abort();
    await expect(steps).rejects.toThrow('Interrupted.');
  });

  it('take 20 s at the most each', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    closing.push(() => vi.useRealTimers());
    const devTools = silentBrowser();
    const steps = takeSteps(devTools, [step], new Recorder(), undefined);
    const refused = expect(steps).rejects.toThrow('http://a.test did not answer within 20 s.');
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    await vi.advanceTimersByTimeAsync(20_000);
    await refused;
  });
});

describeWith('chromium', 'hallpass doctor in Chromium', (browser) => {
  it('says that a name is not known, or that nothing listens', async () => {
    const port = await serve(() => {});
    await closing.pop()?.();
    for (const [url, why] of [
      ['http://no-such-name.invalid/', 'no-such-name.invalid:80 has no address'],
      [`http://localhost:${port}/`, `localhost:${port} does not answer`],
    ]) {
      const { code, stderr } = await runCommand(['doctor', url!, '--browser', browser], { secret });
      expect([code, stderr]).toEqual([1, expect.stringContaining(why!)]);
    }
  }, 60_000);

  it('lays the reasons of Chromium beside ours, with what to do, and prints no value', async () => {
    const inside = await serve((_, res) => res.end('inside'));
    const port = await serve((incoming, outgoing) => {
      if (incoming.url === '/login') {
        outgoing.setHeader('set-cookie', [
          `none=${secret}; Path=/; SameSite=None`,
          `wide=${secret}; Path=/; Domain=example.com`,
          `deep=${secret}; Path=/account; SameSite=Lax`,
          `good=${secret}; Path=/; SameSite=Lax`,
        ]);
      }
      outgoing.setHeader('content-type', 'text/html');
      outgoing.end(
        `<form action="/done" method="post"><button id="go">Go</button></form><img src="http://127.0.0.1:${inside}/x.png">`,
      );
    });
    const url = `http://localhost:${port}/login`;
    const { code, stdout } = await runCommand(
      ['doctor', url, '--browser', browser, '--steps', '-', '--json'],
      {
        secret,
        piped: 'click #go\n',
      },
    );
    expect(code).toBe(1);
    const { cookies, refused, requests } = JSON.parse(stdout);
    expect(requests).toBeGreaterThanOrEqual(2);
    expect(refused).toEqual([`127.0.0.1:${inside}`]);
    const byName = Object.fromEntries(cookies.map((one: { name: string }) => [one.name, one]));
    expect(byName.none).toMatchObject({
      when: 'set',
      url,
      chromium: ['SameSiteNoneInsecure'],
      hallpass: ['none-without-secure'],
      agrees: true,
      fix: expect.stringMatching(/Secure/),
    });
    expect(byName.wide).toMatchObject({
      chromium: ['InvalidDomain'],
      hallpass: ['domain-foreign'],
      agrees: true,
    });
    expect(byName.deep).toMatchObject({
      when: 'sent',
      chromium: ['NotOnPath'],
      hallpass: ['other-path'],
      agrees: true,
    });
    expect(byName.good).toBeUndefined();
    expect(stdout).not.toContain(secret);
  }, 60_000);

  it('is 0 where every cookie got there, and a visit that ends with 204 is one', async () => {
    const port = await serve((incoming, outgoing) => {
      if (incoming.url === '/none') return void outgoing.writeHead(204).end();
      outgoing.setHeader('set-cookie', `good=${secret}; Path=/; SameSite=Lax`);
      outgoing.setHeader('content-type', 'text/html').end('<p>hello');
    });
    const origin = `http://localhost:${port}`;
    const { code, stdout } = await runCommand(
      ['doctor', `${origin}/none`, `${origin}/`, '--browser', browser],
      { secret },
    );
    expect([code, stdout]).toEqual([0, expect.stringContaining('cookies that did not get there: 0')]);
  }, 60_000);
});
