import type { EngineRules, HopFacts, Verdict } from '../../src/index.ts';
import { CookieJar, type Selected } from '../../src/jar/index.ts';
import { fill, hostsOf, type Sequence, type Step, stepsOf } from './sequence.ts';
import type { Seen } from './walk.ts';

/** What a jar does at one step. */
export interface Replayed {
  readonly step: Step;
  /** The Cookie header in octets, or `document.cookie` as text. */
  readonly shown: string;
  /** Every cookie with its verdict, before the answer came. */
  readonly selected: () => readonly Selected[];
  /** One for each line that the answer sets. */
  readonly set: readonly Verdict[];
}

const hosts = hostsOf(0);
const decoder = new TextDecoder();

/** The text that a script is given of octets. */
const textOf = (octets: string) => decoder.decode(Uint8Array.from(octets, (one) => one.charCodeAt(0)));

/**
 * Leads a jar through a sequence as a browser was led, and tells what it does where the browser did something: `undefined` at the
 * steps that never came.
 * @param at when the browser went; milliseconds since 1970
 */
export function replay(
  sequence: Sequence,
  seen: Seen,
  at: number,
  engine?: EngineRules,
): (Replayed | undefined)[] {
  const jar = new CookieJar({ clock: { now: () => at }, ...(engine && { engine }) });
  const steps = stepsOf(sequence);
  const documents = new Map(
    steps.flatMap(({ acts = [] }, document) => acts.map(({ step }) => [step, document] as const)),
  );
  return steps.map((step, index) => {
    const came = seen[step.kind === 'write' ? documents.get(index)! : index] !== null;
    if (!came) return undefined;
    const url = fill(step.url, hosts);
    const hop: HopFacts = {
      url,
      method: step.method,
      initiator: { page: fill(step.page, hosts), frames: step.frames.map((frame) => fill(frame, hosts)) },
      time: at + index,
      navigation: step.navigation,
      before: step.before.map((before) => fill(before, hosts)),
      script: step.kind !== 'request',
    };
    const snapshot = jar.snapshot(url);
    const header = step.kind === 'write' ? '' : jar.header(url, hop);
    const shown = step.kind === 'read' ? textOf(header) : header;
    const lines = step.set.map((line) => fill(line, hosts));
    const set =
      step.kind === 'write'
        ? lines.map((line) => jar.set(line, url, hop))
        : jar.put({ headers: { getSetCookie: () => lines } }, url, hop);
    return { step, shown, selected: () => snapshot.select(hop), set };
  });
}

/** The steps at which the jar does something else than the browser did. */
export function differences(replayed: readonly (Replayed | undefined)[], seen: Seen): number[] {
  return [...replayed.entries()]
    .filter(([index, at]) => at !== undefined && at.step.kind !== 'write' && at.shown !== seen[index])
    .map(([index]) => index);
}
