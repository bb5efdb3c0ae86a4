import { beyond } from './beyond.ts';
import type { Answer, Transcript } from './transcript.ts';

/** One thing that is not as it is without hallpass. */
export interface Difference {
  /** `crash`, `handler`, `answer 1: status`, `answer 1: header vary` … */
  readonly what: string;
  readonly bare: string;
  readonly hallpass: string;
}

/** All that differs, documented or not. */
export function differencesOf(bare: Transcript, hallpass: Transcript): Difference[] {
  // A process that has ended says no more.
  if (bare.crashes.length > 0 && hallpass.crashes.length > 0) return [];
  const found: Difference[] = [];
  const compare = (what: string, one: string, other: string) => {
    if (one !== other) found.push({ what, bare: one, hallpass: other });
  };
  for (const lane of ['crashes', 'handler', 'callbacks', 'events', 'around', 'broken'] as const) {
    compare(lane, bare[lane].join('\n'), hallpass[lane].join('\n'));
  }
  // Where less is left, or warned of, all the better. A connection that is open must be as it was.
  for (const lane of ['streams', 'resources', 'warnings'] as const) {
    compare(lane, '', hallpass[lane].filter(beyond(bare[lane])).join('\n'));
  }
  const isLeft = bare.connection === 'left' && hallpass.connection === 'left';
  const spared = isLeft ? bare.listeners.filter(beyond(hallpass.listeners)) : [];
  compare('listeners', bare.listeners.filter(beyond(spared)).join('\n'), hallpass.listeners.join('\n'));
  compare('connection', bare.connection, hallpass.connection);
  const [ours, theirs] = comparable(bare.answers, hallpass.answers);
  compare('answers', String(ours.length), String(theirs.length));
  for (const [i, answer] of ours.entries()) {
    const other = theirs[i];
    if (other !== undefined)
      answerDifferences(answer, other, (what, ...both) => compare(`answer ${i + 1}: ${what}`, ...both));
  }
  return found;
}

/** Of an answer that broke off, how much arrived is chance: also whether any of it did. */
function comparable(
  bare: readonly Answer[],
  hallpass: readonly Answer[],
): [readonly Answer[], readonly Answer[]] {
  const whole = (one: readonly Answer[], other: readonly Answer[]) =>
    one.length === other.length + 1 && one.at(-1)?.complete === false ? one.slice(0, -1) : one;
  return [whole(bare, hallpass), whole(hallpass, bare)];
}

function answerDifferences(
  bare: Answer,
  hallpass: Answer,
  compare: (what: string, bare: string, hallpass: string) => void,
): void {
  compare('status', bare.status, hallpass.status);
  compare('interim', bare.interim.join('\n'), hallpass.interim.join('\n'));
  compare('complete', String(bare.complete), String(hallpass.complete));
  // Of an answer that broke off, how much arrived is chance.
  if (bare.complete && hallpass.complete)
    compare('body', JSON.stringify(bare.body), JSON.stringify(hallpass.body));
  compare('trailers', JSON.stringify(bare.trailers), JSON.stringify(hallpass.trailers));
  const [ours, theirs] = [headersOf(bare), headersOf(hallpass)];
  for (const name of new Set([...ours.keys(), ...theirs.keys()])) {
    compare(
      `header ${name}`,
      ours.get(name)?.join('\n') ?? '(absent)',
      theirs.get(name)?.join('\n') ?? '(absent)',
    );
  }
}

/** The lines of each header. Names have no case. A date says when, and nothing else. */
function headersOf({ headers }: Answer): Map<string, string[]> {
  const lines = new Map<string, string[]>();
  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    lines.set(key, [...(lines.get(key) ?? []), key === 'date' ? 'a date' : value]);
  }
  // Of these the order means nothing.
  for (const key of ['set-cookie', 'vary']) {
    const present = lines.get(key);
    if (present !== undefined)
      lines.set(key, (key === 'vary' ? present.join(', ').split(/\s*,\s*/) : present).sort());
  }
  return lines;
}
