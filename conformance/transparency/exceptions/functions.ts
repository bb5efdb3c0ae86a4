import {
  type Exception,
  type Given,
  isBodiless,
  setsStatus,
  stepsInOrder,
  takesStep,
  waited,
} from './exception.ts';
import { asOpen, asSoon, endedAsIn, isSameIn, names, only, sorted } from './lines.ts';

export const isFunction = ({ program }: Given) => /codegenie|serverless/.test(program.framework);

/** The lines before a wait for the end of the answer: of one that waits, a function that has answered need not come so far. */
const untilFinish = (lines: string) => lines.split(/\n(?:try )?finish \|/)[0] ?? '';

const withoutEndAgain = (lines: string) => lines.replaceAll(/^end again\b.*\n?/gm, '').trimEnd();

/** The callbacks, of which one that is called behind the end hears of that by the one error or the other, or of the end itself. */
const asRefused = (lines: string) =>
  lines
    .replaceAll('STREAM_WRITE_AFTER_END', 'STREAM_DESTROYED')
    .replaceAll(/^end again failed ERR_STREAM_ALREADY_FINISHED$/gm, 'end again');

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

/** Where a function of the cloud answers: its host takes what has ended. */
export const ofFunctions: readonly Exception[] = [
  {
    sentence: 'To a function of the cloud, which takes what has ended, an answer has ended once it is there.',
    explains: ({ what, bare, hallpass }, given) => {
      if (!isFunction(given) || !waited(given)) return false;
      // Who waits for the end of one that waits waits for a close, of which such a response says nothing.
      if (
        takesStep(given, /^(try )?finish$/) &&
        /^(crashes|callbacks)$/.test(what) &&
        bare.startsWith(hallpass)
      )
        return untilFinish(given.runs.bare.handler.join('\n')) !== given.runs.bare.handler.join('\n');
      const isOpen = given.runs.hallpass.handler.some((line) => /^(try )?endAgain \| .* open/.test(line));
      if (what === 'around' && isOpen)
        return (
          isSameIn(['(?!ended)'], bare, hallpass) && only('ended', bare).startsWith(only('ended', hallpass))
        );
      if (what === 'callbacks') {
        const expected = asRefused(bare);
        // Who ends only what has ended does not end one that has not.
        return isSameIn(
          ['end', '(?!end)'],
          isOpen ? withoutEndAgain(expected) : expected,
          asRefused(hallpass),
        );
      }
      if (what === 'around')
        return takesStep(given, /finish/) && only('(?!error)', bare) === only('(?!error)', hallpass);
      const isSame = (lines: string, others: string) =>
        asSoon(lines, given.program) === asSoon(endedAsIn(bare, others), given.program) ||
        (takesStep(given, /destroy/) &&
          lines.replaceAll('| unsent', '| sent') === others.replaceAll('| unsent', '| sent'));
      return (
        what === 'handler' && (isSame(bare, hallpass) || isSame(untilFinish(bare), untilFinish(hallpass)))
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
