import type { PanelEntry, PanelEvent, PanelTrace } from './entries.ts';

/** An entry that still grows. */
export interface OpenEntry extends PanelEntry {
  exchange?: PanelEntry['exchange'];
  readonly events: PanelEvent[];
  readonly traces: PanelTrace[];
}

/** Of what one request did, no more is kept than is looked at. */
const mostOfEntry = 50;

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

  /** Every entry from now on, whenever it changes, as server-sent events; ends when the reader leaves. */
  stream(): ReadableStream<Uint8Array> {
    const encoder = new TextEncoder();
    let watcher: ((entry: PanelEntry) => void) | undefined;
    return new ReadableStream({
      start: (controller) => {
        const send = (entry: PanelEntry) =>
          controller.enqueue(encoder.encode(`data: ${JSON.stringify(entry)}\n\n`));
        watcher = send;
        controller.enqueue(encoder.encode('retry: 1000\n\n'));
        for (const entry of this.#entries) send(entry);
        this.#watchers.add(watcher);
      },
      cancel: () => {
        if (watcher !== undefined) this.#watchers.delete(watcher);
      },
    });
  }
}
