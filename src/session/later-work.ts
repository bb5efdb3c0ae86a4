import { type Clock, delayInBackground, monotonic } from '../time.ts';

/** How many pieces of work wait at most. */
const mostWaiting = 10_000;

/** Work that is done some time later, as long as the process lives. One timer stands for all of it, since all waits equally long. */
export class LaterWork {
  readonly #clock: Clock;
  readonly #ms: number;
  readonly #waiting: { readonly due: number; readonly work: () => unknown }[] = [];
  #isTimed = false;

  /** @param ms how much later */
  constructor(clock: Clock, ms: number) {
    this.#clock = clock;
    this.#ms = ms;
  }

  /** Where too much waits already, this is never done. */
  add(work: () => unknown): void {
    if (this.#waiting.length >= mostWaiting) return;
    this.#waiting.push({ due: monotonic(this.#clock) + this.#ms, work });
    if (!this.#isTimed) this.#wait(this.#ms);
  }

  #wait(ms: number): void {
    this.#isTimed = true;
    delayInBackground(this.#clock, ms).then(() => this.#doWhatIsDue());
  }

  #doWhatIsDue(): void {
    const [first] = this.#waiting;
    // The delay is over, whatever another clock says.
    const now = Math.max(monotonic(this.#clock), first?.due ?? 0);
    const later = this.#waiting.findIndex(({ due }) => due > now);
    const due = this.#waiting.splice(0, later < 0 ? this.#waiting.length : later);
    this.#isTimed = false;
    const [next] = this.#waiting;
    if (next !== undefined) this.#wait(next.due - now);
    for (const { work } of due) work();
  }
}
