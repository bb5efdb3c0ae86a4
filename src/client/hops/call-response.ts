import { withoutFragment } from '../trace/shown-url.ts';
import { limitOf, watchedStream } from '../transport/body-limits.ts';
import { type AnswerHead, type BodyWatch, headOf, withChainFacts } from '../transport/response.ts';
import type { Hop } from './hop.ts';
import { bodyError } from './network-error.ts';

/** The answer of a hop as callers see it: its URL, its redirects and its trace are those of the chain. */
export function callResponse(hop: Hop): Response {
  const { response, run } = hop;
  return withChainFacts(response, {
    url: withoutFragment(hop.url),
    redirected: hop.index > 0,
    trace: run.trace,
    body: isHere(headOf(response)) && !run.watchesPieces ? undefined : bodyWatch(hop),
  });
}

/** True for a body that can be read without fail. */
const isHere = (head: AnswerHead) => head.ended === true && head.get('content-encoding') === null;

function bodyWatch(hop: Hop): BodyWatch {
  const { deadline, settings, trace, watchesPieces } = hop.run;
  const watch: BodyWatch = {
    inPieces: watchesPieces,
    begins: () => deadline.reads(),
    done: () => deadline.bodyDone(),
    broken: (error) => bodyError(error, hop),
    stream: (response, source, isShared) =>
      watchedStream(source, {
        limit: limitOf(response, settings.limits, trace),
        deadline,
        end: isShared() ? { ...watch, done: () => {} } : watch,
      }),
  };
  return watch;
}
