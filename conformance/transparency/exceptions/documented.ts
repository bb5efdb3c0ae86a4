import { beyond } from '../beyond.ts';
import { isOurCookie } from '../sessions.ts';
import type { Answer } from '../transcript.ts';
import {
  type Exception,
  type Given,
  isRefused,
  setsStatus,
  statusOf,
  stepsInOrder,
  takesStep,
  waited,
} from './exception.ts';
import {
  goesOnAfter,
  hasNoAnswer,
  isInOurWords,
  isPastHandlers,
  isRefusedTwice,
  isReplaced,
  isUnanswered,
  isWhole,
  isWholeAgain,
  ofReplaced,
} from './failed-commits.ts';
import { ofFunctions } from './functions.ts';
import { addToVary, headerOf, privately, replaceHeader, withHeaders } from './headers.ts';
import { ofHttp2 } from './http2.ts';
import { asSoon, beforeWaits, isSameIn, names, only, sorted, withoutDrain } from './lines.ts';

const linesOf = (answer: Answer | undefined) =>
  (answer?.headers ?? []).filter(
    ([name, value]) => name.toLowerCase() === 'set-cookie' && isOurCookie(value),
  );

/** True when the answer is its visitor's alone. */
const isPersonal = ({ program, runs }: Given) =>
  runs.hallpass.used &&
  (!/cookie/.test(program.session) ||
    linesOf(runs.hallpass.answers[0]).length > 0 ||
    // An ETag of Hono's that was put round hallpass leaves no cookie on a 304.
    (statusOf(runs.hallpass).startsWith('304') && program.around.includes('etag outside')));

/** True for the answer to what was thrown, for one that had begun before, and where the connection has ended. */
function isErrorOrBroken(given: Given): boolean {
  const { bare, hallpass } = given.runs;
  if (takesStep(given, /pipe/)) return true; // Which of the two comes first.
  const [answer] = hallpass.answers;
  if (answer === undefined || !answer.complete || /^(closed|reset)/.test(hallpass.connection)) return true;
  return /^(418|500|503)/.test(answer.status) || [answer.status, ''].includes(statusOf(bare));
}

/** What a logger noted, without the Content-Length that it saw. */
const withoutLength = (lines: string) => lines.replaceAll(/ (\d+|-)( sent|$)/gm, '$2');

/** True for what a plain pipe reads: it lets its source be where its client has gone. */
const isPiped = (kind: string, given: Given) =>
  takesStep(given, new RegExp(`^(try )?(pipe|rawPipe)${kind === 'text' ? '' : kind}$`, 'i'));

/** The callbacks, whatever a second end hears of why it failed. */
const again = (lines: string) => lines.replaceAll(/^end again failed .*$/gm, 'end again failed');

/** True where who waits for the end of an answer is told: of HTTP/2, Node tells nobody of an end that is over. */
const waitsForEnd = (bare: string, hallpass: string, { program }: Given) =>
  program.framework === 'http2' && bare !== '' && hallpass.startsWith(`${bare}\nfinish | done | sent `);

/** True where Express is told of an error behind which the handler writes. */
const writesBehindError = ({ program }: Given) =>
  /^express/.test(program.framework) && stepsInOrder(program, /^(try )?next\w/, /writeUntilFull/);

/** True where nothing of an answer arrives, in neither run. */
const isUnsent = ({ runs }: Given) => runs.bare.answers.length === 0 && runs.hallpass.answers.length === 0;
/** True where Node is asked to send the same bytes: but none of an answer of which nothing arrives, and none behind its connection. */
function isSentIn(bare: string, hallpass: string, given: Given): boolean {
  const sent = (lines: string) => only('_writeRaw [1-9]', lines);
  return (
    isUnsent(given) ||
    sent(bare) === sent(hallpass) ||
    (takesStep(given, /destroy|^(try )?next\w/) && sent(bare).startsWith(sent(hallpass)))
  );
}
const withoutStatus = (lines: string) =>
  lines.replaceAll(/^(log(?: \w+)?:) \d+/gm, '$1').replaceAll(/^log: (?:\d+|-)/gm, 'log:');

/** What was noted, without a status that a logger sees late. */
const logged = (lines: string, given: Given) => (takesStep(given, setsStatus) ? withoutStatus(lines) : lines);

const leaves = /^(try )?leaveByReset/;

/** True where the first line that is not the same is that of a reader behind the end, who gets more, or whose client has gone. */
function readsMore(bare: string, hallpass: string, { program }: Given): boolean {
  const linesOf = (lines: string) => lines.replaceAll(' destroyed', '').split('\n');
  const others = linesOf(bare);
  const first = linesOf(hallpass).find((line, at) => line !== others[at]) ?? '';
  if (/^(try )?readBody \| threw ECONNRESET/.test(first)) return stepsInOrder(program, leaves, /readBody/);
  if (/^(try )?readBody \| threw ERR_STREAM_PREMATURE_CLOSE/.test(first))
    return stepsInOrder(program, /destroy/, /readBody/);
  return /^(try )?readBody \| [1-9]\d* \| sent ended/.test(first) && program.upload !== 'none';
}

/** True where the first line that is not the same is that of a reader whose client has reset its connection without hallpass alone. */
function untilReset(bare: string, hallpass: string): boolean {
  // What is written behind the leave is refused when that is noticed.
  const linesOf = (lines: string) =>
    lines
      .replaceAll(' destroyed', '')
      .replaceAll(/^((?:try )?write\w* \|) (?:true|false) /gm, '$1 ')
      .split('\n');
  const ours = linesOf(hallpass);
  const at = linesOf(bare).findIndex((line, i) => line !== ours[i]);
  return (
    /readBody \| threw ECONNRESET/.test(linesOf(bare)[at] ?? '') &&
    // Of what is read away behind an answer that is there, Node tells nobody the end.
    (ours[at] === undefined || /readBody \| \d+ \|/.test(ours[at]))
  );
}

/** Of each: who answers listens for a client that leaves, and who waits for an end waits longer. */
const areListenersMore = (warnings: readonly string[]) =>
  warnings.every((one) => /\. 11 (close|finish) listeners added to \[(Server|Http2S)/.test(one));

/** What the guides say of an app with hallpass. */
export const documented: readonly Exception[] = [
  {
    sentence:
      'An answer to a request that may change state says by which headers it was judged: Vary: Sec-Fetch-Site, Origin.',
    expect: (bare, { program }) =>
      program.method === 'POST'
        ? withHeaders(bare, (headers) => addToVary(headers, 'Sec-Fetch-Site', 'Origin'))
        : undefined,
  },
  {
    sentence: 'An answer whose handler used the session carries our Set-Cookie lines and Vary: Cookie.',
    expect: (bare, given) =>
      isPersonal(given)
        ? withHeaders(bare, (headers) => [
            ...addToVary(headers, 'Cookie'),
            ...linesOf(given.runs.hallpass.answers[0]),
          ])
        : undefined,
  },
  {
    sentence:
      'Such an answer is for its visitor alone: Cache-Control is private, no-store, or what the handler wrote as private, with public and s-maxage taken out.',
    expect: (bare, given) =>
      isPersonal(given)
        ? withHeaders(bare, (headers) =>
            replaceHeader(headers, 'cache-control', privately(headerOf(headers, 'cache-control'))),
          )
        : undefined,
  },
  {
    sentence:
      'A commit that the store refuses is the answer: 503 in place of what the handler said, or what the error handlers of the app make of that; to the handler the answer has ended.',
    explains(difference, given) {
      const { what, bare, hallpass } = difference;
      const { program, runs } = given;
      if (!isRefused(given) || !waited(given)) return false;
      if (isRefusedTwice(given)) return what !== 'crashes';
      if (hasNoAnswer(given)) return isUnanswered(difference, given);
      const isAsked = runs.hallpass.around.some((line) =>
        line.startsWith('error handler: store-unavailable'),
      );
      // Where the handler threw as well, either error may be the one that is answered.
      const isAnswered = (/\| threw /.test(runs.bare.handler.join()) ? /^50[03]/ : /^503/).test(
        statusOf(runs.hallpass),
      );
      // An error handler that has answered already is not asked again, nor is one while a body is still being written.
      const mayAsk =
        program.around.some((name) => /^errors (answered|thrown)/.test(name)) &&
        !runs.bare.around.some((line) => line.startsWith('error handler:')) &&
        program.method !== 'HEAD' &&
        !isPastHandlers(given) &&
        (isWhole(given) || !isInOurWords(runs.hallpass));
      const isRight = mayAsk ? isAsked : isAsked || isAnswered;
      if (what === 'crashes') return isRight && goesOnAfter(hallpass, given);
      if (what === 'handler') return isRight && beforeWaits(bare, program) === beforeWaits(hallpass, program);
      return isRight && ofReplaced(difference);
    },
  },
  {
    sentence: 'While an answer waits for its commit, write returns false, and drain follows.',
    explains: ({ what, bare, hallpass }, given) =>
      waited(given) &&
      ((what === 'handler' && asSoon(bare, given.program) === asSoon(hallpass, given.program)) ||
        (what === 'events' && withoutDrain(bare) === withoutDrain(hallpass))),
  },
  {
    sentence:
      'An answer that waits finishes and closes later, and says prefinish later: what is logged then comes behind what happens meanwhile.',
    explains: ({ what, bare, hallpass }, given) =>
      waited(given) &&
      ((what === 'around' && isSameIn(['log\\b', '(?!log\\b)'], bare, hallpass)) ||
        (what === 'callbacks' &&
          takesStep(given, /endAgain/) &&
          sorted(again(bare)) === sorted(again(hallpass))) ||
        // Of HTTP/2, an answer to HEAD has finished at once; what is refused is so at once.
        (what === 'callbacks' &&
          [
            ['end\\b', '(?!end\\b)'],
            ['.* failed', '(?!.* failed)'],
          ].some((kinds) => isSameIn(kinds, bare, hallpass))) ||
        (what === 'handler' && waitsForEnd(bare, hallpass, given)) ||
        (what === 'events' &&
          isSameIn(['(finish|close)$', '(?!finish|close)'], names(bare), names(hallpass)))),
  },
  {
    sentence:
      'So what waits for a drain behind an end that express-session puts off, or behind an error that Express is told, comes too late for it.',
    explains: (difference, given) =>
      waited(given) &&
      (given.program.around.some((name) => name.startsWith('session')) || writesBehindError(given)) &&
      (stepsInOrder(given.program, /^(try )?(end|json|send|redirect|next)/, /writeUntilFull/)
        ? /^(events|answer 1: (body|complete|trailers)|connection|listeners|answers)$/.test(
            difference.what,
          ) ||
          (difference.what === 'around' &&
            isSameIn(['(?!_writeRaw|ended)'], difference.bare, difference.hallpass)) ||
          (difference.what === 'handler' && difference.bare.startsWith(difference.hallpass))
        : stepsInOrder(given.program, /^(try )?(end|json|send)/, /pipe/) && isWholeAgain(difference)),
  },
  ...ofFunctions,
  {
    sentence:
      'The request of an answer that waits is not over: who reads its body after the answer gets it, and hears of a client that leaves.',
    explains: ({ what, bare, hallpass }, given) =>
      waited(given) &&
      (what === 'crashes'
        ? bare === '' && hallpass.endsWith(': ECONNRESET') && stepsInOrder(given.program, leaves, /readBody/)
        : what === 'handler' && readsMore(bare, hallpass, given)),
  },
  {
    sentence:
      'A client that leaves an answer that waits has got nothing that it could leave unread: it closes its connection and does not reset it, so that its leaving is noticed when the answer goes out.',
    explains: ({ what, bare, hallpass }, given) =>
      waited(given) &&
      given.runs.hallpass.connection === 'left' &&
      (stepsInOrder(given.program, /^(try )?leave$/, /readBody/) ||
        (/^(gone|reset)$/.test(given.program.client) && takesStep(given, /readBody/))) &&
      (what === 'crashes'
        ? bare.endsWith(': ECONNRESET') && hallpass === ''
        : what === 'handler' && untilReset(bare, hallpass)),
  },
  {
    sentence:
      'A cookie that cannot be set is a failure of the commit: 500, or what the error handlers of the app make of that.',
    explains(difference, given) {
      const { program, runs } = given;
      if (program.session !== 'large cookie') return false;
      if (isRefusedTwice(given)) return difference.what !== 'crashes';
      if (hasNoAnswer(given)) return isUnanswered(difference, given);
      return (
        (/^500/.test(statusOf(runs.hallpass)) ||
          runs.hallpass.around.some((line) => line.startsWith('error handler: TypeError'))) &&
        (difference.what === 'crashes'
          ? goesOnAfter(difference.hallpass, given)
          : difference.what === 'handler'
            ? /codegenie|serverless/.test(program.framework) ||
              beforeWaits(difference.bare, program) === beforeWaits(difference.hallpass, program)
            : ofReplaced(difference))
      );
    },
  },
  {
    sentence: 'Headers that were given to writeHead alone stand among the headers for who asks after it.',
    explains: ({ what, bare, hallpass }, { program, runs }) =>
      runs.hallpass.used &&
      // Fastify itself gives its headers to writeHead.
      (program.framework === 'fastify' ||
        program.steps.some((step) => /writeHead|undefinedInHead|events/.test(step))) &&
      what === 'around' &&
      withoutLength(bare) === withoutLength(hallpass),
  },
  {
    sentence:
      'Who stands before what Node itself writes with sees the head of an answer that waits as a part of its own.',
    explains: ({ what, bare, hallpass }, given) =>
      waited(given) &&
      given.program.around.some((name) => name.startsWith('bytes')) &&
      what === 'around' &&
      // Node makes those calls with the bytes: behind what the app does meanwhile.
      isSameIn(['log\\b', '(?!log\\b|_writeRaw)'], logged(bare, given), logged(hallpass, given)) &&
      isSentIn(bare, hallpass, given),
  },
  {
    sentence:
      'What a listener of node:http throws ends the process; with hallpass it is answered with 500, or ends its connection.',
    explains: ({ what }, { program, runs }) =>
      /^http2?$/.test(program.framework) &&
      runs.bare.crashes.length > 0 &&
      runs.hallpass.crashes.length === 0 &&
      runs.bare.handler.some((line) => line.includes('| threw ') && !line.startsWith('try ')) &&
      /^(crashes|callbacks|events|around|listeners|streams|connection|answers|answer [12]: .*)$/.test(what) &&
      isErrorOrBroken({ program, runs }),
  },
  {
    sentence:
      'What is thrown when an answer that waited says drain, as by a pipe that writes more than Content-Length says, is told as an error and ends no process.',
    explains: ({ what, bare, hallpass }, given) =>
      waited(given) &&
      takesStep(given, /pipe|download|File|Static|UntilFull/) &&
      what === 'crashes' &&
      bare === 'uncaught exception: ERR_HTTP_CONTENT_LENGTH_MISMATCH' &&
      hallpass === '',
  },
  {
    sentence:
      'Who sends an answer, and who waits for the end of one that waits, listens to it meanwhile: where ten others do, Node warns of the eleventh.',
    explains: ({ what, bare, hallpass }, given) =>
      what === 'warnings' &&
      areListenersMore(hallpass.split('\n').filter(beyond(bare.split('\n')))) &&
      ((/^http2?$/.test(given.program.framework) && given.runs.bare.crashes.length > 0) ||
        (waited(given) && (isReplaced(given) || takesStep(given, /^(try )?finish$|pipe/))) ||
        (waited(given) && stepsInOrder(given.program, /leave/, /pipe|UntilFull/))),
  },
  {
    sentence:
      'A write after the end that Node makes an uncaught exception of is none while the answer waits.',
    explains: (_difference, given) =>
      waited(given) &&
      given.runs.hallpass.crashes.length === 0 &&
      given.runs.bare.crashes.every((crash) => crash.endsWith('ERR_STREAM_WRITE_AFTER_END')) &&
      given.runs.bare.crashes.length > 0,
  },
  {
    sentence: 'What a handler of Hono throws that is no Error is answered with 500 in our words.',
    explains: ({ what }, { program, runs }) =>
      program.framework === 'hono' &&
      program.steps.some((step) => /throwText/.test(step)) &&
      statusOf(runs.hallpass).startsWith('500') &&
      what.startsWith('answer 1: '),
  },
  {
    sentence:
      'Fastify answers a path that cannot be decoded before any hook: that 400 has CORS headers, and no other header of ours.',
    explains: ({ what }, { program }) =>
      program.framework === 'fastify' && program.path === '/%' && what === 'answer 1: header vary',
  },
  ...ofHttp2,
  {
    sentence:
      'Of an answer that is corked for good, what was written in the tick before goes out with what waits.',
    explains: ({ what }, given) =>
      waited(given) &&
      takesStep(given, /^(try )?cork$/) &&
      !stepsInOrder(given.program, /^(try )?cork$/, /uncork/) &&
      /^(callbacks|events|answer 1: body)$/.test(what),
  },
  {
    sentence:
      'How often Fastify tries to answer an error with a head that Node refuses depends on how many onError hooks there are, of which one is ours: so does the text of that 500.',
    explains: ({ what }, given) =>
      given.program.framework === 'fastify' &&
      takesStep(given, /bad(Header|WriteHead)/) &&
      given.program.around.includes('errors thrown again') &&
      statusOf(given.runs.bare).startsWith('500') &&
      statusOf(given.runs.hallpass).startsWith('500') &&
      /^(around|answer 1: (body|header content-length))$/.test(what),
  },
  {
    sentence:
      'Who logs an answer that waits when it has finished sees a status that was said after it was told.',
    explains: ({ what, bare, hallpass }, given) =>
      waited(given) &&
      what === 'around' &&
      (given.program.framework === 'fastify'
        ? given.program.style === 'detached' ||
          given.program.around.some((name) => /^(slow|failing) payload hook/.test(name))
        : takesStep(given, setsStatus)) &&
      isSameIn(['log\\b', '(?!log\\b)'], withoutStatus(bare), withoutStatus(hallpass)),
  },
  // No program does the next two: they would differ in every run.
  {
    sentence:
      'What is told to the connection itself, past the response, goes out at once, before an answer that waits: what is written to its socket, and a GOAWAY of HTTP/2; who destroys a session of HTTP/2 keeps what waits there from being sent.',
  },
  {
    sentence:
      'A timeout that was set on a response or its socket counts the wait for the commit, too, and to `closeIdleConnections` a connection whose answer waits is not idle.',
  },
  {
    sentence: 'A client that leaves gets more of an answer that comes at once than of one that waits.',
    explains: ({ what, hallpass }, given) =>
      waited(given) &&
      given.runs.hallpass.connection === 'left' &&
      (/^(answer|events$|callbacks$|around$)/.test(what) ||
        (what === 'streams' && hallpass.split('\n').every((kind) => isPiped(kind, given)))),
  },
];
