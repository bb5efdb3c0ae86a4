import type { SessionStore } from '../../store/contract.ts';
import type { Views } from '../views.ts';
import { externalIndex } from './external-index.ts';

/** The store, with word to the views of this process when a call ends a session. */
export function noticingStore(store: SessionStore, views: Views): SessionStore {
  return {
    ...store,
    async patch(selector, patch) {
      const result = await store.patch(selector, patch);
      if (patch.login !== undefined) views.touched(selector);
      return result;
    },
    async revoke(selector, o) {
      const lived = await store.revoke(selector, o);
      views.touched(selector);
      return lived;
    },
    async revokeByUser(index, o) {
      const lived = await store.revokeByUser(index, o);
      views.touchedWhere(
        ({ user, externalId }) =>
          user === index || (externalId !== undefined && externalIndex(externalId) === index),
      );
      return lived;
    },
  };
}
