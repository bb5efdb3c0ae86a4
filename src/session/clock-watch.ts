import { type Clock, monotonic } from '../time.ts';
import type { Report } from './events.ts';

/** In ms. Less is the ordinary work of what keeps a machine's time. */
const leastJump = 30_000;

/**
 * Notices that the clock of this machine was set, or stood while the machine slept, by the time that never goes back: where
 * the new time is wrong, sessions end by it for good.
 */
export class ClockWatch {
  readonly #clock: Clock;
  readonly #report: Report;
  #ahead: number | undefined;

  constructor(clock: Clock, report: Report) {
    this.#clock = clock;
    this.#report = report;
  }

  /** Before anything is judged by this time. */
  look(now: number): void {
    if (this.#clock.monotonic === undefined) return;
    const ahead = now - monotonic(this.#clock);
    const by = Math.round(ahead - (this.#ahead ?? ahead));
    this.#ahead = ahead;
    if (Math.abs(by) >= leastJump) this.#report({ type: 'clock-jumped', by });
  }
}
