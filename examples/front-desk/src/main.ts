import { createSessions } from 'hallpass/session';
import { closeOnSignal, dataFolder, run } from '../../shared/program.ts';
import { addDemoUsers, demoUsers, removeDemoUsers } from './accounts/accounts.ts';
import { openKeys } from './keys.ts';
import { openStores } from './open-stores.ts';
import { serve } from './serve.ts';
import { readSettings, trustedProxies } from './settings.ts';
import { siteIsBuilt } from './site.ts';
import { reportServing, startWorkers, workerNumber } from './workers.ts';

await run(async () => {
  const settings = readSettings(process.argv.slice(2));
  const folder = dataFolder(import.meta.url);

  if (workerNumber !== undefined) {
    const desk = await serve(settings, folder, workerNumber === 1);
    closeOnSignal(() => desk.close());
    reportServing(desk.origin);
    return;
  }

  const place = await prepare(settings.store, folder);
  if (settings.workers > 1) {
    greet(await startWorkers(settings.workers), place, settings.workers);
  } else {
    const desk = await serve(settings, folder);
    closeOnSignal(() => desk.close());
    greet(desk.origin, place, 1, desk.panelAddress);
  }
});

/** What has to stand before anybody serves: keys, tables, and two people to try the desk as: outside production only, also where they were made before. */
async function prepare(store: string | undefined, folder: string): Promise<string> {
  const stores = await openStores(store, folder);
  openKeys(folder);
  if (process.env.NODE_ENV === 'production') {
    await removeDemoUsers(stores.accounts, createSessions({ store: stores.sessions }));
  } else {
    await addDemoUsers(stores.accounts);
  }
  await stores.close();
  return stores.place;
}

/** In one piece: whoever waits for the first line of a pipe may read all of it. */
function greet(origin: string, place: string, workers: number, panelAddress?: string): void {
  const isDevelopment = process.env.NODE_ENV !== 'production';
  const people = demoUsers.map(({ id, password }) => `  sign in as ${id.padEnd(6)} with ${password}\n`);
  const docs = `\n  ${origin}/docs/ has the guides${siteIsBuilt() ? ', with search and a reference' : '; npm run site (a minute or more) and a new start add search and a reference'}\n`;
  const panel = panelAddress ? `  ${panelAddress} shows what happens to each request\n` : '';
  const who = workers > 1 ? `${workers} processes share the port. ` : '';
  const mayLackProxy = Boolean(process.env.ORIGIN) && !trustedProxies(process.env.TRUST_PROXY);
  const proxy = mayLackProxy
    ? 'Behind a proxy, set TRUST_PROXY: all visitors have its address otherwise. '
    : '';
  console.log(
    `The front desk is open: ${origin}\n\n${isDevelopment ? people.join('') : ''}${docs}${panel}\n${who}${proxy}Sessions are kept in ${place}. Ctrl-C closes the desk.`,
  );
}
