import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
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
/** What lies in the folder after a write. */
const files = ['jar.json', 'jar.json.lock.sqlite'];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hallpass-jar-'));
  path = join(folder, 'jar.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const namesIn = async (file: string) => (await openJar(file)).all().map(({ name }) => name);

/** Another process that holds the lock of a jar until it is killed, and repeats what it is told. */
async function startHolder(path: string) {
  const script = `
    const { withLock } = await import(${JSON.stringify(new URL('./lock.ts', import.meta.url).href)});
    await withLock(process.argv[1], () => {
      process.stdin.pipe(process.stdout);
      process.stdout.write('held');
      return new Promise(() => {});
    });
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, path]);
  child.stdout.setEncoding('utf8');
  await once(child.stdout, 'data');
  return {
    async asked(question: string): Promise<string> {
      child.stdin.write(question);
      const [answer] = await once(child.stdout, 'data');
      return answer;
    },
    kill: () => child.kill('SIGKILL'),
  };
}

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

  it.each(['a=2', 'Secure', 'HttpOnly', 'SameSite=Lax', 'Max-Age=2000'])(
    'keeps a change of one thing, though the cookie is the same: %s',
    async (change) => {
      const jar = await openJar(path, { clock: { now: () => 1_000_000 } });
      jar.set('a=1; Max-Age=1000', url);
      await jar.flush();
      const [before] = jar.all();
      jar.set(change === 'a=2' ? 'a=2; Max-Age=1000' : `a=1; Max-Age=1000; ${change}`, url);
      const changed = jar.all();
      expect(changed).not.toEqual([before]);
      await jar.flush();
      expect((await openJar(path, { clock: { now: () => 1_000_000 } })).all()).toEqual(changed);
    },
  );

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

  it('loses nothing that is set while it writes, at whatever point', async () => {
    const jar = await openJar(path);
    for (let turns = 0; turns < 60; turns++) {
      jar.set(`a=${turns}`, url);
      const writing = jar.flush();
      for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate);
      jar.set(`b=${turns}`, url);
      jar.delete('c', url);
      jar.set(`d${turns}=1`, url);
      await writing;
      await jar.flush();
      expect((await openJar(path)).header(url)).toBe(jar.header(url));
      expect(jar.header(url)).toContain(`b=${turns}`);
      jar.set('c=1', url);
    }
  });

  it('deletes no cookie that another process renewed after it expired here', async () => {
    let now = 1_000_000;
    const clock = { now: () => now };
    const one = await openJar(path, { clock });
    const other = await openJar(path, { clock });
    one.set('a=1; Max-Age=10', url);
    await one.flush();
    await other.flush();
    now += 9_000;
    other.set('a=1; Max-Age=10', url);
    await other.flush();
    now += 5_000;
    expect(one.size).toBe(0);
    one.set('b=1', url);
    await one.flush();
    expect(one.header(url)).toBe('a=1; b=1');
  });

  it('clears the file, what it has not seen of it too', async () => {
    const one = await openJar(path);
    const other = await openJar(path);
    other.set('a=1', url);
    await other.flush();
    one.clear();
    one.set('b=1', url);
    await one.flush();
    expect(await namesIn(path)).toEqual(['b']);
  });

  it('drops by its own limits nothing of a process with wider ones, and keeps the file within the widest', async () => {
    const wide = await openJar(path, { limits: { maxPerSite: 400, maxCookies: 10_000 } });
    for (let i = 0; i < 400; i++) wide.set(`w${i}=1`, url);
    await wide.flush();
    const narrow = await openJar(path);
    expect(narrow.size).toBe(180);
    narrow.set('new=1', 'https://other.example/');
    await narrow.flush();
    expect((await openJar(path, { limits: { maxPerSite: 1_000 } })).size).toBe(401);
    for (let i = 0; i < 200; i++) narrow.set(`n${i}=1`, url);
    await narrow.flush();
    await wide.flush();
    expect(wide.all().filter(({ domain }) => domain !== 'other.example').length).toBe(400);
    expect(wide.get('n199')?.value).toBe('1');
  });

  it('keeps within its limits by last use, as a jar in memory does', async () => {
    const jar = await openJar(path, { limits: { maxPerSite: 3 } });
    for (const name of 'abc') jar.set(`${name}=1; Path=/${name}`, url);
    await jar.flush();
    jar.header(`${url}a`);
    jar.set('d=1', url);
    await jar.flush();
    expect(await namesIn(path)).toEqual(['a', 'c', 'd']);
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
    expect(readdirSync(folder)).toEqual(files);
  });

  it('is locked out by a living process only, whatever files lie about', async () => {
    const holder = await startHolder(path);
    const jar = await openJar(path);
    jar.set('a=1', url);
    for (const text of [String(process.pid), '1', '']) writeFileSync(`${path}.lock`, text);
    const written = jar.flush();
    expect(await Promise.race([written, holder.asked('still there?')])).toBe('still there?');
    holder.kill();
    await written;
    expect(await namesIn(path)).toEqual(['a']);
  });

  it('removes the draft that a killed process left, when it opens the file and when it writes', async () => {
    const draft = `${path}.tmp`;
    writeFileSync(draft, 'hp-secret-draft');
    const jar = await openJar(path);
    expect(readdirSync(folder)).toEqual([files[1]]);
    writeFileSync(draft, 'hp-secret-draft');
    jar.set('a=1', url);
    await jar.flush();
    expect(readdirSync(folder)).toEqual(files);
    expect(statSync(join(folder, files[1]!)).size).toBe(0);
  });

  it('keeps what it could not write, and writes it when it can', async () => {
    const jar = await openJar(path);
    jar.set('a=1', url);
    mkdirSync(`${path}.tmp`);
    await expect(jar.flush()).rejects.toMatchObject({ code: 'jar-unusable' });
    jar.set('a=2', url);
    jar.set('b=1', url);
    await expect(jar.flush()).rejects.toMatchObject({ code: 'jar-unusable' });
    rmdirSync(`${path}.tmp`);
    await jar.flush();
    expect((await openJar(path)).header(url)).toBe('a=2; b=1');
  });

  it('keeps what it was asked where the writing itself fails, in its midst', async () => {
    let spoils = false;
    const now = () => {
      if (spoils) mkdirSync(`${path}.tmp`, { recursive: true });
      return 1_000_000;
    };
    const jar = await openJar(path, { clock: { now } });
    jar.set('a=1', url);
    spoils = true;
    await expect(jar.flush()).rejects.toMatchObject({ code: 'jar-unusable' });
    spoils = false;
    rmdirSync(`${path}.tmp`);
    await jar.flush();
    expect(await namesIn(path)).toEqual(['a']);
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

  it('is the place that it names when it is opened: through links that lead nowhere yet, wherever the process goes', async () => {
    mkdirSync(join(folder, 'real'));
    symlinkSync('real', join(folder, 'folder'));
    symlinkSync('../real/last.json', join(folder, 'real', 'first.json'));
    const before = process.cwd();
    try {
      process.chdir(folder);
      const relative = await openJar('jar.json');
      const linked = await openJar(join('folder', 'first.json'));
      process.chdir(before);
      for (const jar of [relative, linked]) {
        jar.set('a=1', url);
        await jar.flush();
      }
    } finally {
      process.chdir(before);
    }
    expect(await namesIn(path)).toEqual(['a']);
    expect(await namesIn(join(folder, 'real', 'last.json'))).toEqual(['a']);
    expect(lstatSync(join(folder, 'real', 'first.json')).isSymbolicLink()).toBe(true);
  });

  it('names its lock where that is what cannot be used', async () => {
    const lock = `${path}.lock.sqlite`;
    const jar = await openJar(path);
    jar.set('a=1', url);
    for (const spoil of [() => mkdirSync(lock), () => writeFileSync(lock, 'x'.repeat(4_096))]) {
      spoil();
      const error = await jar.flush().catch((caught) => caught);
      expect(error).toMatchObject({ code: 'jar-unusable', message: expect.stringContaining(lock) });
      rmSync(lock, { recursive: true });
    }
    await jar.flush();
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
