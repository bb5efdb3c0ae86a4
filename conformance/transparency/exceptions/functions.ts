import type { Program } from '../program.ts';
import {
  type Exception,
  type Given,
  isBodiless,
  setsStatus,
  stepsInOrder,
  takesStep,
  waited,
  writes,
} from './exception.ts';
import { asOpen, asSoon, endedAsIn, isCalm, names, sorted } from './lines.ts';

export const isFunction = ({ program }: Given) => /codegenie|serverless/.test(program.framework);

const ends = /^(try )?(end|json|send|redirect|pipe|writeUntilFull)/;
/** The steps that set a header. */
const setsHeader: Readonly<Record<string, RegExp>> = {
  'x-one': /^(try )?(setHeader|appendHeader|removeHeader)$/,
  'x-list': /^(try )?(setHeaderList|addToList)$/,
  'set-cookie': /^(try )?(setCookie|addToList|cookie|clearCookie)$/,
  'content-type': /^(try )?(contentType|type|attachment)$/,
  'content-length': /^(try )?contentLength$/,
  'content-disposition': /^(try )?attachment/,
  location: /^(try )?location$/,
  trailer: /^(try )?trailerHeader$/,
  vary: /^(try )?vary$/,
  connection: /^(try )?connectionClose$/,
  'cache-control': /^(try )?publicCache$/,
};

/** True where the program sets behind its end, or adds to a list behind the head, what is not the same on the head. */
function isSetBehind(what: string, { program }: Given): boolean {
  const [, header] = /^answer 1: header (.*)$/.exec(what) ?? [];
  const sets = header === undefined ? what === 'answer 1: status' && setsStatus : setsHeader[header];
  return (
    sets instanceof RegExp &&
    (stepsInOrder(program, ends, sets) ||
      (/x-list|set-cookie/.test(header ?? '') &&
        stepsInOrder(program, /riteHead|flush|^(try )?write/, /addToList/)))
  );
}

/** True where the handler goes on behind its first answer, to another one or to a wait: it meets an answer that has not come to its end. */
function goesOnBehind({ program }: Given): boolean {
  const first = program.steps.findIndex((step) => writes.test(step) || /^(try )?next/.test(step));
  return (
    first >= 0 &&
    program.steps.slice(first + 1).some((step) => writes.test(step) || isCalm(step) || /tick/.test(step))
  );
}

/** The lines up to the first answer. */
function untilAnswer(lines: string, program: Program): string {
  const first = program.steps.findIndex((step) => writes.test(step) || /^(try )?next/.test(step));
  return asSoon(
    lines
      .split('\n')
      .slice(0, first + 1)
      .join('\n'),
    program,
  ).replaceAll('sent ended', 'sent open');
}

/** True for the same lines but for who has ended. */
const isSameOnceThere = (bare: string, hallpass: string, program: Program) =>
  asSoon(bare, program) === asSoon(endedAsIn(bare, hallpass), program);

/** Where a function of the cloud answers: its host takes what has ended. */
export const ofFunctions: readonly Exception[] = [
  {
    sentence: 'To a function of the cloud, which takes what has ended, an answer has ended once it is there.',
    explains: ({ what, bare, hallpass }, given) => {
      if (!isFunction(given) || !waited(given)) return false;
      // Who waits for the end of one that waits waits for a close, of which such a response says nothing.
      if (what === 'crashes' && takesStep(given, /^(try )?finish$/)) return bare.startsWith(hallpass);
      if (!goesOnBehind(given)) return what === 'handler' && isSameOnceThere(bare, hallpass, given.program);
      return (
        /^(callbacks|events|around)$/.test(what) ||
        (what === 'handler' && untilAnswer(bare, given.program) === untilAnswer(hallpass, given.program))
      );
    },
  },
  {
    sentence:
      'What a function of the cloud still sets on the head behind its end, or adds to a list of a head that is told, before its host comes for it, is on it or comes too late.',
    explains: ({ what }, given) => isFunction(given) && given.runs.hallpass.used && isSetBehind(what, given),
  },
  {
    sentence:
      'A function of the cloud, and a stream of HTTP/2, may end while it is told to: what it says of itself just then is of no account.',
    explains: ({ what, bare, hallpass }, given) =>
      (isFunction(given) || given.program.framework === 'http2') &&
      waited(given) &&
      ((what === 'events' && names(bare) === names(hallpass)) ||
        (what === 'around' && sorted(bare) === sorted(hallpass)) ||
        (what === 'handler' &&
          isBodiless(given) &&
          asOpen(bare, given.program) === asOpen(hallpass, given.program))),
  },
];
