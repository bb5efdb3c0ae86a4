import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { describeWith } from '../../tools/test/parts.ts';
import { runCommand } from '../../tools/test/run-command.ts';
import { publicSuffixes } from '../jar/index.ts';
import { chromiumReasons } from './doctor/chromium-reasons.ts';
import { compare } from './doctor/compare.ts';
import { startGuardProxy } from './doctor/guard-proxy.ts';

const secret = 'S3CRET';
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function serve(answer: (incoming: IncomingMessage, outgoing: ServerResponse) => void): Promise<number> {
  const server = createServer(answer).listen(0, '127.0.0.1');
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
  const get = (proxy: string, url: string) =>
    new Promise<string>((resolve, reject) => {
      const { hostname, port } = new URL(proxy);
      const asked = request({ hostname, port, path: url, headers: { host: new URL(url).host } }, (answer) => {
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
