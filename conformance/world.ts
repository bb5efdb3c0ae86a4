import type { LabOrigins } from 'hallpass/testing/lab';

/** What the suites find around them, whatever the runtime: plain text, because it crosses processes. */
export interface World {
  /** The origins of a lab that runs outside. */
  readonly origins: LabOrigins;
  /** An origin where nobody listens. */
  readonly closed: string;
  /** Answers with the requests that arrived at the lab, as JSON. */
  readonly log: string;
}
