import { mostOfEntry, type PanelEntry, type PanelEvent, type PanelTrace } from './entries.ts';

/** An entry that still grows. */
export interface OpenEntry extends PanelEntry {
  exchange?: PanelEntry['exchange'];
  readonly events: PanelEvent[];
  readonly traces: PanelTrace[];
}

/** The last requests, and whoever watches them. */
export class PanelLog {
  readonly #entries: OpenEntry[] = [];
  readonly #watchers = new Set<(entry: PanelEntry) => void>();
  readonly #most: number;
  #lastId = 0;

  /** @param most how many requests are kept */
  constructor(most: number) {
    this.#most = most;
  }

  get entries(): readonly PanelEntry[] {
    return this.#entries;
  }

  open(at: number): OpenEntry {
    const entry: OpenEntry = { id: ++this.#lastId, at, events: [], traces: [] };
    this.#entries.push(entry);
    if (this.#entries.length > this.#most) this.#entries.shift();
    return entry;
  }

  addEvent(entry: OpenEntry, event: PanelEvent): void {
    if (entry.events.length < mostOfEntry) entry.events.push(event);
    this.changed(entry);
  }

  addTrace(entry: OpenEntry, trace: PanelTrace): void {
    if (entry.traces.length < mostOfEntry) entry.traces.push(trace);
    this.changed(entry);
  }

  changed(entry: PanelEntry): void {
    for (const watcher of this.#watchers) watcher(entry);
  }

  /** How many read along. */
  get readers(): number {
    return this.#watchers.size;
  }

  /**
   * Every entry, and again whenever it changes, as server-sent events; ends when the reader leaves. What a reader is slow to take
   * waits as the entries that have changed, not as texts, and no more of them than are kept.
   */
  stream(): ReadableStream<Uint8Array> {
    const encoder = new TextEncoder();
    const waiting = new Map(this.#entries.map((entry) => [entry.id, entry as PanelEntry]));
    let source: ReadableStreamDefaultController<Uint8Array>;
    const send = () => {
      for (const [id, entry] of waiting) {
        if ((source.desiredSize ?? 0) <= 0) return;
        waiting.delete(id);
        source.enqueue(encoder.encode(`data: ${JSON.stringify(entry)}\n\n`));
      }
    };
    const watcher = (entry: PanelEntry) => {
      waiting.set(entry.id, entry);
      if (waiting.size > this.#most) waiting.delete(waiting.keys().next().value!);
      send();
    };
    return new ReadableStream({
      start: (controller) => {
        source = controller;
        controller.enqueue(encoder.encode('retry: 1000\n\n'));
        this.#watchers.add(watcher);
      },
      pull: send,
      cancel: () => {
        this.#watchers.delete(watcher);
      },
    });
  }
}
