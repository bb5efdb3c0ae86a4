import { type Incoming, isClosed, type Outgoing } from './messages.ts';

/**
 * The body of a message as a stream. Nothing is taken from the connection before it is read, and what is left when the
 * answer has been sent runs into nothing, so that the next request on the connection is heard.
 */
export function bodyOf(incoming: Incoming, outgoing: Outgoing): ReadableStream<Uint8Array> {
  let begin: (() => void) | undefined;
  let leave = () => {};
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        if (isClosed(outgoing)) {
          controller.error(new Error('The client had gone before the body was read.'));
          return;
        }
        const take = (chunk: Uint8Array) => {
          controller.enqueue(chunk);
          incoming.pause();
        };
        const end = () => {
          leave();
          controller.close();
        };
        const fail = (error: unknown) => {
          leave();
          controller.error(error);
          incoming.resume();
        };
        const tooLate = () => fail(new Error('The answer was sent before the body was read.'));
        leave = () => {
          incoming.off('data', take).off('end', end).off('error', fail);
          outgoing.off('close', tooLate);
        };
        outgoing.on('close', tooLate);
        begin = () => void incoming.on('end', end).on('error', fail).on('data', take);
      },
      pull() {
        begin?.();
        begin = undefined;
        incoming.resume();
      },
      cancel() {
        leave();
        incoming.resume();
      },
    },
    { highWaterMark: 0 },
  );
}
