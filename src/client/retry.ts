import { aStatus } from '../errors/kinds.ts';
import { listOf, type Shape } from '../errors/misuse.ts';
import { idempotentMethods } from '../scope/http-semantics.ts';
import { namedMethod } from '../scope/http-syntax.ts';
import { type Clock, type Duration, timeoutToMilliseconds } from '../time.ts';
import { retryAfter } from './retry-after.ts';

/** Which failed requests are sent again, how often, and when. Only requests whose body can be sent again are. */
export interface RetryPolicy {
  /** The most repetitions in one call, over all its hops. Default: 2. */
  maxRetries?: number;
  /** As they are sent, `'PATCH'`. Default: the idempotent ones (RFC 9110 §9.2.2), GET, HEAD, OPTIONS, PUT, DELETE. */
  methods?: readonly string[];
  /** An answer that never came counts as well; a deadline that passed does not. Default: 408, 429, 502, 503, 504. */
  statuses?: readonly number[];
  /** The first wait, which doubles each time. Default: 300 ms. */
  delay?: Duration;
  /** The longest wait. A server that asks for more (Retry-After) is not asked again: its answer stands. Default: 30 s. */
  maxDelay?: Duration;
  /** False: no jitter. Otherwise a wait is cut by up to half, and one that the server named is prolonged by up to `delay`. Default: true. */
  jitter?: boolean;
  /** By how many repetitions the whole client may be ahead: each takes one, each good answer gives a tenth back. Default: 10. */
  maxBudget?: number;
}

export const retryShape: Shape<RetryPolicy> = {
  maxRetries: 'number',
  methods: listOf('string'),
  statuses: listOf(aStatus),
  delay: 'string|number',
  maxDelay: 'string|number',
  jitter: 'boolean',
  maxBudget: 'number',
};

/** What went wrong with one request. */
interface Failure {
  readonly method: string;
  readonly replayable: boolean;
  /** Absent when no answer came. */
  readonly response: Response | undefined;
  /** Milliseconds that the call has left: a longer wait is not begun. */
  readonly within: number;
}

/** Decides for one call: milliseconds until the request is sent again, or nothing. */
export type Retrier = (failure: Failure) => number | undefined;

const passing = [408, 429, 502, 503, 504];
const givenBack = 0.1;

/** The methods that a policy names, as they are sent. @throws TypeError for what is none */
export const retryMethods = ({ methods }: RetryPolicy): readonly string[] | undefined =>
  methods?.map((method) => namedMethod(method, 'retry.methods'));

/** The retries of one client; each call takes a `Retrier` of its own. @throws TypeError for what is no policy. */
export function readRetry(
  policy: false | RetryPolicy | undefined,
  clock: Clock,
): (() => Retrier) | undefined {
  if (policy === undefined || policy === false) return undefined;
  const { statuses = passing, jitter = true } = policy;
  const methods = new Set(retryMethods(policy) ?? idempotentMethods);
  const maxRetries = whole('maxRetries', policy.maxRetries ?? 2);
  const maxBudget = whole('maxBudget', policy.maxBudget ?? 10);
  const delay = timeoutToMilliseconds(policy.delay ?? '300ms');
  const maxDelay = timeoutToMilliseconds(policy.maxDelay ?? '30s');
  const random = () => (jitter ? Math.random() : 0);
  let left = maxBudget;

  const waitAfter = (response: Response | undefined, repeated: number) => {
    const asked = retryAfter(response?.headers.get('retry-after') ?? '', clock.now());
    if (asked === undefined) return Math.min(maxDelay, delay * 2 ** repeated) * (1 - random() / 2);
    return asked > maxDelay ? undefined : asked + delay * random();
  };

  return () => {
    let repeated = 0;
    return ({ method, replayable, response, within }) => {
      if (response !== undefined && !statuses.includes(response.status)) {
        left = Math.min(maxBudget, left + givenBack);
        return undefined;
      }
      if (!replayable || !methods.has(method) || repeated >= maxRetries || left < 1) return undefined;
      const wait = waitAfter(response, repeated);
      if (wait === undefined || wait >= within) return undefined;
      repeated += 1;
      left -= 1;
      return wait;
    };
  };
}

function whole(name: string, value: number): number {
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new TypeError(`retry.${name} is a whole number, 0 or more.`);
}
