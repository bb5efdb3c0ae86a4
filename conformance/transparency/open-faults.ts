import type { Difference } from './compare.ts';
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

const crash = ({ runs }: Shown) => runs.hallpass.crashes.join('\n');
const differs = ({ differences }: Shown, what: RegExp) =>
  differences.some((difference) => what.test(difference.what));
const does = ({ program }: Shown, step: RegExp) => program.steps.some((name) => step.test(name));
const on = ({ program }: Shown, ...frameworks: Program['framework'][]) =>
  frameworks.includes(program.framework);

export const openFaults: readonly OpenFault[] = [
  {
    sentence: 'A cookie that is too large is lost in silence, or ends the process, when set is not awaited.',
    shows: ({ program }) => program.session === 'large cookie',
    program: { framework: 'express', session: 'large cookie', steps: ['pause', 'json'] },
  },
  {
    sentence: 'A peer that resets while an upgrade is judged ends the process.',
    shows: (shown) => on(shown, 'upgrade'),
    program: { framework: 'upgrade', client: 'reset', visitor: 'ada', store: 'slow', steps: ['greet'] },
  },
  {
    sentence: 'toNodeListener: a request body that nobody reads on ends the process with its next chunk.',
    shows: (shown) => on(shown, 'listener') && /ERR_INVALID_STATE/.test(crash(shown)),
    program: { framework: 'listener', method: 'POST', upload: 'parts', steps: ['readPart', 'pause', 'text'] },
  },
  {
    sentence: "A Response that is given twice carries one visitor's headers to the next.",
    shows: (shown) => differs(shown, /^answer 2: header/) && does(shown, /returnShared/),
    program: { framework: 'listener', session: 'login', client: 'again', steps: ['returnShared'] },
  },
  {
    sentence:
      'toNodeListener: a fetched answer goes out decoded, with the length and encoding of the encoded one.',
    shows: (shown) => on(shown, 'listener') && does(shown, /returnFetchedGzip/),
    program: { framework: 'listener', steps: ['returnFetchedGzip'] },
  },
  {
    sentence: "An answer that is its visitor's alone keeps Cache-Control: public.",
    shows: ({ differences }) =>
      differences.every(
        ({ what, hallpass }) => what === 'answer 1: header cache-control' && /public/.test(hallpass),
      ),
    program: { framework: 'express', session: 'read', steps: ['publicCache', 'json'] },
  },
  {
    sentence: 'A body whose client has gone, or in whose place an error is answered, is not cancelled.',
    shows: (shown) => on(shown, 'listener', 'hono') && differs(shown, /^streams$/),
    program: { framework: 'listener', steps: ['leave', 'endlessStream'] },
  },
  {
    sentence: 'Hono: an answer that cannot be copied is half of one and half of another.',
    shows: (shown) => on(shown, 'hono') && does(shown, /AndRead|Used|returnError/),
    program: { framework: 'hono', session: 'read', steps: ['returnFetchedAndRead'] },
  },
  {
    sentence: 'toNodeListener: HEAD of a Response that was cloned is never answered.',
    shows: (shown) =>
      on(shown, 'listener') && shown.program.method === 'HEAD' && does(shown, /returnSharedText/),
    program: { framework: 'listener', method: 'HEAD', steps: ['returnSharedText'] },
  },
  {
    sentence:
      'Fastify: what is written to reply.raw without hijack goes out without the session, and nobody is told.',
    shows: (shown) => on(shown, 'fastify') && does(shown, /^(try )?raw/) && !does(shown, /hijack/),
    program: { framework: 'fastify', session: 'login', steps: ['rawWriteHead', 'rawEnd', 'returnReply'] },
  },
  {
    sentence: 'Fastify: the answer to an error of the head lacks what the pipeline wrote there.',
    shows: (shown) => on(shown, 'fastify') && differs(shown, /^answer 1: header (vary|cache-control)$/),
    program: { framework: 'fastify', session: 'read', steps: ['badDisposition', 'returnText'] },
  },
  {
    sentence: 'Express: a login after an error that a handler recovered from is lost under a 200.',
    shows: (shown) => shown.program.around.includes('an optional step fails') && differs(shown, /^broken$/),
    program: { framework: 'express', session: 'login', around: ['an optional step fails'], steps: ['json'] },
  },
  {
    sentence: 'Express 4: a failure is asked for at app.router, which throws there.',
    shows: (shown) => on(shown, 'express4') && /app\.router/.test(crash(shown)),
    program: { framework: 'express4', session: 'set', steps: ['throwError'], style: 'sync', opens: 'before' },
  },
  {
    sentence: 'writeHead takes what Node refuses where the answer has headers of ours.',
    shows: (shown) => does(shown, /undefinedInHead|writeHeadPairs|badWriteHead/),
    program: { framework: 'express', session: 'read', steps: ['badWriteHeadValue'] },
  },
];

export function openFaultOf(shown: Shown): string | undefined {
  return openFaults.find(({ shows }) => shows(shown))?.sentence;
}
