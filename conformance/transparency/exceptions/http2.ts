import type { Difference } from '../differences.ts';
import { type Exception, type Given, isBodiless, stepsInOrder, takesStep, waited } from './exception.ts';
import { asOpen } from './lines.ts';

/** What Node refuses as long as a stream has not closed. */
const refused =
  /\| threw (ERR_HTTP2_HEADERS_SENT|ERR_INVALID_ARG_TYPE|ERR_STREAM_NULL_VALUES|ERR_UNKNOWN_ENCODING)/;

/** True for what is refused behind an answer that waits, and goes unheard on a stream that has closed. */
function isRefusedStill({ what, bare, hallpass }: Difference, { program, runs }: Given): boolean {
  const { handler } = runs.hallpass;
  const at = handler.findIndex((line, i) => line !== runs.bare.handler[i] && refused.test(line));
  const before = (lines: string) => asOpen(lines.split('\n').slice(0, at).join('\n'), program);
  const answers = /^(try )?(end|write|pipe|noContent|notModified)/;
  return (
    at > 0 &&
    program.steps.slice(0, at).some((step) => answers.test(step)) &&
    (what === 'handler'
      ? before(bare) === before(hallpass)
      : what === 'crashes' && bare === '' && hallpass.endsWith(`: ${refused.exec(handler[at] ?? '')?.[1]}`))
  );
}

/** True for a text that is refused as behind the end, and not as one for a stream that has closed. */
function isLateText({ what, bare, hallpass }: Difference, given: Given): boolean {
  return (
    what === 'callbacks' &&
    given.program.framework === 'http2' &&
    waited(given) &&
    bare.replaceAll('ERR_HTTP2_INVALID_STREAM', 'ERR_STREAM_WRITE_AFTER_END') === hallpass
  );
}

export const ofHttp2: readonly Exception[] = [
  {
    sentence:
      'Over HTTP/2, an answer that has no body (204, 304, to HEAD) has none while it waits, whatever is written to its stream; what is told to an answer that waits behind its head or its end is refused as it is until the stream has closed.',
    explains: (difference, given) =>
      isRefusedStill(difference, given) ||
      isLateText(difference, given) ||
      (isBodiless(given) &&
        waited(given) &&
        (difference.what === 'answer 1: body'
          ? given.runs.hallpass.answers[0]?.body.length === 0
          : difference.what === 'handler' &&
            difference.bare.replaceAll('INVALID_STREAM', 'HEADERS_SENT') === difference.hallpass)),
  },
  {
    sentence:
      'Over HTTP/2, a body that is longer than it says ends its whole connection: an answer beside it comes before one that waits, and not before one that is sent.',
    explains: ({ what, bare }, given) =>
      given.program.framework === 'http2' &&
      given.program.client === 'pipelined' &&
      takesStep(given, /contentLength|writeHeadLength/) &&
      given.runs.hallpass.used &&
      what === 'answer 2: complete' &&
      bare === 'false',
  },
  {
    sentence: 'Over HTTP/2, trailers that are added behind the end of an answer that waits go out with it.',
    explains: ({ what }, given) =>
      given.program.framework === 'http2' &&
      waited(given) &&
      what === 'answer 1: trailers' &&
      stepsInOrder(given.program, /^(try )?(end|write|pipe)/, /addTrailers/),
  },
];
