import { expectEvent } from '../errors/kinds.ts';
import { quoted } from '../errors/misuse.ts';

/** Counts events, and says how many there were of which type. */
export interface EventCounters<Event extends { readonly type: string }> {
  /** Counts an event: pass it on as the option of that name, or call it from a listener of your own. */
  readonly onEvent: (event: Event) => void;
  /** The counters in the text format of Prometheus: the body of `/metrics`, as `text/plain; version=0.0.4`. */
  toString(): string;
}

/**
 * Counters of events, by type and, where `details` names one, by a detail of theirs: a closed set each, so that there is a
 * bounded number of counters.
 * @param maker the function that gave it out, as `sessionCounters`
 */
export function eventCounters<Event extends { readonly type: string }>(
  maker: string,
  metric: string,
  help: string,
  details: { readonly [Type in Event['type']]: string | undefined },
): EventCounters<Event> {
  const counts = new Map<string, number>();
  for (const [type, detail] of Object.entries(details)) {
    if (detail === undefined) counts.set(`type="${type}"`, 0);
  }
  return {
    onEvent(event) {
      expectEvent(event, `onEvent of ${maker}`);
      if (!Object.hasOwn(details, event.type))
        throw new TypeError(`onEvent of ${maker} counts no events of this type: ${quoted(event.type)}.`);
      const detail = details[event.type as Event['type']];
      const facts = event as { readonly [name: string]: unknown };
      const labels = `type="${event.type}"${detail === undefined ? '' : `,${detail}="${facts[detail]}"`}`;
      counts.set(labels, (counts.get(labels) ?? 0) + 1);
    },
    toString() {
      const lines = [...counts].map(([labels, count]) => `${metric}{${labels}} ${count}\n`);
      return [`# HELP ${metric} ${help}\n`, `# TYPE ${metric} counter\n`, ...lines.sort()].join('');
    },
  };
}
