import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HallpassError } from 'hallpass';
import { toNodeListener } from 'hallpass/node';
import { createSessions } from 'hallpass/session';
import { sqliteStore } from 'hallpass/stores/sqlite';
import { startLab } from 'hallpass/testing/lab';
import { createApp } from './app.ts';
import type { SessionData } from './env.ts';
import { hasCode, type Listening, listenOnLoopback } from './listen.ts';
import { createUsers, demoUsers } from './users.ts';

/** A failure that its one sentence explains. */
class Stop extends Error {}

const usualPorts = [3000, 3001, 3002, 3003, 3004, 0];
const sweepEvery = 3_600_000;

async function main(): Promise<void> {
  const file = join(dataFolder(), 'front-desk.sqlite');
  const store = openStore(file);
  const sessions = createSessions<SessionData>({ store });
  const users = await createUsers(demoUsers);
  const lab = await startLab();

  const server = await listenSomewhere(wantedPorts(), (port) => {
    const origins = [`http://localhost:${port}`, `http://127.0.0.1:${port}`, `http://[::1]:${port}`];
    return toNodeListener(createApp({ sessions, users, lab, origins, clock: Date }).fetch);
  });
  const sweeping = setInterval(() => sessions.sweep().catch(console.error), sweepEvery);

  let stopping = false;
  const stop = async () => {
    // Under npm one Ctrl-C may arrive twice: from the terminal, and from npm.
    if (stopping) return;
    stopping = true;
    clearInterval(sweeping);
    await server.close();
    await lab.close();
    await store[Symbol.asyncDispose]?.();
    process.exit(0);
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);

  console.log(`The front desk is open: http://localhost:${server.port}\n`);
  for (const { id, password } of demoUsers) console.log(`  sign in as ${id.padEnd(6)} with ${password}`);
  console.log(`\nSessions are kept in ${file}. Ctrl-C closes the desk.`);
}

function dataFolder(): string {
  const folder = process.env.DATA_DIR ?? fileURLToPath(new URL('../data', import.meta.url));
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    if (!hasCode(error)) throw error;
    throw new Stop(`The data folder ${folder} cannot be made (${error.code}); set DATA_DIR to one that can.`);
  }
  return folder;
}

function openStore(file: string): ReturnType<typeof sqliteStore> {
  try {
    return sqliteStore(file);
  } catch (error) {
    if (error instanceof HallpassError && error.code === 'store-unusable') throw new Stop(error.message);
    throw error;
  }
}

/** `PORT`, or the usual ones in turn. */
function wantedPorts(): number[] {
  const { PORT } = process.env;
  if (PORT === undefined || PORT === '') return usualPorts;
  const port = Number(PORT);
  if (!/^\d+$/.test(PORT) || port > 65_535)
    throw new Stop(`PORT is "${PORT}", which is not a port: write 0 to 65535.`);
  return [port];
}

async function listenSomewhere(
  [port, ...others]: number[],
  listenerFor: Parameters<typeof listenOnLoopback>[1],
): Promise<Listening> {
  try {
    return await listenOnLoopback(port ?? 0, listenerFor);
  } catch (error) {
    if (!hasCode(error)) throw error;
    if (!hasCode(error, 'EADDRINUSE') || others.length === 0) {
      const why =
        error.code === 'EADDRINUSE' ? 'is taken by another program' : `cannot be used (${error.code})`;
      throw new Stop(`Port ${port} ${why}: set PORT to another one.`);
    }
    console.log(`Port ${port} is taken by another program, so the desk tries another.`);
    return listenSomewhere(others, listenerFor);
  }
}

try {
  await main();
} catch (error) {
  if (!(error instanceof Stop)) throw error;
  console.error(error.message);
  process.exit(1);
}
