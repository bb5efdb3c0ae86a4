import { createMiddleware, createStart } from '@tanstack/react-start';
import type { RequestContext } from 'hallpass/server';
import { type Data, serve } from './pass.server';

const hallpass = createMiddleware().server<{ hallpass: RequestContext<Data> }>(({ request, next }) =>
  serve(request, async (context) => (await next({ context: { hallpass: context } })).response),
);
export const startInstance = createStart(() => ({ requestMiddleware: [hallpass] }));
