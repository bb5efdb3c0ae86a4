/** How an app is spoken to that has no routes of its own for what the driver asks: the request that stands for it, and what its answer says. */
export interface Dialect {
  /** @param what `me`, `login`, … of `/api/me`, `/api/login` */
  ask(what: string, init: RequestInit): [path: string, init: RequestInit];
  /** What the body of an answer says about it. */
  read(what: string, body: unknown): unknown;
}

/** Routes. */
export const plain: Dialect = {
  ask: (what, init) => [`/api/${what}`, init],
  read: (_what, body) => body,
};

const mutations = ['login', 'logout', 'redirect', 'boom'];

/** One path for each procedure; queries are GET, what writes is POST. */
export const trpc: Dialect = {
  ask: (what, init) => [`/trpc/${what}`, mutations.includes(what) ? post(init, fieldsOf(init)) : init],
  read: (_what, body) => (body as { result?: { data?: unknown } }).result?.data,
};

const operations: Record<string, string> = {
  me: '{ me { user visits flash boomed } }',
  private: '{ private { user } }',
  login: 'mutation($user: String!) { login(user: $user) }',
  sse: 'subscription { sse }',
};

/** One path for all operations, each a POST. */
export const graphql: Dialect = {
  ask(what, init) {
    if (init.method === 'OPTIONS') return ['/graphql', init];
    const query = operations[what] ?? `mutation { ${what} }`;
    const asked = post(init, { query, variables: fieldsOf(init) });
    if (what === 'sse') asked.headers.set('accept', 'text/event-stream');
    return ['/graphql', asked];
  },
  read: (what, body) => (body as { data?: Record<string, unknown> }).data?.[what],
};

function post(init: RequestInit, body: unknown) {
  const headers = new Headers(init.headers);
  headers.set('content-type', 'application/json');
  return { ...init, headers, method: 'POST', body: JSON.stringify(body) };
}

const fieldsOf = ({ body }: RequestInit) => (body instanceof URLSearchParams ? Object.fromEntries(body) : {});
