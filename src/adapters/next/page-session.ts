import type { Session } from '../../session/types.ts';

/** A visitor's session as a server component sees it: for reading. */
export type PageSession<Data extends object = Record<string, unknown>> = Pick<
  Session<Data>,
  'get' | 'has' | 'user' | 'fresh' | 'id' | 'isNew' | 'createdAt' | 'expiresAt' | 'explain'
>;

const writes = ['set', 'delete', 'update', 'flash', 'login', 'logout', 'rotate', 'quiet', 'data'] as const;

/** What a component wrote would be lost: nothing commits it. */
export function pageSession<Data extends object>(session: Session<Data>): PageSession<Data> {
  const page: PageSession<Data> = {
    get: (key) => session.get(key),
    has: (key) => session.has(key),
    fresh: (within) => session.fresh(within),
    explain: () => session.explain(),
    user: session.user,
    id: session.id,
    isNew: session.isNew,
    createdAt: session.createdAt,
    expiresAt: session.expiresAt,
  };
  for (const name of writes) {
    Object.defineProperty(page, name, {
      get() {
        throw new TypeError(
          `A page only reads its session, so there is no ${name} here: write in a server action, pass.act((context) => …), or in a route handler, pass.route(…).`,
        );
      },
    });
  }
  return page;
}
