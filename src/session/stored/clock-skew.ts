import type { SessionStore } from '../../store/contract.ts';
import type { TimedStore } from '../../store/time-limit.ts';
import type { Settings } from '../settings.ts';

/** How often clocks are compared, in ms: a skew is a setting that is wrong, and stays. */
const every = 600_000;
/** From here on, in ms, a grace or a deadline begins to mean something else on another machine. */
const reported = 5_000;

/** The store, whose clock is compared with ours now and then, beside the writes: a session's deadlines are set by one process and judged by others. */
export function watchClockSkew(
  timed: TimedStore,
  store: SessionStore,
  { clock, report }: Pick<Settings, 'clock' | 'report'>,
): TimedStore {
  if (store.serverTime === undefined) return timed;
  let next = Number.NEGATIVE_INFINITY;

  const compare = async (sent: number) => {
    const theirs = await store.serverTime?.();
    if (theirs === undefined) return;
    const received = clock.now();
    const ahead = Math.round((sent + received) / 2 - theirs);
    // Half of the time that the answer took is how far off the comparison may be.
    if (Math.abs(ahead) - (received - sent) / 2 >= reported) report({ type: 'clock-skew', ahead });
  };
  const look = () => {
    const now = clock.now();
    if (now < next && now >= next - every) return;
    next = now + every;
    compare(now).catch(() => {});
  };
  const watching = (inner: TimedStore): TimedStore => ({
    ...inner,
    together: (since) => watching(inner.together(since)),
    create(record, o) {
      look();
      return inner.create(record, o);
    },
    patch(selector, patch) {
      look();
      return inner.patch(selector, patch);
    },
  });
  return watching(timed);
}
