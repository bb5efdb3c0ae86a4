import type { Program } from './program.ts';

/** Smaller programs than this one, the smallest changes last. */
export function* smaller(program: Program): Generator<Program> {
  const { steps, around } = program;
  for (let size = Math.floor(steps.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at + size <= steps.length; at++) yield { ...program, steps: steps.toSpliced(at, size) };
  }
  for (let at = 0; at < around.length; at++) yield { ...program, around: around.toSpliced(at, 1) };
  for (const [key, values] of Object.entries(simplest)) {
    const present = program[key as keyof Program];
    const rank = (values as readonly unknown[]).indexOf(present);
    for (const value of values.slice(0, rank < 0 ? values.length : rank)) yield { ...program, [key]: value };
  }
  for (const [at, step] of steps.entries()) {
    if (step.startsWith('try ')) yield { ...program, steps: steps.with(at, step.slice(4)) };
    else if (step !== 'pause' && step === 'pauseLong') yield { ...program, steps: steps.with(at, 'pause') };
  }
}

/** Of each property the values that are simpler than others, the simplest first. */
const simplest = {
  method: ['GET', 'POST', 'HEAD'],
  path: ['/'],
  upload: ['none', 'small'],
  conditional: [false],
  client: ['plain', 'again', 'pipelined'],
  visitor: ['stranger'],
  session: ['none', 'read', 'set', 'login'],
  store: ['memory', 'quick', 'slow'],
  opens: ['inside'],
  style: ['async', 'sync'],
} as const satisfies Partial<Record<keyof Program, readonly unknown[]>>;

/** The smallest program found that still fails. @param most programs that may be tried */
export async function shrink(
  program: Program,
  fails: (program: Program) => Promise<boolean>,
  most = 150,
): Promise<Program> {
  let [best, tried] = [program, 0];
  for (let isSmaller = true; isSmaller; ) {
    isSmaller = false;
    for (const candidate of smaller(best)) {
      if (++tried > most) return best;
      if (!(await fails(candidate))) continue;
      best = candidate;
      isSmaller = true;
      break;
    }
  }
  return best;
}
