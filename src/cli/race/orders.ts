import { setTimeout as delay } from 'node:timers/promises';
import { type Answer, longest, type TimedRequest } from './timed-request.ts';

/** One order in which two requests meet. Both leave the browser before it has either answer. */
export interface Order {
  /** Which of the two the app sees first. */
  readonly first: 0 | 1;
  /**
   * `answered`: the app has answered the first before the second leaves. `held`: it has the head of the first and not the end of its
   * body when the second leaves, and goes on with the first after that. `together`: both arrive at once.
   */
  readonly overlap: 'answered' | 'held' | 'together';
  /** Of `together`: how much later the second arrives, as a part of the time that the first takes alone. */
  readonly offset: number;
  /** Whose answer the browser has first. */
  readonly delivered: 0 | 1;
}

/** Two requests that wait to be sent. */
type Pair = readonly [TimedRequest, TimedRequest];

/** How long things take with this app, in ms. */
export interface Pace {
  /** A request alone. */
  readonly alone: number;
  /** Until the app has surely opened the session of a request whose body is held. */
  readonly pause: number;
}

/** The longest wait while a body is held, in ms: twice that is shorter than what its request may take. */
export const longestWait: number = longest / 3;

const both = [0, 1] as const;

/** Every order of two requests: what is not held, and `rounds` ways to arrive at once, of which the first is in one moment. */
export function ordersOf(
  hasBody: readonly [boolean, boolean],
  rounds: number,
  random: () => number,
): Order[] {
  // One in each part of that time.
  const offsets = Array.from({ length: rounds }, (_, round) =>
    round === 0 ? 0 : (round - random()) / (rounds - 1),
  );
  return both.flatMap((first) =>
    both.flatMap((delivered): Order[] => [
      { first, overlap: 'answered', offset: 0, delivered },
      ...(hasBody[first] ? [{ first, overlap: 'held', offset: 0, delivered } as const] : []),
      ...offsets.map((offset) => ({ first, overlap: 'together', offset, delivered }) as const),
    ]),
  );
}

/** Makes an order happen at the app. The answers are held: who calls delivers them. */
export async function meet(
  pair: Pair,
  { first, overlap, offset }: Order,
  { alone, pause }: Pace,
): Promise<[Answer, Answer]> {
  const [one, other] = [pair[first], pair[1 - first] as TimedRequest];
  if (overlap === 'answered') {
    one.finish();
    await one.answer;
    other.finish();
  } else if (overlap === 'held') {
    one.sendAllButLast();
    await delay(Math.min(pause, longestWait));
    other.finish();
    // An app that takes the requests of a session one after the other answers only when the first goes on.
    await Promise.race([other.answer, delay(Math.min(pause * 4, longestWait))]);
    one.finish();
  } else {
    one.finish();
    if (offset > 0) await delay(offset * alone);
    other.finish();
  }
  return Promise.all([pair[0].answer, pair[1].answer]);
}

/** What is done in an order, a sentence a step. */
export function stepsOf(
  { first, overlap, delivered }: Order,
  names: readonly [string, string],
  statuses: readonly [number, number],
): string[] {
  const [one, other] = [first, 1 - first].map((at) => `${'AB'[at]}, ${names[at]},`) as [string, string];
  const [a, b] = [first, 1 - first].map((at) => `answered ${statuses[at]}`);
  const order = [delivered, 1 - delivered].map((at) => 'AB'[at]);
  const delivery = `the browser has the answer to ${order[0]}, then that to ${order[1]}`;
  if (overlap === 'answered')
    return [`${one} is sent and ${a}`, `${other} is sent with the cookies of before and ${b}`, delivery];
  if (overlap === 'held')
    return [
      `${one} is sent but for the last octet of its body`,
      `${other} is sent with the same cookies and ${b}`,
      `the rest of ${'AB'[first]} is sent, and it is ${a}`,
      delivery,
    ];
  return [
    `${one} and ${other} are sent at once`,
    `${'AB'[first]} is ${a}, ${'AB'[1 - first]} is ${b}`,
    delivery,
  ];
}
