import { closeOnSignal, dataFolder, run } from '../../shared/program.ts';
import { addDemoUsers, demoUsers } from './accounts/accounts.ts';
import { openKeys } from './keys.ts';
import { openStores } from './open-stores.ts';
import { serve } from './serve.ts';
import { readSettings } from './settings.ts';
import { startWorkers, tellServing, workerNumber } from './workers.ts';

await run(async () => {
  const settings = readSettings(process.argv.slice(2));
  const folder = dataFolder(import.meta.url);

  if (workerNumber !== undefined) {
    const desk = await serve(settings, folder, workerNumber === 1);
    closeOnSignal(() => desk.close());
    tellServing(desk.origin);
    return;
  }

  const place = await prepare(settings.store, folder);
  if (settings.workers > 1) {
    greet(await startWorkers(settings.workers), place, settings.workers);
  } else {
    const desk = await serve(settings, folder);
    closeOnSignal(() => desk.close());
    greet(desk.origin, place, 1);
  }
});

/** What has to stand before anybody serves: keys, tables, and outside production two people to try the desk as. */
async function prepare(store: string | undefined, folder: string): Promise<string> {
  const stores = await openStores(store, folder);
  openKeys(folder);
  if (process.env.NODE_ENV !== 'production') await addDemoUsers(stores.accounts);
  await stores.close();
  return stores.place;
}

function greet(origin: string, place: string, workers: number): void {
  console.log(`The front desk is open: ${origin}\n`);
  if (process.env.NODE_ENV !== 'production') {
    for (const { id, password } of demoUsers) console.log(`  sign in as ${id.padEnd(6)} with ${password}`);
  }
  if (process.env.NODE_ENV !== 'production' && workers === 1)
    console.log(`\n  ${origin}/__hallpass shows what happens to each request`);
  const who = workers > 1 ? `${workers} processes share the port. ` : '';
  console.log(`\n${who}Sessions are kept in ${place}. Ctrl-C closes the desk.`);
}
