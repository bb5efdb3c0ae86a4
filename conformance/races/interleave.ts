/** Something that one thread does and another may notice. */
export interface Step {
  /** What it reads or changes. A change of the clock concerns everybody. */
  readonly on: 'jar' | 'store' | 'clock';
  readonly changes: boolean;
  readonly text: string;
}

/** Waits until it is this thread's turn to take a step. */
export type Pause = (step: Step) => Promise<void>;

/** Work that stops before each of its steps and goes on only when it is told to. */
export class Thread {
  readonly name: string;
  /** The step that it waits for; `undefined` when all is done. */
  next: Step | undefined;
  #goOn = () => {};
  #settled = Promise.withResolvers<void>();

  private constructor(name: string) {
    this.name = name;
  }

  /** Runs `work` up to its first step. */
  static async start(name: string, work: (pause: Pause) => Promise<void>): Promise<Thread> {
    const thread = new Thread(name);
    const end = () => thread.#settled.resolve();
    work((step) => thread.#pause(step)).then(end, (error) => thread.#settled.reject(error));
    await thread.#settled.promise;
    return thread;
  }

  /** Takes the step that it waits for, and goes on up to the next one. */
  async advance(): Promise<void> {
    this.next = undefined;
    this.#settled = Promise.withResolvers<void>();
    this.#goOn();
    await this.#settled.promise;
  }

  #pause(step: Step): Promise<void> {
    if (this.next !== undefined) throw new Error(`${this.name} takes two steps at once.`);
    this.next = step;
    return new Promise((resolve) => {
      this.#goOn = resolve;
      this.#settled.resolve();
    });
  }
}

/** Takes one of so many ways. */
export type Choose = (ways: number) => number;

/**
 * Runs the threads to their end, one step at a time, in the order that `choose` says.
 * Of two neighbouring steps that cannot notice each other only one order is offered: the other leads to the same end.
 */
export async function interleave(
  threads: readonly Thread[],
  choose: Choose,
  onStep: (thread: Thread, step: Step) => unknown,
): Promise<void> {
  let last: { readonly index: number; readonly step: Step } | undefined;
  for (;;) {
    const ready = [...threads.entries()].filter(([, thread]) => thread.next !== undefined);
    if (ready.length === 0) return;
    const ways = ready.filter(
      ([index, { next }]) => last === undefined || index >= last.index || meet(last.step, next as Step),
    );
    // Nothing is left when every order from here on is one that another run takes.
    if (ways.length === 0) throw new Redundant();
    const [index, thread] = ways[choose(ways.length)] as [number, Thread];
    const step = thread.next as Step;
    last = { index, step };
    onStep(thread, step);
    await thread.advance();
  }
}

function meet(one: Step, other: Step): boolean {
  if ([one, other].some((step) => step.on === 'clock' && step.changes)) return true;
  return one.on === other.on && (one.changes || other.changes);
}

/** The order of steps so far leads to the same end as one that another run takes. */
class Redundant extends Error {}

/** Each choice of one run, and of how many ways. */
export type Order = readonly { readonly way: number; readonly ways: number }[];

/**
 * Runs `run` once for every sequence of choices that it can be led through, several at a time.
 * @returns the orders that lead to an end of their own.
 */
export async function explore(
  run: (choose: Choose) => Promise<void>,
  atOnce: number,
): Promise<readonly Order[]> {
  const waiting: Order[] = [[]];
  const orders: Order[] = [];
  const follow = async (path: Order) => {
    const taken: { way: number; ways: number }[] = [];
    const choose: Choose = (ways) => {
      const way = path[taken.length]?.way ?? 0;
      if (taken.length >= path.length) {
        for (let other = 1; other < ways; other += 1) waiting.push([...taken, { way: other, ways }]);
      }
      taken.push({ way, ways });
      return way;
    };
    try {
      await run(choose);
      orders.push(taken);
    } catch (error) {
      if (!(error instanceof Redundant)) throw error;
    }
  };
  while (waiting.length > 0) await Promise.all(waiting.splice(-atOnce).map(follow));
  return orders;
}

/** Runs `run` in orders that are known. @throws Error where it can be led through others */
export async function replay(
  run: (choose: Choose) => Promise<void>,
  orders: readonly Order[],
  atOnce: number,
): Promise<void> {
  const follow = async (order: Order) => {
    let taken = 0;
    const choose: Choose = (ways) => {
      const known = order[taken++];
      if (known?.ways !== ways) throw new Error('The requests take other steps than over the first store.');
      return known.way;
    };
    await run(choose);
    if (taken < order.length) throw new Error('The requests take fewer steps than over the first store.');
  };
  for (let first = 0; first < orders.length; first += atOnce)
    await Promise.all(orders.slice(first, first + atOnce).map(follow));
}
