import { execFile } from 'node:child_process';
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CookieJar } from '../jar.ts';
import { openJar } from './index.ts';

const url = 'https://shop.example.com/';
let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hallpass-jar-'));
  path = join(folder, 'jar.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const namesIn = async (file: string) => (await openJar(file)).all().map(({ name }) => name);

describe('openJar', () => {
  it('keeps its cookies from one opening to the next, readable by the owner only', async () => {
    {
      await using jar = await openJar(path);
      jar.set('id=1; Secure; HttpOnly; SameSite=Strict; Max-Age=1000', url);
    }
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const again = await openJar(path);
    expect(again).toBeInstanceOf(CookieJar);
    expect(again.header(url)).toBe('id=1');
    expect(again.all()[0]).toMatchObject({ sameSite: 'strict', httpOnly: true });
  });

  it('writes by itself, some time after a change', async () => {
    const jar = await openJar(path, { debounce: 0 });
    jar.set('id=1', url);
    await expect.poll(() => namesIn(path)).toEqual(['id']);
  });

  it('writes nothing while nothing changes, and makes no file for an empty jar', async () => {
    const jar = await openJar(path);
    await jar.flush();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('takes in what others wrote and keeps what it changed itself', async () => {
    const one = await openJar(path);
    const other = await openJar(path);
    one.set('a=1', url);
    one.set('shared=1', url);
    await one.flush();
    other.set('b=2', url);
    await other.flush();
    expect(other.header(url)).toBe('a=1; shared=1; b=2');
    other.delete('shared', url);
    await other.flush();
    one.set('a=3', url);
    await one.flush();
    expect(one.header(url)).toBe('a=3; b=2');
    expect(await namesIn(path)).toEqual(['a', 'b']);
  });

  it('loses nothing that is set while it writes', async () => {
    const jar = await openJar(path);
    jar.set('a=1', url);
    const writing = jar.flush();
    await Promise.resolve();
    jar.set('b=2', url);
    await writing;
    expect(jar.header(url)).toBe('a=1; b=2');
    await jar.flush();
    expect(await namesIn(path)).toEqual(['a', 'b']);
  });

  it('loses nothing when several processes write at once', async () => {
    const script = `
      const { openJar } = await import(${JSON.stringify(new URL('./index.ts', import.meta.url).href)});
      const jar = await openJar(process.argv[1]);
      for (let i = 0; i < 10; i++) {
        jar.set(process.argv[2] + i + '=1', ${JSON.stringify(url)});
        await jar.flush();
      }
    `;
    const run = promisify(execFile);
    const processes = ['p', 'q', 'r'].map((name) =>
      run(process.execPath, ['--input-type=module', '-e', script, path, name]),
    );
    await Promise.all(processes);
    expect((await namesIn(path)).length).toBe(30);
    expect(readdirSync(folder)).toEqual(['jar.json']);
  });

  it('is not locked out by a process that died', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['-p', 'process.pid']);
    writeFileSync(`${path}.lock`, stdout.trim());
    const jar = await openJar(path);
    jar.set('a=1', url);
    await jar.flush();
    expect(readdirSync(folder)).toEqual(['jar.json']);
  });

  it('writes through a symbolic link instead of replacing it', async () => {
    writeFileSync(path, '{"version":1,"cookies":[]}');
    const link = join(folder, 'link.json');
    symlinkSync(path, link);
    const jar = await openJar(link);
    jar.set('a=1', url);
    await jar.flush();
    expect(await namesIn(path)).toEqual(['a']);
  });

  it.each([
    ['text', 'hp-secret-file'],
    ['other JSON', '{"cookies":[]}'],
    ['a jar that was cut off', '{"version":1,"cookies":[{"name":"a","value":"hp-secret-file'],
    ['nothing', ''],
  ])('names a file that holds %s and leaves it alone', async (_, text) => {
    writeFileSync(path, text);
    const error = await openJar(path).catch((caught) => caught);
    expect(error).toMatchObject({ code: 'jar-unusable', message: expect.stringContaining(path) });
    expect(`${error.stack}${error.cause}`).not.toContain('hp-secret');
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it('says at the next flush what kept it from writing', async () => {
    const jar = await openJar(join(folder, 'missing', 'jar.json'), { debounce: 0 });
    jar.set('a=1', url);
    await expect(jar.flush()).rejects.toMatchObject({ code: 'jar-unusable' });
    await expect(jar.flush()).rejects.toMatchObject({ code: 'jar-unusable' });
    expect(jar.header(url)).toBe('a=1');
  });

  it('repairs the rights of a file that others could read', async () => {
    writeFileSync(path, '{"version":1,"cookies":[]}');
    chmodSync(path, 0o644);
    const jar = await openJar(path);
    jar.set('a=1', url);
    await jar.flush();
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });
});
