import { mendedEndings } from './mended-endings.ts';
import { type Mended, mendedFunctions } from './mended-functions.ts';

/** All that once was not so. */
export const mended: readonly Mended[] = [
  ...mendedFunctions,
  ...mendedEndings,
  {
    sentence: 'what is still piped into an ended answer whose commit fails is no part of the next one',
    program: { framework: 'express', session: 'large cookie', steps: ['pipeSlow', 'endText'] },
  },
  {
    sentence:
      'a client that leaves an upload ends its connection while error handlers wait for the rest of it',
    program: {
      framework: 'express',
      method: 'POST',
      upload: 'parts',
      client: 'gone',
      session: 'large cookie',
      steps: ['json'],
    },
  },
  {
    sentence: 'a commit that fails behind a client that has gone makes no answer anew',
    program: {
      framework: 'fastify',
      session: 'set',
      store: 'failing',
      style: 'sync',
      steps: ['leaveByReset', 'rawWrite'],
    },
  },
  {
    sentence: 'over HTTP/2, a stream that is destroyed under the answer to a failed commit ends in peace',
    program: { framework: 'http2', session: 'large cookie', steps: ['readBody', 'endText', 'pipeBreaks'] },
  },
  {
    sentence: 'over HTTP/2, a head for a stream that was destroyed is refused as Node refuses it',
    program: { framework: 'http2', session: 'set', steps: ['streamRespond', 'destroy', 'streamRespondList'] },
  },
  {
    sentence: 'over HTTP/2, an answer that waits goes out before its connection is destroyed',
    program: { framework: 'http2', session: 'set', steps: ['endText', 'destroySocket'] },
  },
  {
    sentence:
      'over HTTP/2, a write after the end of its stream takes nothing from the answer to a commit that fails',
    program: {
      framework: 'http2',
      session: 'set',
      store: 'failing',
      steps: ['write', 'streamEnd', 'writeLarge'],
    },
  },
  {
    sentence: 'over HTTP/2, a write after the end takes nothing from an answer that waits',
    program: { framework: 'http2', session: 'set', store: 'slow', steps: ['endText', 'pause', 'write'] },
  },
  {
    sentence: 'over HTTP/2, the connection of a client that leaves ends, though its answer still waits',
    program: {
      framework: 'http2',
      client: 'pipelined',
      session: 'set',
      store: 'quick',
      steps: ['writeHead', 'leave'],
    },
  },
  {
    sentence: 'over HTTP/2, that connection ends, though something is written to the answer that waits',
    program: {
      framework: 'http2',
      client: 'pipelined',
      session: 'set',
      store: 'slow',
      steps: ['writeLarge', 'leave', 'endLarge'],
    },
  },
  {
    sentence: 'over HTTP/2, a 304 that waits has no body, whatever is written to it',
    program: { framework: 'http2', session: 'set', steps: ['notModified', 'writeUntilFull'] },
  },
  {
    sentence: 'over HTTP/2, an answer that breaks while it waits has begun',
    program: { framework: 'http2', session: 'set', store: 'slow', steps: ['pipelineBreaks', 'pause'] },
  },
  {
    sentence: 'over HTTP/2, a status that Node refuses is refused while the answer waits',
    program: {
      framework: 'http2',
      session: 'set',
      store: 'slow',
      steps: ['try badWriteHeadStatus', 'endText'],
    },
  },
  {
    sentence: 'over HTTP/2, a commit that fails under a 304 with a body ends no process',
    program: { framework: 'http2', session: 'set', store: 'failing', steps: ['notModified', 'pipeSlow'] },
  },
  {
    sentence: 'a connection that is destroyed after a whole answer still carries the next one',
    program: {
      framework: 'express',
      session: 'set',
      opens: 'before',
      store: 'quick',
      client: 'pipelined',
      style: 'sync',
      steps: ['endText', 'throwError'],
    },
  },
  {
    sentence:
      'a second pipe into an answer that waited ends no process, though it writes on until that has closed',
    program: {
      framework: 'http',
      session: 'set',
      store: 'slow',
      around: ['session outside'],
      steps: ['pipe', 'pipeSlow'],
    },
  },
  {
    sentence: 'what is corked after its end goes out all the same',
    program: { framework: 'express', session: 'set', steps: ['send', 'cork'] },
  },
  {
    sentence: 'Fastify: a commit that fails under an answer that failed has the status of that failure',
    program: {
      framework: 'fastify',
      visitor: 'ada',
      session: 'rotate',
      store: 'late',
      steps: ['badHeaderName'],
    },
  },
  {
    sentence: 'Fastify: a cookie that cannot be set is a 500, also in place of an error that was answered',
    program: { framework: 'fastify', session: 'large cookie', steps: ['sendErrorStatus'] },
  },
  {
    sentence: 'Fastify: a reply that is hijacked while it waits gets an answer when its commit fails',
    program: { framework: 'fastify', session: 'large cookie', steps: ['sendErrorStatus', 'hijack'] },
  },
  {
    sentence: 'toNodeListener: a body whose client has gone ends for who reads it',
    program: { framework: 'listener', method: 'POST', upload: 'small', client: 'reset', steps: ['readPart'] },
  },
  {
    sentence: 'Hono: the Response of a network error is no 200',
    program: { framework: 'hono', session: 'read', client: 'again', steps: ['returnError'] },
  },
  {
    sentence: 'a corked answer whose commit fails is replaced by a whole one',
    program: {
      framework: 'express',
      session: 'set',
      store: 'failing',
      steps: ['cork', 'writeEvent', 'endBytes'],
    },
  },
  {
    sentence: 'an answer that its handler destroys goes out for no commit that has failed',
    program: { framework: 'http', session: 'set', store: 'failing', steps: ['endText', 'destroy'] },
  },
  {
    sentence: 'what is set on a response after its head makes no other head, though it waits',
    program: {
      framework: 'http',
      session: 'set',
      store: 'slow',
      steps: ['writeHeadLength', 'noDate', 'write'],
    },
  },
  {
    sentence: 'a second end behind a client that has left is no uncaught exception',
    program: {
      framework: 'express',
      session: 'set',
      store: 'slow',
      steps: ['writeBytes', 'leave', 'endUtf8', 'endObject'],
    },
  },
  {
    sentence: 'what is corked from the beginning stays corked',
    program: { framework: 'http', session: 'set', steps: ['cork', 'writeLarge'] },
  },
  {
    sentence: 'who asks for the next handler after an answer whose commit fails has answered',
    program: {
      framework: 'express',
      client: 'again',
      visitor: 'ada',
      session: 'set',
      store: 'failing',
      steps: ['json', 'next'],
    },
  },
  {
    sentence: 'a pipe into an answer that has ended ends no process, however fast its commit is',
    program: { framework: 'http', session: 'set', steps: ['endText', 'pipe'] },
  },
  {
    sentence: 'what is corked in the turn of its write stays corked',
    program: { framework: 'express', session: 'set', steps: ['write', 'cork'] },
  },
  {
    sentence:
      'an answer that is told goes out with the next one of its connection, whatever destroys that a turn later',
    program: {
      framework: 'express4',
      session: 'set',
      store: 'quick',
      client: 'pipelined',
      steps: ['nextError', 'endText'],
    },
  },
  {
    sentence: 'over HTTP/2, a head that is given to the stream carries the session',
    program: { framework: 'http2', session: 'login', steps: ['streamRespond', 'streamEnd'] },
  },
  {
    sentence: 'over HTTP/2, a file that the stream sends waits for the commit',
    program: { framework: 'http2', session: 'login', store: 'slow', steps: ['streamFile'] },
  },
  {
    sentence: 'over HTTP/2, a file that the stream sends is not sent when its commit fails',
    program: { framework: 'http2', session: 'login', store: 'failing', steps: ['streamFile'] },
  },
  {
    sentence: 'over HTTP/2, what is written to a stream that was given no head waits, too',
    program: { framework: 'http2', session: 'login', store: 'slow', steps: ['streamEnd'] },
  },
  {
    sentence: 'over HTTP/2, a 304 that waits is whole, though what is piped into it breaks',
    program: { framework: 'http2', session: 'set', store: 'quick', steps: ['notModified', 'pipelineBreaks'] },
  },
  {
    sentence: 'over HTTP/2, no trailers follow a 304 that waits, whatever is written to it',
    program: { framework: 'http2', session: 'set', steps: ['notModified', 'writeBytes', 'addTrailers'] },
  },
  {
    sentence: 'an answer that is left corked by an end that Node refuses stays corked',
    program: {
      framework: 'http',
      session: 'set',
      store: 'slow',
      steps: ['try endObject', 'writeUtf8', 'seen'],
    },
  },
  {
    sentence:
      'a second answer of a handler is none while the error handlers still answer a commit that failed',
    program: {
      framework: 'express',
      session: 'set',
      store: 'failing',
      around: ['errors answered late'],
      steps: ['endText', 'tick', 'tick', 'tick', 'tick', 'tick', 'endText'],
    },
  },
  {
    sentence: 'what is written in the tick in which its connection is destroyed is lost, though it waits',
    program: {
      framework: 'http',
      session: 'set',
      store: 'quick',
      steps: ['writeHeadLength', 'write', 'destroy'],
    },
  },
  {
    sentence: 'an end behind that says finish, as one does that has nothing to send',
    program: {
      framework: 'http',
      client: 'old',
      session: 'set',
      store: 'quick',
      around: ['session inside'],
      steps: ['endBytes', 'destroy'],
    },
  },
  {
    sentence: 'Fastify: what is added to the lines of a cookie behind the answer comes too late for it',
    program: {
      framework: 'fastify',
      session: 'set',
      style: 'sync',
      steps: ['setCookie', 'sendUsedResponse', 'setCookie'],
    },
  },
  {
    sentence: 'so does what is added to a list among the headers while the answer waits',
    program: { framework: 'http', session: 'set', steps: ['setCookie', 'end', 'addToList'] },
  },
  {
    sentence: 'over HTTP/2, too',
    program: { framework: 'http2', session: 'set', steps: ['setHeaderList', 'end', 'addToList'] },
  },
  {
    sentence: 'over HTTP/2, so does what is changed on a head that was given to the stream',
    program: { framework: 'http2', session: 'set', steps: ['streamRespondChanged', 'streamEnd'] },
  },
  {
    sentence: 'one that has something to send does not, though a HEAD sends nothing of it',
    program: {
      framework: 'fastify',
      method: 'HEAD',
      session: 'set',
      steps: ['rawFlushHeaders', 'destroySocket', 'rawEnd'],
    },
  },
  {
    sentence: 'what is written a tick before that goes out',
    program: {
      framework: 'http',
      session: 'set',
      store: 'slow',
      steps: ['writeHeadLength', 'write', 'tick', 'destroy'],
    },
  },
  {
    sentence:
      'the answer to a failed commit goes out, though an end that Node refuses has left its socket corked',
    program: {
      framework: 'express',
      session: 'large cookie',
      around: ['logger'],
      steps: ['strictLength', 'contentLength', 'write', 'endText'],
    },
  },
  {
    sentence: 'so does the end of what was written a tick before',
    program: {
      framework: 'http',
      client: 'old',
      session: 'set',
      store: 'slow',
      steps: ['write', 'tick', 'destroy', 'end'],
    },
  },
  {
    sentence: 'a flush sends what compression has so far',
    program: {
      framework: 'express',
      session: 'set',
      store: 'slow',
      around: ['compression outside'],
      steps: ['contentType', 'write', 'flush', 'seen', 'end'],
    },
  },
  {
    sentence: 'a head that is flushed goes out, though its response is corked in the same tick',
    program: {
      framework: 'express',
      method: 'HEAD',
      session: 'set',
      store: 'slow',
      steps: ['flushHeaders', 'cork', 'pipelineBreaks'],
    },
  },
  {
    sentence: 'a write behind the end ends no connection by the pipe that hears its error',
    program: {
      framework: 'express',
      client: 'again',
      session: 'set',
      store: 'quick',
      opens: 'before',
      style: 'detached',
      steps: ['pipelineBroken', 'send', 'write', 'pause'],
    },
  },
  {
    sentence:
      'bytes of a stream that breaks ticks later go out to a client of HTTP/1.0, with the head before them',
    program: { framework: 'http', client: 'old', session: 'login', store: 'quick', steps: ['pipeBreaks'] },
  },
  {
    sentence: 'octets that were written turns before their connection is destroyed go out',
    program: {
      framework: 'express4',
      client: 'again',
      session: 'set',
      opens: 'before',
      store: 'slow',
      steps: ['contentLength', 'pipelineBreaks'],
    },
  },
];
