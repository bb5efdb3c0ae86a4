import type { Session, StoredSessions } from 'hallpass/session';

/** What the races keep in a session: a key that all requests write, a counter, and a key for each request. */
export interface Data {
  theme: string;
  visits: number;
  [own: `by ${string}`]: string;
}

/** Who takes part. Names differ from race to race, because many share one store. */
export interface People {
  readonly alice: string;
  readonly bob: string;
}

/** What a request writes under its name: to the key that is its own, to the one that all write, or by counting. */
export type Write = 'own' | 'theme' | 'visits';

/** A request of the visitor: what its handler does between `open` and `commit`. */
export interface RequestOperation {
  readonly kind: 'request';
  readonly name: string;
  readonly writes?: Write;
  readonly login?: keyof People;
  readonly logout?: true;
  /** True when it changes the verifier only. */
  readonly rotates?: true;
}

/** What somebody else does meanwhile. `expire`: time goes by until every session that lies idle has expired. */
export interface OutsideOperation {
  readonly kind: 'revoke all' | 'revoke one' | 'expire';
  readonly name: string;
}

export type Operation = RequestOperation | OutsideOperation;

const request = (name: string, does: Omit<RequestOperation, 'kind' | 'name'> = {}): RequestOperation => ({
  kind: 'request',
  name,
  ...does,
});

const outside = (kind: OutsideOperation['kind'], name: string): OutsideOperation => ({ kind, name });

export const operations = {
  read: request('read'),
  writeSame: request('write the same key', { writes: 'theme' }),
  writeOther: request('write another key', { writes: 'own' }),
  update: request('update', { writes: 'visits' }),
  rotate: request('rotate', { rotates: true }),
  login: request('login', { login: 'alice', writes: 'own' }),
  loginAsBob: request('login as another user', { login: 'bob', writes: 'own' }),
  logout: request('logout', { logout: true }),
  revokeAll: outside('revoke all', 'revoke all'),
  revokeOne: outside('revoke one', 'revoke one'),
  expire: outside('expire', 'expire'),
} satisfies Record<string, Operation>;

/** Does to a session what the operation says. */
export function act(
  session: Session<Data>,
  { writes, login, logout, rotates }: RequestOperation,
  by: string,
  people: People,
): void {
  session.get('theme');
  if (login !== undefined) session.login(people[login]);
  if (writes === 'own') session.set(`by ${by}`, by);
  if (writes === 'theme') session.set('theme', by);
  if (writes === 'visits') session.update('visits', (visits = 0) => visits + 1);
  if (rotates) session.rotate();
  if (logout) session.logout();
}

/** Ends sessions from outside. False when there was none to end. */
export async function revoke(
  sessions: StoredSessions<Data>,
  kind: 'revoke all' | 'revoke one',
  id: string,
  user: string,
): Promise<boolean> {
  if (kind === 'revoke one') return sessions.revoke(id, { user });
  await sessions.revokeAll(user);
  return true;
}
