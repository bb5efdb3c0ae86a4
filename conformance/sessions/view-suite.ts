import { createSessions } from 'hallpass/session';
import { memoryStore } from 'hallpass/stores/memory';
import { testClock } from 'hallpass/testing';
import { type Case, equal } from '../case.ts';

const cause = ({ ended }: { ended: AbortSignal }) => ended.reason?.cause;

/** What has been set going, as far as it goes without a timer. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await undefined;
}

async function viewing() {
  const [store, clock] = [memoryStore(), testClock(Date.UTC(2026, 10, 21))];
  const [here, there] = [createSessions({ store, clock }), createSessions({ store, clock })];
  const session = await here.open('');
  session.login('ada');
  const [line = ''] = await here.commit(session);
  const view = here.view(await here.open(line.split(';')[0]));
  return { here, there, clock, view };
}

/** Sessions that are looked at after their request: what lives in signals and delays, which runtimes bring along. */
export const sessionViews: Case[] = [
  {
    name: 'a view is told at once of what this process ended',
    async run() {
      const { here, view } = await viewing();
      equal([view.user, view.ended.aborted], ['ada', false], 'the view');
      await here.revokeAll('ada');
      await settled();
      equal([view.ended.aborted, cause(view)], [true, 'revoked'], 'after revokeAll');
    },
  },
  {
    name: 'a view learns within its interval of what another process ended',
    async run() {
      const { there, clock, view } = await viewing();
      await there.revokeAll('ada');
      clock.advance('29s');
      await settled();
      equal(view.ended.aborted, false, 'before the interval is over');
      clock.advance('1s');
      await settled();
      equal(cause(view), 'revoked', 'after it');
    },
  },
  {
    name: 'a view is over when its session expires, and never after it was disposed of',
    async run() {
      const [kept, left] = [await viewing(), await viewing()];
      left.view[Symbol.dispose]();
      for (const { clock } of [kept, left]) clock.advance('60m');
      await settled();
      equal([cause(kept.view), left.view.ended.aborted], ['expired', false], 'after an hour');
    },
  },
];
