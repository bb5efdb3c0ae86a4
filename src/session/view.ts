import { refuseDetached } from '../errors/detached.ts';
import { aSignal } from '../errors/kinds.ts';
import type { Shape } from '../errors/misuse.ts';
import { HallpassError } from '../errors.ts';
import { type Clock, type Duration, systemClock, timeoutToMilliseconds } from '../time.ts';
import type { Backend, EndCause } from './backend.ts';
import type { SessionFacts } from './request-session.ts';
import type { Settings } from './settings.ts';
import type { Session, SessionView, ViewOptions } from './types.ts';
import type { Viewing } from './views.ts';

export const viewShape: Shape<ViewOptions> = { every: 'string|number', signal: aSignal };

/** A timer takes no longer time than some 24 days. */
const longestNap = 86_400_000;

const sentences: Readonly<Record<EndCause, string>> = {
  expired: 'The session has expired.',
  revoked: 'The session was ended by a logout or from outside.',
  superseded: 'Somebody signed in to the session, so who opened it before has no part in it.',
};

/** A session that is looked at again and again until it is over. */
export class LiveView<Data extends object> implements SessionView<Data>, Viewing {
  readonly #session: Session<Data>;
  readonly #check: Backend['check'];
  readonly #settings: Pick<Settings, 'views' | 'clock'>;
  readonly #ended = new AbortController();
  readonly #released = new AbortController();
  readonly #signal: AbortSignal | undefined;
  readonly #every: number;
  #row: SessionFacts | undefined;
  #nap = new AbortController();
  #woken = false;

  constructor(
    session: Session<Data>,
    row: SessionFacts | undefined,
    check: Backend['check'],
    settings: Pick<Settings, 'views' | 'clock'>,
    { every = '30s', signal }: ViewOptions,
  ) {
    this.#session = session;
    this.#row = row;
    this.#check = check;
    this.#settings = settings;
    this.#every = interval(every);
    this.#signal = signal;
    if (row === undefined || signal?.aborted) return;
    signal?.addEventListener('abort', this.#release);
    settings.views.add(this);
    this.#watch(row);
  }

  static {
    refuseDetached(LiveView, (object) => #session in object, 'view');
  }

  /** Where the session of a view stands, which `sessions` made. */
  static standingOf(view: object, settings: object): SessionFacts | undefined | 'no view' {
    return view instanceof LiveView && view.#settings === settings ? view.#row : 'no view';
  }

  get<K extends keyof Data>(key: K): Data[K] | undefined {
    return this.#session.get(key);
  }

  has(key: keyof Data): boolean {
    return this.#session.has(key);
  }

  fresh(within: Duration): boolean {
    return this.#session.fresh(within);
  }

  get user(): string | undefined {
    return this.#session.user;
  }

  get id(): string {
    return this.#row?.selector ?? '';
  }

  get externalIds(): readonly string[] | undefined {
    return this.#row?.externalIds;
  }

  get expiresAt(): number {
    return this.#row?.idleAt ?? this.#session.expiresAt;
  }

  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  lookAgain(): void {
    this.#woken = true;
    this.#nap.abort();
  }

  [Symbol.dispose](): void {
    this.#release();
  }

  readonly #release = () => {
    this.#released.abort();
    this.#nap.abort();
    this.#settings.views.remove(this);
    this.#signal?.removeEventListener('abort', this.#release);
  };

  async #watch(first: SessionFacts): Promise<void> {
    const { clock } = this.#settings;
    for (let row = first; !this.#released.signal.aborted; ) {
      if (!this.#woken) await this.#sleep(row, clock);
      this.#woken = false;
      if (this.#released.signal.aborted) return;
      const answer = await this.#look(row, Math.trunc(clock.now()));
      if (typeof answer === 'string') this.#end(answer);
      else row = answer;
      this.#row = row;
    }
  }

  /** Until it is time to look again, the session would expire, or somebody calls. */
  async #sleep({ idleAt }: SessionFacts, clock: Clock): Promise<void> {
    this.#nap = new AbortController();
    const left = idleAt - clock.now();
    const delay = clock.delay?.bind(clock) ?? systemClock.delay;
    await delay?.(left > 0 ? Math.min(this.#every, left) : this.#every, this.#nap.signal).catch(() => {});
  }

  /** A store that does not answer is an event, and asked again; past the absolute deadline nobody need be asked. */
  async #look(row: SessionFacts, now: number): Promise<SessionFacts | EndCause> {
    if (row.absoluteAt <= now) return 'expired';
    return this.#check(row, now).catch(() => row);
  }

  #end(cause: EndCause): void {
    const open = !this.#released.signal.aborted;
    this.#release();
    if (open) this.#ended.abort(new HallpassError('session-gone', sentences[cause], { cause }));
  }
}

/** @throws TypeError */
function interval(every: Duration): number {
  const ms = Math.round(timeoutToMilliseconds(every));
  if (ms < 1 || ms > longestNap) throw new TypeError('every is between a millisecond and a day.');
  return ms;
}
