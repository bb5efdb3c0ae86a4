import { createServer } from 'node:http';
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { toNodeListener } from 'hallpass/node';
import { app } from './app.ts';
import { pass } from './pass.ts';
import { onError } from './trpc.ts';

const handler = pass(async (req, hallpass) => {
  await hallpass.session(); // A subscription would open it when the head of its answer is sent.
  return fetchRequestHandler({
    endpoint: '/trpc',
    req,
    router: app,
    createContext: () => ({ hallpass }),
    onError,
  });
});
createServer(toNodeListener(handler)).listen(Number(process.env.PORT), 'localhost');
