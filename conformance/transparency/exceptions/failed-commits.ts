import type { Difference } from '../differences.ts';
import type { Transcript } from '../transcript.ts';
import { type Given, isRefused, stepsInOrder, takesStep, writes } from './exception.ts';
import { headerOf } from './headers.ts';
import { beforeWaits, isCalm } from './lines.ts';

/** True where the next answer begins with the rest of a body, and is whole with hallpass. */
export const isWholeAgain = ({ what, bare, hallpass }: Difference) =>
  (what === 'answer 2: status' && !/^\d{3} /.test(bare) && /^(200 OK$|(?!\d{3} ))/.test(hallpass)) ||
  (/^answer 2: header (?![!#$%&'*+.^_`|~\w-]+$)/.test(what) && hallpass === '(absent)'); // No header's name.

/**
 * What another answer in the place of the handler's may change: of a body that is still being written, its source is left, and of
 * one that is longer or shorter than it says, the next answer is whole.
 */
export const ofReplaced = ({ what, bare, hallpass }: Difference) =>
  /^(answer 1: |(answers|around|callbacks|events|listeners|connection|streams)$)/.test(what) ||
  isWholeAgain({ what, bare, hallpass });

/** True for what Node makes of a write behind the handler's own end, where the client that leaves meanwhile is noticed later. */
const isWrittenBehind = (crashes: string, { program }: Given) =>
  crashes === 'uncaught exception: ERR_STREAM_WRITE_AFTER_END' &&
  stepsInOrder(program, /^(try )?(end|json|send|redirect)/, /^(try )?leave/) &&
  stepsInOrder(program, /^(try )?leave/, /^(try )?write/);

/**
 * True for what comes of a commit that failed where nobody gets the answer to that: to a handler whose client has left, and where
 * an error behind the handler's own answer ends the connection, as it does without hallpass.
 */
export const isUnanswered = ({ what, bare, hallpass }: Difference, given: Given) => {
  const { program, runs } = given;
  if (what === 'crashes') return goesOnAfter(hallpass, given) || isWrittenBehind(hallpass, given);
  // Who waits for the end of an answer that has none goes on at that of the other one, and leaves then.
  if (runs.bare.connection === 'open' && stepsInOrder(program, /^(try )?finish$/, /leave/))
    return /^(connection|listeners|handler)$/.test(what);
  if (runs.hallpass.connection === 'left')
    return what === 'handler' && beforeWaits(bare, program) === beforeWaits(hallpass, program);
  return (
    runs.hallpass.connection === 'closed' &&
    takesStep(given, /Missing|Broken|Breaks/) &&
    program.steps.filter((step) => writes.test(step)).length > 1 &&
    /^(events|around|answers|connection|listeners)$/.test(what)
  );
};

/** True where the answer to a failed commit did not come, not even in part. */
export const hasNoAnswer = ({ runs }: Given) => {
  const [answer] = runs.hallpass.answers;
  return answer === undefined || (!answer.complete && !/^50[03]/.test(answer.status));
};

/** True for the answer of a failed commit that no error handler has made. */
export const isInOurWords = ({ answers: [answer] }: Transcript) =>
  answer?.body.start.includes('{"error":') === true && answer.status.startsWith('503');

/** True where Express has gone past all error handlers, by `next()`, as of static files for what is no GET, or to its own 404: these are not asked any more. */
export const isPastHandlers = ({ program, runs }: Given) => {
  const [answer] = runs.bare.answers;
  return (
    /^(express4?|codegenie|serverless-http)$/.test(program.framework) &&
    (takesStep(
      { program, runs },
      program.method === 'POST' ? /^(try )?(next|serveStatic)$/ : /^(try )?next$/,
    ) ||
      (answer?.status.startsWith('404') === true &&
        headerOf(answer.headers, 'content-security-policy') === "default-src 'none'"))
  );
};

/** True when the handler has told its whole answer at once, so that there is nothing left of it to be written. */
export const isWhole = ({ program, runs }: Given) =>
  /^(express|express4|fastify)$/.test(program.framework) &&
  !program.around.some((name) => /^(compression|session|slow payload)/.test(name)) &&
  !program.steps.some((step) => /hijack|raw|destroy|leave/i.test(step)) &&
  /^(gone|reset)$/.test(program.client) === false &&
  /sent ended(?! destroyed)/.test(beforeWaits(runs.bare.handler.join('\n'), program));

/**
 * A handler that waits, and goes on when another answer has been sent in the place of its own, meets a response that has closed, and
 * may fail by itself: with what it throws, or Node refuses it, and it does not catch.
 */
export function goesOnAfter(crashes: string, { program, runs }: Given): boolean {
  const { steps } = program;
  const waits = program.steps.findIndex((step) => isCalm(step));
  if (crashes === '' || waits < 0) return crashes === '';
  // Express's own, of a file that it cannot send any more when it has answered an error.
  const opensFile = steps.some((step) => /^(try )?(sendFile|download)/.test(step));
  // What stood round the answer, as compression does, does not stand round that to the error.
  const isFunction = /codegenie|serverless/.test(program.framework);
  const thrown = runs.hallpass.handler.slice(waits).flatMap(thrownBy);
  const own = [
    'ERR_HTTP_HEADERS_SENT',
    'ERR_STREAM_UNABLE_TO_PIPE',
    ...(opensFile ? ['next is not a function'] : []),
    ...(isFunction ? ['ERR_STREAM_WRITE_AFTER_END'] : []),
    ...thrown,
  ];
  return crashes.split('\n').every((crash) => own.includes(crash.replace(/^un\w+ \w+: /, '')));
}

/** What a step failed with that nobody caught, as a crash says it. */
export const thrownBy = (line: string) =>
  /^(?!try ).*\| threw (?:(?:Type)?Error: )?(ERR_\w+|ENOENT|ECONNRESET|boom|no tea|just text|Converting circular structure to JSON) \|/
    .exec(line)
    ?.slice(1) ?? [];

/** True where another answer takes the place of the handler's: its commit fails. */
export const isReplaced = (given: Given) => isRefused(given) || given.program.session === 'large cookie';

/** True for Fastify's own error, where a Response that cannot be sent comes while the answer of a failed commit is being made: Fastify takes its head. */
export const isRefusedTwice = (given: Given) =>
  given.program.framework === 'fastify' &&
  isReplaced(given) &&
  takesStep(given, /^(try )?return/) &&
  given.runs.hallpass.answers[0]?.body.start.startsWith('{"statusCode":50') === true;
