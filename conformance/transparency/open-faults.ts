import type { Difference } from './differences.ts';
import type { Program } from './program.ts';
import type { Runs } from './run-programs.ts';

export interface Shown {
  readonly program: Program;
  readonly runs: Runs;
  readonly differences: readonly Difference[];
}

/** A fault that is known and not yet mended: programs that show it are counted, and do not fail the suite. */
export interface OpenFault {
  readonly sentence: string;
  readonly shows: (shown: Shown) => boolean;
  /** A small program that shows it: what it has beside an asynchronous handler, a stranger and a plain client. */
  readonly program: Partial<Program> & Pick<Program, 'framework' | 'steps'>;
}

const differs = ({ differences }: Shown, what: RegExp) =>
  differences.some((difference) => what.test(difference.what));
const does = ({ program }: Shown, step: RegExp) => program.steps.some((name) => step.test(name));
const on = ({ program }: Shown, ...frameworks: Program['framework'][]) =>
  frameworks.includes(program.framework);

export const openFaults: readonly OpenFault[] = [
  {
    sentence:
      'Fastify: a commit that fails under an answer that failed before is answered with the status of neither.',
    shows: (shown) => on(shown, 'fastify') && /^(failing|late)$/.test(shown.program.store),
    program: {
      framework: 'fastify',
      visitor: 'ada',
      session: 'rotate',
      store: 'late',
      steps: ['badHeaderName'],
    },
  },
  {
    sentence: 'toNodeListener: a body whose client has gone never ends for who reads it.',
    shows: (shown) => on(shown, 'listener') && differs(shown, /^handler$/),
    program: { framework: 'listener', method: 'POST', upload: 'small', client: 'reset', steps: ['readPart'] },
  },
  {
    sentence:
      'What is answered in place of an answer whose coded cookie cannot be set differs by framework, and is a 200 at worst.',
    shows: ({ program }) => program.session === 'large cookie',
    program: { framework: 'fastify', session: 'large cookie', steps: ['sendErrorStatus'] },
  },
  {
    sentence:
      'Hono: a Response that cannot be sent is answered otherwise than by the adapter beneath, and a Response.error() with 200.',
    shows: (shown) => on(shown, 'hono') && does(shown, /AndRead|Used|returnError|breakingStream/),
    program: { framework: 'hono', session: 'read', client: 'again', steps: ['returnError'] },
  },
  {
    sentence:
      'Hono: a body that was put into a copy of the answer is not cancelled when its client has gone.',
    shows: (shown) => on(shown, 'hono') && differs(shown, /^streams$/),
    program: { framework: 'hono', method: 'POST', steps: ['leave', 'slowStream'] },
  },
];

export function openFaultOf(shown: Shown): string | undefined {
  return openFaults.find(({ shows }) => shows(shown))?.sentence;
}
