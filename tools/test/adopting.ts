import { type CommonOptions, createSessions, type SessionEvent } from '../../src/session/index.ts';
import { memoryStore } from '../../src/store/memory/index.ts';
import { testClock } from '../../src/testing/clock.ts';
import type { Shop } from './shop.ts';

/** Sessions that take over those of another library, with a clock that stands at the real time, by which that library wrote. */
export function adopting(adopt: CommonOptions<Shop>['adopt']) {
  const clock = testClock(Date.now());
  const events: SessionEvent[] = [];
  const onEvent = (event: SessionEvent) => events.push(event);
  const sessions = createSessions<Shop>({ store: memoryStore(), adopt, clock, onEvent });
  return {
    sessions,
    clock,
    /** Who this is, and why nobody: the event's reason. `open` never rejects. */
    async outcome(cookie: string): Promise<string | undefined> {
      events.length = 0;
      const { user } = await sessions.open(cookie);
      const reasons = events.flatMap((event) => (event.type === 'not-adopted' ? [event.reason] : []));
      if (reasons.length > 1 || (reasons.length === 1) === (user !== undefined)) {
        throw new Error(`${cookie.slice(0, 40)} is ${user}, and events say ${reasons}.`);
      }
      return user ?? reasons[0];
    },
    /** Two requests at once, as a page makes them: the users they find, and the Set-Cookie lines of both answers. */
    async together(cookie: string) {
      const opened = await Promise.all([sessions.open(cookie), sessions.open(cookie)]);
      const lines = await Promise.all(opened.map((session) => sessions.commit(session)));
      return { users: opened.map(({ user }) => user), lines };
    },
  };
}
