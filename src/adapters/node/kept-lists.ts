import type { Outgoing } from './messages.ts';

/**
 * Keeps the lists among the headers of an answer that waits as they are now: what is added to one meanwhile is too late, as it is
 * for a sent answer. Node keeps the list that it was given, and gives it to whoever asks.
 * @returns what is to be called before the head is made
 */
export function keepLists(outgoing: Outgoing): () => void {
  const kept: { list: string[]; lines: readonly string[] }[] = [];
  for (const name of namesOf(outgoing)) {
    const value = outgoing.getHeader(name);
    if (!Array.isArray(value)) continue;
    const list = [...value];
    outgoing.setHeader(name, list);
    kept.push({ list, lines: [...value] });
  }
  return () => {
    for (const { list, lines } of kept) list.splice(0, list.length, ...lines);
  };
}

/** As they were written. HTTP/2 knows them in lower case alone. */
function namesOf(outgoing: Outgoing & { getRawHeaderNames?(): string[] }): string[] {
  return outgoing.getRawHeaderNames?.() ?? outgoing.getHeaderNames();
}
