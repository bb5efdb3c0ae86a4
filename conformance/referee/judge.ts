import { type EngineRules, engines } from '../../src/index.ts';
import type { EngineName } from './engines/engine.ts';
import { explanations } from './explained.ts';
import { readLog } from './log.ts';
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
  /** Steps at which it does otherwise than its profile; for Chromium also reasons that are not ours. */
  readonly unlike: readonly string[];
  /** Verdicts that were held against reasons of the engine: one for each line of an answer and each cookie of a request. */
  readonly verdicts: number;
  /** What explains the rest. */
  readonly explained: string | undefined;
}

export interface Judged {
  readonly version: string;
  readonly judgements: readonly Judgement[];
  /** Sequences that were never asked: their texts have changed since. */
  readonly missing: readonly string[];
}

const nameOf = ({ group, title }: Sequence) => `${group}: ${title}`;

/** Holds an engine's log against the standard and against its profile. */
export function judge(engine: EngineName): Judged {
  const { version, at, observations } = readLog(engine);
  const { rules } = engines[engine];
  const judgements: Judgement[] = [];
  const missing: string[] = [];
  for (const [id, sequence] of sequences) {
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
    const unlike = steps.map((step) => `#${step}: ${seen[step]} is not ${own[step]?.shown}`);
    let verdicts = 0;
    if (engine === 'chromium') {
      for (const [step, one] of own.entries())
        if (one?.step.kind === 'request') {
          verdicts += one.set.length + one.selected().length;
          unlike.push(...disagreements(one, reasons?.[step]).map((text) => `#${step}: ${text}`));
        }
    }
    judgements.push({
      sequence,
      departs,
      rules: departs && steps.length === 0 ? neededRules(rules, (given) => unlikeWith(given).length > 0) : [],
      unlike,
      verdicts,
      explained: explanations.find((one) => one.engine === engine && one.sequences.includes(nameOf(sequence)))
        ?.what,
    });
  }
  return { version, judgements, missing };
}

/** The rules without which a sequence would come out otherwise. */
function neededRules(rules: EngineRules, fails: (rules: EngineRules) => boolean): (keyof EngineRules)[] {
  return (Object.keys(rules) as (keyof EngineRules)[]).filter((rule) => {
    const { [rule]: _, ...others } = rules;
    return fails(others);
  });
}
