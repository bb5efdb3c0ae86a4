import { isNotFound, isRedirect } from '@tanstack/react-router';
import { createMiddleware, createStart } from '@tanstack/react-start';
import { setResponseStatus } from '@tanstack/react-start/server';
import { HttpError } from 'hallpass';
import type { RequestContext } from 'hallpass/server';
import { type Data, serve } from './pass.server';

const hallpass = createMiddleware().server<{ hallpass: RequestContext<Data> }>(({ request, next }) =>
  serve(request, async (context) => (await next({ context: { hallpass: context } })).response),
);

/** What a server function throws is answered with 200: its writes are dropped by hand, and our errors have their status. */
const failures = createMiddleware({ type: 'function' })
  .middleware([hallpass])
  .server(async ({ next, context }) => {
    try {
      return await next();
    } catch (error) {
      if (isRedirect(error) || isNotFound(error)) throw error;
      context.hallpass.fail();
      if (error instanceof HttpError) setResponseStatus(error.status);
      throw error;
    }
  });
export const startInstance = createStart(() => ({
  requestMiddleware: [hallpass],
  functionMiddleware: [failures],
}));
