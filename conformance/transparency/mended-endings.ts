import type { Mended } from './mended-functions.ts';

/** Programs whose connection ends, by the handler or an error of it, while their answer waits. */
export const mendedEndings: readonly Mended[] = [
  {
    sentence: 'a connection that is destroyed a turn after its answer takes the next request until then',
    program: {
      framework: 'express',
      client: 'again',
      session: 'set',
      store: 'slow',
      steps: ['tick', 'end', 'tick', 'throwError'],
    },
  },
  {
    sentence: 'a connection that Express ends for what is thrown behind an answer takes no other request',
    program: {
      framework: 'express',
      client: 'again',
      session: 'set',
      store: 'quick',
      steps: ['json', 'throwError'],
    },
  },
  {
    sentence: 'who ends an answer that is destroyed by an error hears of that error',
    program: {
      framework: 'http',
      session: 'set',
      store: 'slow',
      around: ['session outside'],
      steps: ['endLarge', 'destroyError'],
    },
  },
  {
    sentence: 'a stream of HTTP/2 that is destroyed takes no more than one write, and never has room again',
    program: {
      framework: 'http2',
      session: 'set',
      store: 'slow',
      steps: ['writeHeadLength', 'destroySocket', 'writeUntilFull'],
    },
  },
  {
    sentence: 'a pipe that destroys an answer that waits, as its length is wrong, goes on to no end of it',
    program: {
      framework: 'http',
      session: 'set',
      style: 'detached',
      steps: ['strictLength', 'contentLength', 'writeEvent', 'pipe'],
    },
  },
  {
    sentence: 'a second end of an answer that waits goes through what stands before the end',
    program: {
      framework: 'express',
      session: 'set',
      store: 'slow',
      around: ['session outside', 'counter outside'],
      steps: ['endText', 'tick', 'endAgain'],
    },
  },
  {
    sentence: 'a pipe that destroys an answer that waits has no room for more, whatever else was written',
    program: {
      framework: 'http',
      session: 'set',
      style: 'detached',
      steps: ['writeHeadLength', 'strictLength', 'pipe', 'writeBytes'],
    },
  },
  {
    sentence: 'over HTTP/2, a status that was refused is not that of the answer which goes out by the stream',
    program: { framework: 'http2', session: 'set', steps: ['try badWriteHeadStatus', 'streamEnd'] },
  },
  {
    sentence:
      'of two pipes under the answer to a commit that fails, the second ends nothing when the first has ended',
    program: {
      framework: 'http',
      client: 'pipelined',
      visitor: 'ada',
      session: 'set',
      store: 'failing',
      style: 'sync',
      around: ['logger inside', 'session outside'],
      steps: ['writeNothing', 'uncork', 'pipeFile', 'pipeSlow'],
    },
  },
  {
    sentence: 'an answer that waited and says close is the last on its connection',
    program: {
      framework: 'express',
      client: 'again',
      session: 'set',
      store: 'slow',
      steps: ['connectionClose', 'endText'],
    },
  },
  {
    sentence: 'a file of HTTP/2 behind which its handler throws keeps nothing of the session',
    program: { framework: 'http2', session: 'set', steps: ['streamFile', 'throwError'] },
  },
  {
    sentence: 'a file of HTTP/2 is refused at once for HEAD',
    program: { framework: 'http2', method: 'HEAD', session: 'read', steps: ['streamFileMissing'] },
  },
];
