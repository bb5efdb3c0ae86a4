import type { Reason } from '../scope/verdict.ts';

/** What every event says of its request. */
interface EventFacts {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly method: string;
  /** Without its query, which may hold secrets. */
  readonly path: string;
}

/** What the pipeline has to tell. No event holds a secret's value. */
export type ServerEvent = EventFacts & EventDetails;

/** An event, but for what is the same in all of them. */
export type EventDetails =
  | {
      readonly type: 'csrf-refused';
      /** False in the mode `'report'`. */
      readonly enforced: boolean;
      readonly reasons: readonly Reason[];
    }
  | {
      /** A preflight was answered so that the browser does not send the request: its origin, method or a header is not in `cors`. */
      readonly type: 'preflight-refused';
      readonly reasons: readonly Reason[];
    }
  | {
      /**
       * The Cookie header can be read in two ways: a name came several times (the first counts), or a comma joins what may be
       * several cookies (it stays whole). One event for the header, whosever the cookies are: its reasons have the codes by which
       * sessions and tokens call the event of a cookie of theirs, `duplicate-cookie` and `comma-joined-cookie`.
       */
      readonly type: 'ambiguous-cookies';
      readonly reasons: readonly Reason[];
    }
  | {
      /** A defined cookie came with a value that its schema or codec refuses: it reads as if it had not come. */
      readonly type: 'invalid-cookie';
      readonly name: string;
      readonly reasons: readonly Reason[];
    }
  | {
      /** A failure that was answered with a status of 500 or above. */
      readonly type: 'failed';
      readonly status: number;
      readonly error: unknown;
    }
  | {
      /** The handler failed, so what it wrote to the session, or a login, is not kept. */
      readonly type: 'writes-dropped';
      /** Of the answer, where it is known. */
      readonly status: number | undefined;
    }
  | {
      /**
       * A page of another site posted something, which came without our cookie as all that other sites post, and wrote to the
       * session without a login. It is not kept: an anonymous session would take the place of the visitor's own.
       */
      readonly type: 'cross-site-write';
    }
  | {
      /** Such a request signed a user in: whoever was signed in in that browser before no longer is. */
      readonly type: 'cross-site-login';
      readonly user: string;
    }
  | {
      /** The browser asked ahead of a visit (Sec-Purpose), and the answer would have signed somebody in or out, or rotated: 503. */
      readonly type: 'prefetch-refused';
    };
