import { type EngineRules, engines } from '../../src/index.ts';
import type { EngineName } from './engines/engine.ts';
import { explanations } from './explained.ts';
import { readLog, type WireLog } from './log.ts';
import { disagreements } from './reasons.ts';
import { differences, replay } from './replay.ts';
import type { Sequence } from './sequence.ts';
import { sequences } from './sequences.ts';

/** How one engine did with one sequence. */
export interface Judgement {
  readonly sequence: Sequence;
  /** Steps at which it does otherwise than the standard. */
  readonly departs: boolean;
  /** Rules of its profile that this sequence needs. */
  readonly rules: readonly (keyof EngineRules)[];
  /**
   * Each thing that it does otherwise than its profile, by its step, with what is seen there and what the profile says; for Chromium
   * also reasons that are not ours.
   */
  readonly unlike: readonly string[];
  /** Of these, what no explanation names: the very thing at the very step. */
  readonly unexplained: readonly string[];
  /** Verdicts that were held against reasons of the engine: one for each line of an answer and each cookie of a request. */
  readonly verdicts: number;
}

export interface Judged {
  readonly version: string;
  readonly judgements: readonly Judgement[];
  /** Sequences that were never asked: their texts have changed since. */
  readonly missing: readonly string[];
}

/** A difference as explanations write it. */
export const differenceText = (step: number, seen: string, expected: string) =>
  `#${step}: ${JSON.stringify(seen)} instead of ${JSON.stringify(expected)}`;

const nameOf = ({ group, title }: Sequence) => `${group}: ${title}`;

/**
 * Holds what an engine did against the standard and against its profile.
 * @param log what was seen. Default: the engine's log
 * @param asked by their ids. Default: every sequence
 */
export function judge(
  engine: EngineName,
  { version, at, observations }: WireLog = readLog(engine),
  asked: ReadonlyMap<string, Sequence> = sequences,
): Judged {
  const { rules } = engines[engine];
  const judgements: Judgement[] = [];
  const missing: string[] = [];
  for (const [id, sequence] of asked) {
    const observed = observations.get(id);
    if (observed === undefined) {
      missing.push(nameOf(sequence));
      continue;
    }
    const { seen, reasons } = observed;
    const unlikeWith = (given?: EngineRules) => differences(replay(sequence, seen, at, given), seen);
    const own = replay(sequence, seen, at, rules);
    const steps = differences(own, seen);
    const departs = unlikeWith().length > 0;
    const unlike = [
      ...[...seen.keys()].filter((step) => seen[step] === null).map((step) => `#${step}: never came`),
      ...steps.map((step) => differenceText(step, seen[step]!, own[step]!.shown)),
    ];
    let verdicts = 0;
    if (engine === 'chromium') {
      for (const [step, one] of own.entries())
        if (one?.step.kind === 'request') {
          verdicts += one.set.length + one.selected().length;
          unlike.push(...disagreements(one, reasons?.[step]).map((text) => `#${step}: ${text}`));
        }
    }
    const explained = explanations.flatMap((one) =>
      one.engine === engine ? (one.differences[nameOf(sequence)] ?? []) : [],
    );
    judgements.push({
      sequence,
      departs,
      rules: departs && steps.length === 0 ? neededRules(rules, (given) => unlikeWith(given).length > 0) : [],
      unlike,
      unexplained: unlike.filter((one) => !explained.includes(one)),
      verdicts,
    });
  }
  return { version, judgements, missing };
}

/** What was not asked, and what was seen that neither the profile nor an explanation says. */
export const unexplainedOf = ({ judgements, missing }: Pick<Judged, 'judgements' | 'missing'>): string[] => [
  ...missing.map((name) => `${name}: was not asked`),
  ...judgements.flatMap(({ sequence, unexplained }) =>
    unexplained.map((one) => `${nameOf(sequence)}: ${one}`),
  ),
];

/** Everything for which the referee does not let an engine's log be, in a sentence each: in every test run, and live. */
export function complaints(engine: EngineName): string[] {
  const { judgements, missing } = judge(engine);
  const occurring = new Set(judgements.flatMap(({ rules }) => rules));
  const idle = Object.keys(engines[engine].rules).filter((rule) => !occurring.has(rule as keyof EngineRules));
  const seen = new Map(judgements.map(({ sequence, unlike }) => [nameOf(sequence), unlike]));
  const unneeded = explanations
    .filter((one) => one.engine === engine)
    .flatMap(({ differences }) => Object.entries(differences))
    .flatMap(([name, all]) =>
      all.filter((one) => !seen.get(name)?.includes(one)).map((one) => `${name}: ${one}`),
    );
  return [
    ...unexplainedOf({ judgements, missing }),
    ...idle.map((rule) => `the rule ${rule} of its profile no longer occurs`),
    ...unneeded.map((one) => `the explained difference no longer occurs: ${one}`),
  ];
}

/** The rules without which a sequence would come out otherwise. */
function neededRules(rules: EngineRules, fails: (rules: EngineRules) => boolean): (keyof EngineRules)[] {
  const without = (all: EngineRules, rule: keyof EngineRules): EngineRules => {
    const { [rule]: _, ...others } = all;
    return others;
  };
  const names = Object.keys(rules) as (keyof EngineRules)[];
  const needed = names.filter((rule) => fails(without(rules, rule)));
  if (needed.length > 0) return needed;
  // Where one of several would do, as of two that each refuse the line: what is left when none more can be spared.
  const left = names.reduce((all, rule) => (fails(without(all, rule)) ? all : without(all, rule)), rules);
  return Object.keys(left) as (keyof EngineRules)[];
}
