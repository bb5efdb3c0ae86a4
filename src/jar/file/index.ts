import { randomUUID } from 'node:crypto';
import { open, readFile, realpath, rename, rm } from 'node:fs/promises';
import { HallpassError } from '../../errors.ts';
import { type Duration, toMilliseconds } from '../../time.ts';
import { CookieJar, type CookieJarOptions } from '../jar.ts';
import { readSavedJar, saveCookie } from '../json.ts';
import { withLock } from './lock.ts';
import { type CookieMap, mapOf, rebased } from './rebase.ts';

export interface OpenJarOptions extends CookieJarOptions {
  /** How long after a change the file is written, so that many changes make one write. Default: `'100ms'`. */
  debounce?: Duration;
}

/**
 * A jar that lives in a file. The file is replaced as a whole, is readable by its owner only, and several processes may have it
 * open: each writes only what it changed itself.
 */
export class FileJar extends CookieJar implements AsyncDisposable {
  readonly #path: string;
  readonly #debounce: number;
  /** The file as it was when we last read or wrote it. */
  #base: CookieMap;
  #synced: object;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(path: string, saved: CookieMap, { debounce = '100ms', ...options }: OpenJarOptions) {
    super(options);
    this.#path = path;
    this.#debounce = toMilliseconds(debounce);
    this.#base = saved;
    this.load([...saved.values()]);
    this.#synced = this.snapshot();
  }

  /** Writes what changed, and takes in what other processes wrote. @throws HallpassError `jar-unusable` */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const written = this.#writing.then(() => this.#write());
    this.#writing = written.catch(() => {});
    return written;
  }

  /** Flushes. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.flush();
  }

  protected override changed(): void {
    if (this.#timer !== undefined || this.snapshot() === this.#synced) return;
    // What goes wrong here is thrown by the next flush, which finds the change still unwritten.
    this.#timer = setTimeout(() => void this.flush().catch(() => {}), this.#debounce);
  }

  async #write(): Promise<void> {
    await withLock(this.#path, async () => {
      const stored = await readJarFile(this.#path);
      const ours = mapOf(this.all());
      const merged = rebased(this.#base, ours, stored);
      if (this.snapshot() !== this.#synced) await replaceFile(this.#path, merged);
      this.load([...rebased(ours, mapOf(this.all()), merged).values()]);
      this.#base = merged;
      this.#synced = this.snapshot();
    }).catch((error) => Promise.reject(unusable(this.#path, error)));
  }
}

/**
 * Opens the jar in a file; a file that does not exist yet is made by the first write.
 * @throws HallpassError `jar-unusable` when the file is no saved jar or cannot be read. Nothing is overwritten then.
 *
 * @example
 * ```ts
 * import { mkdtemp } from 'node:fs/promises';
 * import { openJar } from 'hallpass/jar/file';
 *
 * const path = `${await mkdtemp('/tmp/jar-')}/cookies.json`;
 * {
 *   await using jar = await openJar(path);
 *   jar.set('id=7; Max-Age=3600', 'https://shop.example.com/');
 * }
 * console.log((await openJar(path)).header('https://shop.example.com/')); // → id=7
 * ```
 */
export async function openJar(path: string, options: OpenJarOptions = {}): Promise<FileJar> {
  const target = await realpath(path).catch(() => path);
  const saved = await readJarFile(target).catch((error) => Promise.reject(unusable(path, error)));
  return new FileJar(target, saved, options);
}

async function readJarFile(path: string): Promise<CookieMap> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return mapOf(text === undefined ? [] : readSavedJar(JSON.parse(text)));
}

async function replaceFile(path: string, cookies: CookieMap): Promise<void> {
  const draft = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(JSON.stringify({ version: 1, cookies: [...cookies.values()].map(saveCookie) }));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** A JSON parser may quote the text, and that holds cookies: only system errors become the cause. */
function unusable(path: string, error: unknown): unknown {
  if (error instanceof HallpassError) return error;
  const { code } = error as NodeJS.ErrnoException;
  if (code !== undefined) {
    return new HallpassError(
      'jar-unusable',
      `${path} cannot be used (${code}): check the file and its folder.`,
      { cause: error },
    );
  }
  return new HallpassError(
    'jar-unusable',
    `${path} is no jar that hallpass saved: name another path, or move the file away. Nothing was overwritten.`,
  );
}
