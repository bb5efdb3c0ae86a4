import type { SessionStore } from 'hallpass/store';

/** Opens an empty store. */
export type OpenStore = () => Promise<SessionStore>;
