import { frozen } from '../errors/frozen.ts';
import { type LintCode, type LintLevel, lintRules } from '../scope/lint-finding.ts';
import { type ReasonCode, reasons } from '../scope/reasons.ts';
import { type Code, type Explanation, type ExplanationWithSentence, exampleOf } from './explanation.ts';
import { explanations, type Group, groups } from './explanations.ts';
import { races } from './races.ts';

/** A code with all that there is to say of it. */
export interface Explained extends Explanation {
  readonly code: Code;
  readonly kind: 'reason' | 'finding' | 'error';
  /** Of a finding of the lint: how bad it is. */
  readonly level?: LintLevel;
  /** `{name}` stands for a fact of that name. */
  readonly sentence: string;
  /** A section of a standard, or `hallpass`. */
  readonly source: string;
  readonly guide: string;
}

/** A group with everything in it. */
export interface ExplainedGroup {
  readonly title: string;
  readonly explained: readonly Explained[];
}

/** All codes, in the order in which they are listed. */
export const explainedGroups: readonly ExplainedGroup[] = frozen(
  groups.map((group) => ({
    title: group.title,
    explained: (Object.keys(group.explanations) as Code[]).map((code) =>
      explainedOf(code, explanations[code], group),
    ),
  })),
);

/** All codes, by code. */
export const explainedCodes: ReadonlyMap<string, Explained> = frozen(
  new Map(explainedGroups.flatMap(({ explained }) => explained.map((one) => [one.code, one] as const))),
);

function explainedOf(
  code: Code,
  { why, fix, example, guide, ...rest }: Explanation,
  group: Group,
): Explained {
  return { code, ...ruleOf(code, rest), why, fix, example: exampleOf(example), guide: guide ?? group.guide };
}

/** What the tables of the kernel say of a code; the others bring their sentence with them. */
function ruleOf(code: Code, rest: object): Pick<Explained, 'kind' | 'level' | 'sentence' | 'source'> {
  if (Object.hasOwn(reasons, code)) {
    const { sentence, source } = reasons[code as ReasonCode];
    return { kind: 'reason', sentence, source };
  }
  if (Object.hasOwn(lintRules, code)) {
    const { level, sentence, source } = lintRules[code as LintCode];
    return { kind: 'finding', level, sentence, source };
  }
  const kind = Object.hasOwn(races, code) ? 'finding' : 'error';
  return { kind, sentence: (rest as ExplanationWithSentence).sentence, source: 'hallpass' };
}

/**
 * What a code means: what happened, what to do about it, where the rule comes from, and a program that shows it.
 * `undefined` for a code that does not exist.
 *
 * @example
 * ```ts
 * import { explain } from 'hallpass/why';
 *
 * console.log(explain('same-site-strict')?.kind, explain('no-such-code')); // → reason undefined
 * ```
 */
export function explain(code: string): Explained | undefined {
  return explainedCodes.get(code);
}
