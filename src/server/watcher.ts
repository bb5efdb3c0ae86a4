import { notify } from '../errors.ts';
import type { Verdict } from '../scope/verdict.ts';
import type { ServerEvent } from './events.ts';
import type { Exchange, ResponseHead } from './exchange.ts';

/** Looks on while a pipeline works, as the panel of `createPanel` does. Like every listener it breaks nothing: what it throws is lost. */
export interface PipelineWatcher {
  /** The answer to a request that is for the watcher itself; `undefined` for all others. */
  answer(exchange: Exchange): Response | undefined;
  /** A request came in. */
  begun(exchange: Exchange): void;
  /** The pipeline told of something, as to `onEvent`. */
  happened(event: ServerEvent, exchange: Exchange): void;
  /** Whether the request may change state was judged. */
  judged(verdict: Verdict, exchange: Exchange): void;
  /** The handler has answered with this status, as far as it is known. */
  committed(status: number | undefined, exchange: Exchange): void;
  /** The head of the answer is whole. */
  answered(head: ResponseHead, exchange: Exchange): void;
}

/** A watcher of somebody else's, which may throw. */
export function watchSafely(watcher: PipelineWatcher): PipelineWatcher {
  return {
    answer(exchange) {
      let answer: Response | undefined;
      notify(() => {
        answer = watcher.answer(exchange);
      });
      return answer;
    },
    begun: (exchange) => void notify(() => watcher.begun(exchange)),
    happened: (event, exchange) => void notify(() => watcher.happened(event, exchange)),
    judged: (verdict, exchange) => void notify(() => watcher.judged(verdict, exchange)),
    committed: (status, exchange) => void notify(() => watcher.committed(status, exchange)),
    answered: (head, exchange) => void notify(() => watcher.answered(head, exchange)),
  };
}
