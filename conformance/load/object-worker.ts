// Runs in workerd: hands what comes to the object that the path names.
import type { ObjectNamespace } from 'hallpass/stores/durable-object';

export { SessionShard } from 'hallpass/stores/durable-object';

interface Env {
  readonly SESSIONS: ObjectNamespace;
}

export default {
  async fetch(request: Request, { SESSIONS }: Env): Promise<Response> {
    const name = decodeURIComponent(new URL(request.url).pathname.slice(1));
    const stub = SESSIONS.get(SESSIONS.idFromName(name));
    const body = await request.text();
    return (await stub.fetch(request.url, { method: 'POST', body })) as Response;
  },
};
