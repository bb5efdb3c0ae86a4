import { join } from 'node:path';
import { toNodeListener } from 'hallpass/node';
import { createSessions, signInThrottle } from 'hallpass/session';
import { startLab } from 'hallpass/testing/lab';
import { closeOnSignal, dataFolder, listenWhereWanted, openStore, run } from '../../shared/program.ts';
import { addDemoUsers, createAccounts, demoUsers } from './accounts/accounts.ts';
import { sqliteAccounts } from './accounts/sqlite-accounts.ts';
import { createApp } from './app.ts';
import type { SessionData } from './env.ts';
import { openKeys } from './keys.ts';

const usualPorts = [3000, 3001, 3002, 3003, 3004, 0];
const sweepEvery = 3_600_000;

await run(async () => {
  const folder = dataFolder(import.meta.url);
  const file = join(folder, 'front-desk.sqlite');
  const store = openStore(file);
  const accountStore = sqliteAccounts(file);
  const accounts = createAccounts(accountStore);
  const sessions = createSessions<SessionData>({ store });
  const throttle = signInThrottle({ store });
  const keys = openKeys(folder);
  const demo = process.env.NODE_ENV !== 'production';
  const lab = await startLab();
  if (demo) await addDemoUsers(accountStore);

  const server = await listenWhereWanted('the desk', usualPorts, (origins) =>
    toNodeListener(createApp({ sessions, throttle, accounts, keys, demo, lab, origins, clock: Date }).fetch),
  );
  const sweeping = setInterval(() => sessions.sweep().catch(console.error), sweepEvery);

  closeOnSignal(async () => {
    clearInterval(sweeping);
    await server.close();
    await lab.close();
    await accountStore.close();
    await store[Symbol.asyncDispose]?.();
  });

  console.log(`The front desk is open: ${server.origin}\n`);
  if (demo) {
    for (const { id, password } of demoUsers) console.log(`  sign in as ${id.padEnd(6)} with ${password}`);
  }
  console.log(`\nSessions are kept in ${file}. Ctrl-C closes the desk.`);
});
