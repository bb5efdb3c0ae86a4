import { Misuse } from './command.ts';

/** One answer and the Set-Cookie lines in it. */
export interface AnswerToLint {
  /** Undefined when nobody said where it came from. */
  readonly url: URL | undefined;
  /** Milliseconds since 1970; undefined when nobody said. */
  readonly time: number | undefined;
  readonly lines: readonly string[];
  /** Undefined when only the line is known. */
  readonly headers?: Headers;
}

type Entry = {
  startedDateTime?: unknown;
  request?: { url?: unknown };
  response?: { headers?: unknown };
};

/** The answers of a HAR file, version 1.2. @throws Misuse for what is none. */
export function answersOfHar(text: string): AnswerToLint[] {
  let entries: unknown;
  try {
    entries = JSON.parse(text).log.entries;
  } catch {
    // What stands in the file may be secret, so the cause is not told.
  }
  if (!Array.isArray(entries)) throw new Misuse('--har takes a HAR file: JSON with log.entries.');
  return entries.flatMap(readEntry);
}

/** An entry without a web URL or headers, as of a request that failed, has no answer. */
function readEntry(entry: Entry | null): AnswerToLint[] {
  const url = URL.parse(String(entry?.request?.url));
  const list: unknown = entry?.response?.headers;
  if (url === null || !Array.isArray(list)) return [];
  const headers = new Headers();
  const lines: string[] = [];
  for (const header of list as ({ name: unknown; value: unknown } | null)[]) {
    const { name, value } = header ?? {};
    if (typeof name !== 'string' || typeof value !== 'string') continue;
    if (name.toLowerCase() === 'set-cookie') lines.push(...value.split('\n'));
    else if (name.toLowerCase() === 'cache-control')
      headers.append(name, value.replaceAll(/[^\x20-\x7e]/g, ''));
  }
  const time = Date.parse(String(entry?.startedDateTime));
  return [{ url, time: Number.isNaN(time) ? undefined : time, lines, headers }];
}
