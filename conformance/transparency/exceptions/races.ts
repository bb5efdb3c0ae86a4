import type { Difference } from '../differences.ts';
import type { Program } from '../program.ts';
import { type Given, statusOf, stepsInOrder, takesStep, waited, writes } from './exception.ts';
import { isReplaced } from './failed-commits.ts';
import { beforeWaits } from './lines.ts';

/** Steps after which an answer goes on by itself. */
const goesOn =
  /^(try )?(pipe|rawPipe|download|serveStatic|streamFile|sendWeb|send.*(File|Stream|Broken|Breaks))/;

/** True for a handler of Fastify whose promise gives nothing before its answer has begun: Fastify answers a second time then. */
const answersAgain = ({ framework, around, steps }: Program) =>
  framework === 'fastify' &&
  around.includes('slow payload hook inside') &&
  !steps.some((step) => /^(try )?(return|hijack)/.test(step));

/** True where something is still being sent when the handler writes again, goes on, or throws, and where it writes behind an error that Express is told. */
export function isRace({ program, runs }: Given): boolean {
  const { steps } = program;
  const first = steps.findIndex((step) => goesOn.test(step));
  if (stepsInOrder(program, /^(try )?next\w/, writes)) return true;
  if (first < 0) return false;
  // One that is still being opened is overtaken by whatever gives a head.
  if (takesStep({ program, runs }, /streamFile/)) return steps.length > 1;
  const hasThrown = runs.bare.handler.some((line) => line.includes('| threw '));
  return (
    hasThrown ||
    answersAgain(program) ||
    steps.some(
      (step, at) =>
        at !== first &&
        (writes.test(step) || /^(try )?(next|cork|addTrailers|badWriteHead|undefinedInHead)/.test(step)),
    )
  );
}

/** What such a race may change: how far each of the two comes. Never the status or a header, which the first of them has given. */
export const ofRace =
  /^(streams|callbacks|handler|events|listeners|connection|answers|answer 1: (complete|body|trailers))$/;

/** Steps that end the connection of their answer, or its stream. */
const breaks = /^(try )?(destroy|leave|streamClose)/;
const beforeBreak = (lines: string) => lines.split(/^(?:try )?(?:destroy|leave|streamClose)/m)[0] ?? '';

/** True for the answer to a failed commit. */
export const isOfFailure = (given: Given) =>
  isReplaced(given) && /^50[03]/.test(statusOf(given.runs.hallpass));

/** True for what comes of it that the handler or the client ends the connection of an answer that waits: how far that comes, and who hears of it when. */
export function isOfBreak({ what, bare, hallpass }: Difference, given: Given): boolean {
  const { program } = given;
  const leaves = /^(gone|reset)$/.test(program.client);
  if (!waited(given) || !(leaves || takesStep(given, breaks))) return false;
  if (what === 'handler')
    return (
      beforeWaits(bare, program) === beforeWaits(hallpass, program) &&
      (leaves || beforeBreak(bare) === beforeBreak(hallpass))
    );
  return (
    /^(callbacks|events|around|listeners|connection|answers|answer 1: (complete|trailers))$/.test(what) ||
    (isOfFailure(given) && what.startsWith('answer 1: '))
  );
}
