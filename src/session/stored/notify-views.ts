import { after } from '../../crypto/index.ts';
import { belongsElsewhere } from '../../store/index-names.ts';
import type { TimedStore } from '../../store/time-limit.ts';
import type { Views } from '../views.ts';

/** The store, which has the views of this process look again when a call may have ended their session. */
export function notifyViews(store: TimedStore, views: Views): TimedStore {
  return {
    ...store,
    together: (since) => notifyViews(store.together(since), views),
    patch(selector, patch) {
      const result = store.patch(selector, patch);
      if (patch.login === undefined) return result;
      return after(result, (answer) => {
        views.touched(selector);
        return answer;
      });
    },
    async revoke(selector, o) {
      const lived = await store.revoke(selector, o);
      views.touched(selector);
      return lived;
    },
    async revokeByUser(index, o) {
      const lived = await store.revokeByUser(index, o);
      views.touchedWhere(
        ({ user, externalIds }) =>
          user !== undefined && !belongsElsewhere({ userId: user, externalIds }, index),
      );
      return lived;
    },
  };
}
