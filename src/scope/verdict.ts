import { type ReasonCode, reasons } from './reasons.ts';

export type { ReasonCode } from './reasons.ts';
/** One reason for or against, as data. */
export interface Reason {
  /** Stable, machine-readable: one of a closed union. */
  code: ReasonCode;
  /** One sentence for people. Never holds a secret's value. */
  sentence: string;
  /** Where the rule comes from: a section of a standard, or `hallpass`. */
  source: string;
  /** The names and numbers that the sentence was made from. */
  facts?: Record<string, string | number>;
}

/** The answer to one of the three questions. Allowed is the absence of reasons against. */
export type Verdict =
  | { allowed: true; reasons: []; warnings: Reason[] }
  | { allowed: false; reasons: [Reason, ...Reason[]]; warnings: Reason[] };

/** The one verdict shared by everything that is allowed without a warning. */
export const allowed: Verdict = Object.freeze({
  allowed: true,
  reasons: Object.freeze([]) as unknown as [],
  warnings: Object.freeze([]) as unknown as Reason[],
});

/** A reason with its sentence filled in from the facts. */
export function reason(code: ReasonCode, facts?: Record<string, string | number>): Reason {
  const { sentence, source } = reasons[code];
  if (facts === undefined) return { code, sentence, source };
  return { code, sentence: filled(partsOf(code, sentence), facts), source, facts };
}

/** Sentences taken apart once: text, the name of a fact, text, and so on. Bench row: honor. */
const partsOfCode = new Map<ReasonCode, readonly string[]>();

function partsOf(code: ReasonCode, sentence: string): readonly string[] {
  let parts = partsOfCode.get(code);
  if (parts === undefined) {
    parts = sentence.split(/\{(\w+)\}/);
    partsOfCode.set(code, parts);
  }
  return parts;
}

function filled(parts: readonly string[], facts: Record<string, string | number>): string {
  let sentence = parts[0] as string;
  for (let at = 1; at < parts.length; at += 2)
    sentence += `${facts[parts[at] as string] ?? `{${parts[at]}}`}${parts[at + 1]}`;
  return sentence;
}

/** The verdict that these reasons and warnings add up to. */
export function verdict(against: Reason[], warnings: Reason[] = []): Verdict {
  if (against.length > 0) return { allowed: false, reasons: against as [Reason, ...Reason[]], warnings };
  return warnings.length === 0 ? allowed : { allowed: true, reasons: [], warnings };
}

/** The verdict refused for one reason. */
export function refused(code: ReasonCode, facts?: Record<string, string | number>): Verdict {
  return verdict([reason(code, facts)]);
}
