// Runs in workerd: takes the world as a request's body, and the name of one suite from its query if there is one.
import { runSuites } from '../run.ts';

export default {
  async fetch(request: Request): Promise<Response> {
    const only = new URL(request.url).searchParams.get('suite') ?? undefined;
    return Response.json(await runSuites(await request.json(), only));
  },
};
