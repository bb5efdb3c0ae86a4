import { join } from 'node:path';
import { toNodeListener } from 'hallpass/node';
import { createSessions, signInThrottle } from 'hallpass/session';
import { startLab } from 'hallpass/testing/lab';
import { closeOnSignal, dataFolder, listenWhereWanted, openStore, run } from '../../shared/program.ts';
import { createApp } from './app.ts';
import type { SessionData } from './env.ts';
import { createUsers, demoUsers } from './users.ts';

const usualPorts = [3000, 3001, 3002, 3003, 3004, 0];
const sweepEvery = 3_600_000;

await run(async () => {
  const file = join(dataFolder(import.meta.url), 'front-desk.sqlite');
  const store = openStore(file);
  const sessions = createSessions<SessionData>({ store });
  const throttle = signInThrottle({ store });
  const users = await createUsers(demoUsers);
  const lab = await startLab();

  const server = await listenWhereWanted('the desk', usualPorts, (origins) =>
    toNodeListener(createApp({ sessions, throttle, users, lab, origins, clock: Date }).fetch),
  );
  const sweeping = setInterval(() => sessions.sweep().catch(console.error), sweepEvery);

  closeOnSignal(async () => {
    clearInterval(sweeping);
    await server.close();
    await lab.close();
    await store[Symbol.asyncDispose]?.();
  });

  console.log(`The front desk is open: ${server.origin}\n`);
  for (const { id, password } of demoUsers) console.log(`  sign in as ${id.padEnd(6)} with ${password}`);
  console.log(`\nSessions are kept in ${file}. Ctrl-C closes the desk.`);
});
