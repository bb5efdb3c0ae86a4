import { setTimeout as delay } from 'node:timers/promises';

/** Texts by id, as Redis keeps them: every call takes a moment, and what is read is a copy. */
export function textStore() {
  const texts = new Map<string, string>();
  const call = async <T>(work: () => T): Promise<T> => {
    await delay(5);
    return work();
  };
  return {
    get: (id: string) => call(() => texts.get(id) ?? null),
    set: (id: string, text: string) => call(() => void texts.set(id, text)),
    delete: (id: string) => call(() => void texts.delete(id)),
    getAndDelete: (id: string) =>
      call(() => {
        const text = texts.get(id) ?? null;
        texts.delete(id);
        return text;
      }),
    increment: (id: string) =>
      call(() => {
        const count = Number(texts.get(id) ?? 0) + 1;
        texts.set(id, String(count));
        return count;
      }),
  };
}
