import { deferCalls } from './call-deferral.ts';
import { deferHttp1 } from './http1-deferral.ts';
import { isHttp1Response } from './http1-state.ts';
import { deferHttp2, isHttp2Response } from './http2-deferral.ts';
import type { Outgoing } from './messages.ts';
import { joinCommit, ResponseCommit, type ResponseRun, setCommit } from './response-commit.ts';

/**
 * Lets nothing of an answer out before its session is committed, by whatever way it is written: `res.json`, a redirect, a pipe.
 * To the handler, and to all that is put round the response, the answer has been sent as ever. Where there is nothing to wait
 * for, nothing waits. Informational answers (1xx) are not the answer, and go out at once.
 * @throws TypeError where a release of hallpass stands round it that this one cannot join
 */
export function deferResponse(outgoing: Outgoing, run: ResponseRun): void {
  if (joinCommit(outgoing, run)) return;
  const commit = new ResponseCommit(run);
  setCommit(outgoing, commit);
  if (isHttp1Response(outgoing)) deferHttp1(outgoing, commit);
  else if (isHttp2Response(outgoing)) deferHttp2(outgoing, commit);
  else deferCalls(outgoing, commit);
}
