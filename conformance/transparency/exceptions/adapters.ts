import type { Program } from '../program.ts';
import { type Exception, isRefused, statusOf, takesStep, waited } from './exception.ts';
import { only, withoutDrain } from './lines.ts';

/** Steps that read a body, or end it. */
const reads = /^(try )?(read|echo|cancelBody|storeFails)/;

const isReadTwice = ({ steps }: Program) => steps.filter((step) => reads.test(step)).length > 1;

/** The lines of the steps that come before the second of those. */
function untilSecondReader(lines: string): string {
  const list = lines.split('\n');
  const first = list.findIndex((line) => reads.test(line));
  const second = list.findIndex((line, at) => at > first && reads.test(line));
  return list.slice(0, second < 0 ? list.length : second).join('\n');
}

/** What was noted round an answer that nobody gets, without the handlers of such an error. */
const withoutUnsendable = (lines: string) =>
  lines
    .replaceAll(
      /^error handler: (TypeError: (The body of this Response|This is the Response of a network error|Response body object should not|Response\.clone: Body has already|immutable)|RangeError: init\["status"\]).*\n?/gm,
      '',
    )
    .trimEnd();

const own = /^(events|listeners)$|header (content-length|transfer-encoding|connection|keep-alive)$/;

/**
 * What the other end of a comparison does by itself: beside toNodeListener stands the adapter that Hono has for Node, under
 * Hono that adapter in both runs.
 */
export const ofAdapters: readonly Exception[] = [
  {
    sentence: 'toNodeListener sends no body that is longer than its Content-Length: it ends the connection.',
    explains: ({ what }, given) =>
      given.program.framework === 'listener' &&
      takesStep(given, /wrongLength|contentLength/) &&
      /^(answers|connection|answer [12]: )/.test(what),
  },
  {
    sentence: "How an answer is framed, and what is said of it inside, is each adapter's own.",
    explains: ({ what }, given) =>
      given.program.framework === 'listener' &&
      (own.test(what) || (what === 'connection' && takesStep(given, /returnFetched/))),
  },
  {
    sentence: 'A text without a Content-Type of its own gets one from the adapter beside toNodeListener.',
    explains: ({ what, bare }, { program }) =>
      program.framework === 'listener' &&
      /header content-type$/.test(what) &&
      bare === 'text/plain; charset=UTF-8',
  },
  {
    sentence: 'The adapter beside toNodeListener says in a 500 what was thrown, and closes the connection.',
    explains: ({ what }, { program, runs }) =>
      program.framework === 'listener' &&
      statusOf(runs.bare).startsWith('500') &&
      /^50[03]/.test(statusOf(runs.hallpass)) &&
      /^(answer 1: |answers$|connection$)/.test(what),
  },
  {
    sentence: 'toNodeListener answers with 500 where a body fails before anything of it was sent.',
    explains: ({ what }, given) =>
      given.program.framework === 'listener' &&
      takesStep(given, /(broken|breaking)Stream/) &&
      (given.runs.bare.answers[0]?.complete === false ||
        given.program.client === 'old' ||
        what === 'broken') &&
      given.runs.hallpass.handler.some((line) => /^(try )?(broken|breaking)Stream \| done/.test(line)) &&
      statusOf(given.runs.hallpass).startsWith('500'),
  },
  {
    sentence:
      'A body whose client had gone before it was read fails to who reads it, as a request of Node does.',
    explains: ({ what }, { program }) =>
      program.framework === 'listener' &&
      (what === 'handler' || what === 'streams') &&
      (/^(gone|reset)$/.test(program.client) || program.steps.some((step) => /leave/.test(step))),
  },
  {
    sentence: 'toNodeListener reads no body for an answer to HEAD.',
    explains: ({ what }, given) =>
      given.program.framework === 'listener' &&
      given.program.method === 'HEAD' &&
      takesStep(given, /(broken|breaking|endless)Stream|AndRead|returnUsed/) &&
      /^(answers$|connection$|answer 1: )/.test(what),
  },
  {
    sentence:
      'Who reads, sends or cancels a body that was read before is refused by one of the adapters and not by the other, or in other words, and comes no further then.',
    explains: ({ what, bare, hallpass }, { program, runs }) =>
      program.framework === 'listener' &&
      isReadTwice(program) &&
      (what === 'handler'
        ? untilSecondReader(bare) === untilSecondReader(hallpass)
        : /^(answers|connection|streams)$/.test(what) ||
          (what.startsWith('answer 1: ') &&
            [runs.bare, runs.hallpass].some((one) => statusOf(one).startsWith('500')))),
  },
  {
    sentence:
      'The socket of an upgrade has a listener for errors: a peer that resets, or has gone, ends nothing but itself.',
    explains: ({ what, hallpass }, { program }) =>
      program.framework === 'upgrade' &&
      (what === 'crashes' ? hallpass === '' : /^(listeners|handler|events)$|header vary$/.test(what)),
  },
  {
    sentence:
      'toNodeListener sends nothing beyond Content-Length, and ends the connection where a body does not fit it.',
    explains: ({ what }, given) =>
      given.program.framework === 'listener' &&
      (/surplus/.test(given.runs.bare.connection) || takesStep(given, /Gzip/)) &&
      /^(connection|answers|answer [12]: .*)$/.test(what),
  },
  {
    sentence:
      'A Response that Hono got is copied, so what its adapter makes of its own kind is made of a plain one.',
    explains: ({ what }, { program }) =>
      program.framework === 'hono' &&
      (/header (content-type|content-length|transfer-encoding)$/.test(what) ||
        (/header (content-encoding|vary|etag)$/.test(what) &&
          program.around.some((name) => name.startsWith('compression')))),
  },
  {
    sentence: 'An ETag of Hono cannot be put on what fetch gave, and can on a copy of it.',
    explains: ({ what, bare, hallpass }, given) =>
      given.program.framework === 'hono' &&
      given.program.around.includes('etag outside') &&
      takesStep(given, /returnFetched/) &&
      (given.runs.hallpass.connection === 'left'
        ? what === 'around' && only('(?!error handler: TypeError: immutable)', bare) === hallpass
        : statusOf(given.runs.bare).startsWith('500') && statusOf(given.runs.hallpass).startsWith('200')),
  },
  {
    sentence:
      'What a handler of toNodeListener leaves of a large body is read away, so that the next request is heard.',
    explains: ({ what, bare, hallpass }, { program }) =>
      program.framework === 'listener' &&
      program.upload === 'parts' &&
      what === 'answers' &&
      Number(hallpass) > Number(bare),
  },
  {
    sentence:
      'What an error handler of Hono throws is answered by the adapter beneath, beyond all middleware.',
    explains: ({ what }, given) =>
      given.program.framework === 'hono' &&
      given.program.around.includes('errors thrown again') &&
      given.runs.hallpass.around.length > 0 &&
      (/^answer 1: header (vary|cache-control)$/.test(what) ||
        (isRefused(given) && waited(given) && statusOf(given.runs.hallpass).startsWith('500'))),
  },
  {
    sentence:
      'A Response that cannot be sent is an error of the app under hallpass, so that app.onError may answer it, and of the adapter without, which does not look at it for HEAD, and sends what it says of a locked stream.',
    explains: ({ what, bare, hallpass }, given) =>
      given.program.framework === 'hono' &&
      (takesStep(given, /returnUsed|AndRead|returnError|badStatus/) ||
        (takesStep(given, /echo/) && isReadTwice(given.program))) &&
      (given.runs.hallpass.connection === 'left'
        ? what === 'around' && withoutUnsendable(bare) === withoutUnsendable(hallpass)
        : statusOf(given.runs.hallpass).startsWith('500')),
  },
  {
    sentence:
      'The adapter under Hono waits for the first parts of a body that is not of its own kind: one that fails among them is a 500, when all was committed with the Response.',
    explains: ({ what }, given) =>
      given.program.framework === 'hono' &&
      takesStep(given, /(breaking|broken)Stream/) &&
      statusOf(given.runs.hallpass).startsWith('500') &&
      /^(answer|connection|events|listeners|broken)/.test(what),
  },
  {
    sentence: 'The adapter under Hono takes its time to read what a handler leaves of a large body.',
    explains: ({ what }, given) =>
      given.program.framework === 'hono' &&
      given.program.upload === 'parts' &&
      /^(answers|connection|listeners|events)$/.test(what),
  },
  {
    sentence:
      'The adapter under Hono gives a body that nobody has read to its end some time, and looks for the first parts of one that it sends, by timers of its own.',
    explains: ({ what, hallpass }, given) =>
      given.program.framework === 'hono' &&
      (given.runs.hallpass.connection === 'left' ||
        (given.program.method === 'POST' &&
          !given.runs.hallpass.handler.some((line) => /^(try )?readBody \| \d/.test(line)))) &&
      what === 'resources' &&
      hallpass === 'Timeout',
  },
  {
    sentence: 'The adapter under Hono sends what fetch has decoded with the length that it came with.',
    explains: (_difference, given) =>
      given.program.framework === 'hono' && takesStep(given, /returnFetchedGzip/),
  },
  {
    sentence: 'serverless-http itself says close when it has what it came for.',
    explains: ({ what, bare, hallpass }, { program }) =>
      program.framework === 'serverless-http' &&
      what === 'events' &&
      only('finish', withoutDrain(bare)) === only('finish', withoutDrain(hallpass)),
  },
];
