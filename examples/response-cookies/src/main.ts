import { join } from 'node:path';
import { toNodeListener } from 'hallpass/node';
import { closeOnSignal, dataFolder, listenWhereWanted, openStore, run } from '../../shared/program.ts';
import { createApp } from './app.ts';
import { createSite } from './site.ts';

const usualPorts = [3010, 3011, 3012, 0];

await run(async () => {
  const folder = dataFolder(import.meta.url);
  const stores = {
    sessions: openStore(join(folder, 'sessions.sqlite')),
    members: openStore(join(folder, 'members.sqlite')),
  };
  const server = await listenWhereWanted('the example', usualPorts, (origins) =>
    toNodeListener(createApp(createSite(stores, origins)).fetch),
  );
  closeOnSignal(async () => {
    await server.close();
    for (const store of Object.values(stores)) await store[Symbol.asyncDispose]?.();
  });
  console.log(`Response cookies are served: ${server.origin}\n`);
  console.log(
    'Session cookies are Secure. Chrome, Edge and Firefox keep them on http://localhost; Safari wants https.',
  );
  console.log(`Sessions are kept in ${folder}. Ctrl-C ends it.`);
});
