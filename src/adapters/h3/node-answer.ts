import { deferResponse } from '../node/deferred-response.ts';
import type { Outgoing } from '../node/messages.ts';
import type { ResponseRun } from '../node/response-commit.ts';
import type { NodeMessages } from './event.ts';

type Run = ResponseRun['run'];

/**
 * Lets a handler of Node, which answers by itself in an app of h3 2, send nothing before the session is committed. Only the
 * response of a request whose handler asks for it is deferred.
 * @returns what says that h3 answers after all, and commits before
 */
export function deferNodeAnswer(messages: NodeMessages, run: Run): () => void {
  let isOfWeb = false;
  const untilWeb: Run = {
    commit: (outcome) => (isOfWeb ? undefined : run.commit(outcome)),
    write: (head) => void (isOfWeb || run.write(head)),
    writeForAnyone: (head) => void (isOfWeb || run.writeForAnyone(head)),
    answer: (error) => run.answer(error),
    get isPlain() {
      return isOfWeb || run.isPlain;
    },
    get isForAnyone() {
      return isOfWeb || run.isForAnyone;
    },
  };
  const { res } = messages;
  if (res !== undefined) {
    whenRead(messages, res, () => {
      if (!isOfWeb) deferResponse(res, { run: untilWeb });
    });
  }
  return () => {
    isOfWeb = true;
  };
}

/** Calls `act` when somebody first reads the response, which is an ordinary property from then on. */
function whenRead(messages: NodeMessages, res: Outgoing, act: () => void): void {
  const ordinary = { configurable: true, enumerable: true };
  Object.defineProperty(messages, 'res', {
    ...ordinary,
    get() {
      Object.defineProperty(messages, 'res', { ...ordinary, writable: true, value: res });
      act();
      return res;
    },
  });
}
