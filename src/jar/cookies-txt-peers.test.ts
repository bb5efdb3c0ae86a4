import { execFile, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCookiesTxt, writeCookiesTxt } from './cookies-txt.ts';
import { CookieJar } from './jar.ts';

const run = promisify(execFile);
const has = (command: string) => spawnSync(command, ['--version']).status === 0;
const host = 'shop.example.com';

const server = createServer((request, response) => {
  response.setHeader('set-cookie', ['typed=caf\xc3\xa9; Path=/', 'latin=Z\xfcrich; Path=/; HttpOnly']);
  response.end(Buffer.from(request.headers.cookie ?? '', 'latin1'));
});
let base: string;
let folder: string;
let file: string;
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://${host}:${(server.address() as AddressInfo).port}/`;
  folder = mkdtempSync(join(tmpdir(), 'hallpass-peers-'));
  file = join(folder, 'cookies.txt');
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

async function curl(...options: string[]): Promise<string> {
  const { port } = server.address() as AddressInfo;
  const connect = ['--resolve', `${host}:${port}:127.0.0.1`, '--noproxy', '*'];
  const { stdout } = await run('curl', ['-s', ...connect, ...options, base], { encoding: 'latin1' });
  return stdout;
}

/** The Cookie header that Python's http.cookiejar makes of the file. */
async function python(): Promise<string> {
  const script = `
import http.cookiejar, sys, urllib.request
jar = http.cookiejar.MozillaCookieJar(sys.argv[1])
jar.load(ignore_discard=True, ignore_expires=False)
request = urllib.request.Request(sys.argv[2])
jar.add_cookie_header(request)
print(request.get_header('Cookie') or '', end='')`;
  const { stdout } = await run('python3', ['-c', script, file, base]);
  return stdout;
}

function ours(): string {
  const jar = new CookieJar();
  jar.add(readCookiesTxt(readFileSync(file)).cookies);
  return jar.header(base);
}

const line = (...fields: (string | number)[]) => `${fields.join('\t')}\n`;
const header = '# Netscape HTTP Cookie File\n';
const far = Math.floor(Date.now() / 1_000) + 86_400;

describe.skipIf(!has('curl'))('beside curl, octet for octet', () => {
  it.each<[string, string | Buffer, string]>([
    ['a session cookie', line(host, 'FALSE', '/', 'FALSE', 0, 'n', 'v'), 'n=v'],
    ['a fraction of a second', line(host, 'FALSE', '/', 'FALSE', `${far}.608`, 'n', 'v'), 'n=v'],
    ['a fraction that is past', line(host, 'FALSE', '/', 'FALSE', '1.9', 'n', 'v'), ''],
    ['half a second since 1970', line(host, 'FALSE', '/', 'FALSE', '0.5', 'n', 'v'), 'n=v'],
    ['blanks round the time', line(host, 'FALSE', '/', 'FALSE', ` ${far} `, 'n', 'v'), 'n=v'],
    ['a sign before the time', line(host, 'FALSE', '/', 'FALSE', `+${far}`, 'n', 'v'), 'n=v'],
    ['no value', line(host, 'FALSE', '/', 'FALSE', 0, 'n'), 'n='],
    ['a parent domain', line('.example.com', 'TRUE', '/', 'FALSE', far, 'n', 'v'), 'n=v'],
    ['a dot that FALSE takes back', line(`.${host}`, 'FALSE', '/', 'FALSE', 0, 'n', 'v'), 'n=v'],
    ['TRUE without a dot', line('example.com', 'TRUE', '/', 'FALSE', 0, 'n', 'v'), 'n=v'],
    ['HttpOnly', line(`#HttpOnly_${host}`, 'FALSE', '/', 'FALSE', 0, 'n', 'v'), 'n=v'],
    ['a public suffix', line('.com', 'TRUE', '/', 'FALSE', 0, 'n', 'v'), ''],
    ['a prefix without Secure', line(host, 'FALSE', '/', 'FALSE', 0, '__Secure-n', 'v'), ''],
    ['UTF-8', line(host, 'FALSE', '/', 'FALSE', 0, 'n', 'café'), 'n=caf\xc3\xa9'],
    ['Latin-1', Buffer.from(line(host, 'FALSE', '/', 'FALSE', 0, 'n', 'caf\xe9'), 'latin1'), 'n=caf\xe9'],
    ['a Windows line end', `${line(host, 'FALSE', '/', 'FALSE', 0, 'n', 'v').trimEnd()}\r\n`, 'n=v'],
  ])('%s', async (_, content, expected) => {
    writeFileSync(file, Buffer.concat([Buffer.from(header), Buffer.from(content as string)]));
    expect({ curl: await curl('-b', file), ours: ours() }).toEqual({ curl: expected, ours: expected });
  });

  it('what curl keeps we read, and what we write curl sends', async () => {
    rmSync(file, { force: true });
    await curl('-c', file);
    const sent = 'typed=caf\xc3\xa9; latin=Z\xfcrich';
    const inOrder = (header: string) => header.split('; ').sort();
    expect(inOrder(ours())).toEqual(inOrder(sent));
    const jar = new CookieJar();
    jar.add(readCookiesTxt(readFileSync(file)).cookies);
    jar.set('own=日; Path=/', base);
    writeFileSync(file, writeCookiesTxt(jar).bytes);
    expect(inOrder(await curl('-b', file))).toEqual(inOrder(`${sent}; own=\xe6\x97\xa5`));
  });
});

describe.skipIf(!has('python3'))('beside http.cookiejar of Python', () => {
  it.each([
    ['a time', line(host, 'FALSE', '/', 'FALSE', far, 'n', 'v'), 'n=v'],
    ['a fraction of a second', line('.example.com', 'TRUE', '/', 'FALSE', `${far}.608`, 'n', 'v'), 'n=v'],
    ['a fraction that is past', line('.example.com', 'TRUE', '/', 'FALSE', '1.9', 'n', 'v'), ''],
    ['no time', line(host, 'FALSE', '/', 'FALSE', '', 'n', 'v'), 'n=v'],
    ['a time below 1970', line(host, 'FALSE', '/', 'FALSE', -1, 'n', 'v'), ''],
    ['no name', line(host, 'FALSE', '/', 'FALSE', far, '', 'v'), 'v'],
  ])('%s', async (_, content, expected) => {
    writeFileSync(file, header + content);
    expect({ python: await python(), ours: ours() }).toEqual({ python: expected, ours: expected });
  });
});
