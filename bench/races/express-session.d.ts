/** What the race bench and tests use of express-session, which comes without types. */
declare module 'express-session' {
  import type { RequestHandler } from 'express';

  export interface Session {
    [key: string]: unknown;
    regenerate(done: (error?: unknown) => void): void;
    destroy(done: (error?: unknown) => void): void;
  }

  type Done = (error?: unknown, session?: unknown) => void;

  class Store {
    get(id: string, done: Done): void;
    set(id: string, session: unknown, done?: Done): void;
    destroy(id: string, done?: Done): void;
  }

  class MemoryStore extends Store {
    length(done: (error: unknown, count?: number) => void): void;
  }

  const session: ((options: {
    store?: Store;
    secret: string | string[];
    name?: string;
    resave: boolean;
    saveUninitialized: boolean;
    cookie?: { secure?: boolean };
  }) => RequestHandler) & { Store: typeof Store; MemoryStore: typeof MemoryStore };
  export default session;
}

/** What the bench of stores uses of it. */
declare module 'connect-pg-simple' {
  import type session from 'express-session';

  type Store = InstanceType<typeof session.Store>;

  export default function pgSimple(
    from: typeof session,
  ): new (options: {
    pool: object;
    createTableIfMissing: boolean;
    pruneSessionInterval: false;
  }) => Store;
}
