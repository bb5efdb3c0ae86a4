import { open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { readSavedJar, saveCookie } from '../json.ts';
import type { JarLimits } from '../limits.ts';
import { toStored } from '../saved-cookie.ts';
import { toTextForm } from '../text-form.ts';
import { type CookieMap, mapOf } from './journal.ts';

/** What a jar's file holds. */
export interface JarFile {
  /** In octets, as they stand there: not judged. */
  readonly cookies: CookieMap;
  /** The widest limits of the processes that wrote it. Absent where none did. */
  readonly limits?: JarLimits;
}

/** @throws SyntaxError or TypeError for a file that is no saved jar. */
export async function readJarFile(path: string): Promise<JarFile> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return { cookies: new Map() };
  const json = JSON.parse(text);
  const cookies = readSavedJar(json).map((cookie) => toStored(cookie, 0));
  return { cookies: mapOf(cookies), limits: readLimits(json.limits) };
}

/** JSON writes Infinity as null. */
function readLimits(limits: unknown): JarLimits | undefined {
  if (typeof limits !== 'object' || limits === null) return undefined;
  const { maxPerSite, maxCookies } = limits as Record<string, unknown>;
  const read = (limit: unknown) => (typeof limit === 'number' ? limit : Number.POSITIVE_INFINITY);
  return { maxPerSite: read(maxPerSite), maxCookies: read(maxCookies) };
}

export const draftOf = (path: string) => `${path}.tmp`;

/** Puts a new file in the place of the old one, whole and on the disk. Only who holds the lock may. */
export async function writeJarFile(path: string, { cookies, limits }: JarFile): Promise<void> {
  const draft = draftOf(path);
  const saved = Array.from(cookies.values(), (cookie) => saveCookie(toTextForm(cookie)));
  try {
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(JSON.stringify({ version: 1, limits, cookies: saved }));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await removeDraft(path);
    throw error;
  }
  await syncFolder(dirname(path));
}

/** The draft that a process left when it was killed. It holds cookies. Only who holds the lock may remove it. */
export const removeDraft = (path: string): Promise<void> => rm(draftOf(path), { force: true });

/** So that the new name outlives a power cut. Not every system lets a folder be opened. */
async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path, 'r');
    await folder.sync().finally(() => folder.close());
  } catch {}
}
