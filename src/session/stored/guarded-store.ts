import type { SessionStore } from '../../store/contract.ts';
import type { Guard } from '../guard.ts';

/** The store with a time limit on every call of a request. */
export function guardedStore(store: SessionStore, guard: Guard): SessionStore {
  return {
    create: guard('create', (record, o) => store.create(record, o)),
    read: guard('read', (selector, o) => store.read(selector, o)),
    patch: guard('patch', (selector, patch) => store.patch(selector, patch)),
    touch: guard('touch', (selector, o) => store.touch(selector, o)),
    revoke: guard('revoke', (selector, o) => store.revoke(selector, o)),
    enlist: guard('enlist', (userId, selector, o) => store.enlist(userId, selector, o)),
    listByUser: guard('listByUser', (userId, o) => store.listByUser(userId, o)),
    revokeByUser: guard('revokeByUser', (userId, o) => store.revokeByUser(userId, o)),
    sweep: (limit, o) => store.sweep(limit, o),
  };
}
