import { existsSync } from 'node:fs';
import { readlink, realpath } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { refuseDetached } from '../../errors/detached.ts';
import { checkOptions, expectType } from '../../errors/misuse.ts';
import { HallpassError } from '../../errors.ts';
import type { StoredCookie } from '../../scope/cookie-facts.ts';
import { type Duration, timeoutToMilliseconds } from '../../time.ts';
import { CookieJar, type CookieJarOptions, internalsOf, jarShape } from '../jar.ts';
import { type JarLimits, limitsOf } from '../limits.ts';
import { judgeStored } from '../saved-cookie.ts';
import { CookieStorage } from '../storage.ts';
import { draftOf, type JarFile, readJarFile, removeDraft, writeJarFile } from './jar-file.ts';
import { type CookieMap, Journal, keyOf, mapOf, sameMap } from './journal.ts';
import { withLock } from './lock.ts';

/** Options of {@link openJar}. */
export interface OpenJarOptions extends CookieJarOptions {
  /** How long after a change the file is written, so that many changes make one write. Default: `'100ms'`. */
  debounce?: Duration;
}

/**
 * A jar that lives in a file. The file is replaced as a whole, is readable by its owner only, and several processes may have it
 * open: each writes only what it changed itself. What `flush()` has written is never lost, whoever is killed when.
 *
 * @example
 * ```ts
 * import { mkdtemp } from 'node:fs/promises';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { FileJar, openJar } from 'hallpass/jar/file';
 *
 * await using jar = await openJar(join(await mkdtemp(join(tmpdir(), 'jar-')), 'jar.json'));
 * jar.set('id=7; Path=/; Max-Age=60', 'https://shop.test/');
 * await jar.flush();
 * console.log(jar instanceof FileJar, jar.size); // → true 1
 * ```
 */
export class FileJar extends CookieJar implements AsyncDisposable {
  readonly #path: string;
  readonly #debounce: number;
  readonly #limits: JarLimits;
  /** What the file does not say yet. */
  #journal = new Journal();
  /** The file as we last saw it. */
  #seen: CookieMap;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(path: string, { cookies }: JarFile, { debounce = '100ms', ...options }: OpenJarOptions) {
    super(options);
    this.#path = path;
    this.#debounce = timeoutToMilliseconds(debounce);
    this.#limits = limitsOf(options.limits);
    this.#seen = cookies;
    const { storage, clock } = internalsOf(this);
    storage.load(believed(cookies, this), clock.now());
    storage.onChange = (change) => {
      this.#journal.note(change);
      // What goes wrong here is thrown by the next flush, which finds the change still unwritten.
      this.#timer ??= setTimeout(() => void this.flush().catch(() => {}), this.#debounce);
    };
  }

  static {
    refuseDetached(FileJar, (object) => #path in object, 'jar');
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

  async #write(): Promise<void> {
    if (this.#journal.isEmpty && !existsSync(this.#path)) return;
    await locked(this.#path, async () => {
      const file = await readJarFile(this.#path);
      const journal = this.#journal;
      this.#journal = new Journal();
      try {
        const limits = widest(this.#limits, file.limits);
        const cookies = this.#within(limits, this.#after(journal, file.cookies), journal);
        if (!journal.isEmpty && !sameMap(cookies, file.cookies)) {
          await writeJarFile(this.#path, { cookies, limits });
        }
        this.#take(cookies);
      } catch (error) {
        this.#journal = journal.followedBy(this.#journal);
        throw error;
      }
    });
  }

  #after(journal: Journal, cookies: CookieMap): CookieMap {
    return journal.applyTo(cookies, internalsOf(this).clock.now());
  }

  /**
   * As many cookies as the file may hold. Those go first that our own, narrower limits have dropped from memory, and last those
   * that are news to us.
   */
  #within(limits: JarLimits, cookies: CookieMap, journal: Journal): CookieMap {
    if (cookies.size <= Math.min(limits.maxPerSite, limits.maxCookies)) return cookies;
    const { storage, suffixes, clock } = internalsOf(this);
    const isOld = (key: string) => this.#seen.has(key) || journal.has(key);
    const file = new CookieStorage(suffixes, limits);
    file.load(
      cookies.values(),
      clock.now(),
      (cookie) => storage.usedAt(cookie) ?? (isOld(keyOf(cookie)) ? -1 : Number.POSITIVE_INFINITY),
    );
    const stays = mapOf(file.all());
    return new Map([...cookies].filter(([key]) => stays.has(key)));
  }

  /** Holds what the file holds now, and what came since. */
  #take(written: CookieMap): void {
    const { storage, clock } = internalsOf(this);
    this.#seen = written;
    const cookies = this.#after(this.#journal, written);
    if (!sameMap(cookies, mapOf(inOrder(storage))))
      storage.load(believed(cookies, this), clock.now(), usedBefore(storage));
  }
}

/** The cookies of a file that may be in this jar. The rest stays in the file, for jars that ask another list of suffixes. */
function believed(cookies: CookieMap, jar: FileJar): StoredCookie[] {
  const { suffixes, clock } = internalsOf(jar);
  const judged = judgeStored(cookies.values(), { time: clock.now(), suffixes });
  return judged.filter(({ verdict }) => verdict.allowed).map(({ cookie }) => cookie);
}

const inOrder = (storage: CookieStorage) => [...storage.all()].sort((a, b) => a.order - b.order);

/** When each cookie that is in the storage now was used. */
function usedBefore(storage: CookieStorage): (cookie: StoredCookie) => number | undefined {
  const used = new Map(Array.from(storage.all(), (cookie) => [keyOf(cookie), storage.usedAt(cookie)]));
  return (cookie) => used.get(keyOf(cookie));
}

const widest = (one: JarLimits, other: JarLimits = one): JarLimits => ({
  maxPerSite: Math.max(one.maxPerSite, other.maxPerSite),
  maxCookies: Math.max(one.maxCookies, other.maxCookies),
});

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
  expectType(path, 'string', 'The path of openJar(path, options)');
  checkOptions(options, { ...jarShape, debounce: 'string|number' }, 'openJar');
  const target = await placeOf(resolve(path));
  if (existsSync(draftOf(target))) await locked(target, async () => {});
  const saved = await readJarFile(target).catch((error) => Promise.reject(unusable(path, error)));
  return new FileJar(target, saved, options);
}

/** Where a file is, or will be: one place for whoever opens it, by whatever links, and wherever his process goes meanwhile. */
async function placeOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return path;
    const folder = await realpath(dirname(path)).catch(() => dirname(path));
    const link = await readlink(path).catch(() => basename(path));
    const next = resolve(folder, link);
    return next === path ? path : placeOf(next);
  }
}

/** Runs a step while no other process works on the file, and after what a killed one left is gone. */
function locked(path: string, step: () => Promise<void>): Promise<void> {
  return withLock(path, async () => {
    await removeDraft(path);
    await step();
  }).catch((error) => Promise.reject(unusable(path, error)));
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
