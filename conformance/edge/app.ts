// Runs in workerd: an application whose sessions are in Durable Objects.
import { pipeline } from 'hallpass/server';
import { createSessions } from 'hallpass/session';
import { durableStore, type ObjectNamespace } from 'hallpass/stores/durable-object';

export { SessionShard } from 'hallpass/stores/durable-object';

interface Env {
  readonly SESSIONS: ObjectNamespace;
}

function application({ SESSIONS }: Env) {
  const sessions = createSessions({ store: durableStore(SESSIONS) });
  return pipeline({ sessions })(async (request, context) => {
    const session = await context.session();
    switch (new URL(request.url).pathname) {
      case '/login':
        session.login('ada');
        break;
      case '/logout':
        session.logout();
        break;
      case '/revoke':
        return Response.json(await sessions.revokeAll('ada'));
    }
    return Response.json(session.user ?? null);
  });
}

let app: ReturnType<typeof application> | undefined;

export default {
  fetch(request: Request, env: Env): Promise<Response> {
    app ??= application(env);
    return app(request);
  },
};
