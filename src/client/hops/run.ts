import type { Deadline } from '../deadline/deadline.ts';
import type { Settings } from '../options.ts';
import type { Call } from '../read-call.ts';
import type { Retrier } from '../retry.ts';
import type { SentSecrets } from '../trace/redaction.ts';
import type { CallTrace } from '../trace/trace.ts';

/** A running call: what it has at hand at every hop. */
export interface Run {
  readonly call: Call;
  readonly settings: Settings;
  /** The values that went out so far, to recognise them where they must not appear. */
  readonly sentSecrets: SentSecrets;
  readonly trace: CallTrace;
  readonly deadline: Deadline;
  readonly retrier: Retrier | undefined;
  /** True when the pieces of a body must be counted or timed as they come, whoever reads it. */
  readonly watchesPieces: boolean;
}
