/** Sessions as texts by id, as Redis or a table keeps them. Every call waits for its turn. */
export interface Rows {
  get(id: string): Promise<string | undefined>;
  put(id: string, text: string): Promise<void>;
  delete(id: string): Promise<void>;
}

/** Waits until it is the turn of a call to the store. */
export type Turn = (call: string, changes: boolean) => Promise<void>;

/** A server with sessions. */
export type Serve = (request: Request) => Promise<Response>;

/** A session library: a store that all servers of one history share, and a server of its own for each request. */
export interface Contender {
  readonly name: string;
  start(): { serve(turn: Turn): Promise<Serve> };
}

/** What a handler does to a session, in the words of a library. */
export interface Acts {
  get(key: string): unknown;
  set(key: string, value: unknown): void;
  /** Raises a number, by what the library has for it. */
  count(key: string): void;
  /** Changes the id and makes this the session of a user, data kept: as the library's own guide says. */
  login(user: string): Promise<void>;
  logout(): Promise<void>;
  /** Changes the id, data kept. */
  rotate(): Promise<void>;
}

/** The app that every contender serves: `/read`, `/write?key=`, `/count`, `/login`, `/logout`, `/rotate`. */
export async function handle(acts: Acts, url: URL): Promise<object> {
  const key = url.searchParams.get('key') ?? '';
  switch (url.pathname) {
    case '/write':
      acts.set(key, 'written');
      break;
    case '/count':
      acts.count('visits');
      break;
    case '/login':
      await acts.login('alice');
      break;
    case '/rotate':
      await acts.rotate();
      break;
    case '/logout':
      await acts.logout();
      return {};
  }
  const [user, visits, a, b, start] = ['user', 'visits', 'a', 'b', 'start'].map((name) => acts.get(name));
  return { user, visits, a, b, start };
}

/** Where a library keeps one history's sessions. */
export function rowsOfHistory(): (turn: Turn) => Rows {
  const kept = new Map<string, string>();
  return (turn) => ({
    async get(id) {
      await turn('get', false);
      return kept.get(id);
    },
    async put(id, text) {
      await turn('set', true);
      kept.set(id, text);
    },
    async delete(id) {
      await turn('delete', true);
      kept.delete(id);
    },
  });
}
