import { mkdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { HallpassError } from 'hallpass';
import { sqliteStore } from 'hallpass/stores/sqlite';
import { hasCode, type Identity, type Listening, listenOn, loopback } from './listen.ts';

/** A failure that its one sentence explains. */
export class Stop extends Error {}

/** Runs a program; one that cannot go on says so in one sentence and ends with 1. */
export async function run(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}

/** Calls `close` on Ctrl-C and ends the process when it is done. */
export function closeOnSignal(close: () => Promise<void>): void {
  let stopping = false;
  const stop = async () => {
    // Under npm one Ctrl-C may arrive twice: from the terminal, and from npm.
    if (stopping) return;
    stopping = true;
    await close();
    process.exit(0);
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}

/** `DATA_DIR`, or the folder `data` of the example; made when it is not there. @param main the URL of its src/main.ts */
export function dataFolder(main: string): string {
  const folder = process.env.DATA_DIR ?? fileURLToPath(new URL('../data', main));
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    if (!hasCode(error)) throw error;
    throw new Stop(`The data folder ${folder} cannot be made (${error.code}); set DATA_DIR to one that can.`);
  }
  return folder;
}

/** The store in a file. @throws Stop where the file cannot be used */
export function openStore(file: string): ReturnType<typeof sqliteStore> {
  try {
    return sqliteStore(file);
  } catch (error) {
    if (error instanceof HallpassError && error.code === 'store-unusable') throw new Stop(error.message);
    throw error;
  }
}

/** Where an example serves: `http://localhost:3000`. */
export type Served = Listening & { readonly origin: string };

/**
 * Listens on `PORT`, or else on the first usual port that is free; over https where `TLS_CERT` and `TLS_KEY` name PEM files.
 * On this machine's own addresses, unless `HOST` names another, as a container needs: `0.0.0.0`. `ORIGIN` says what stands in
 * browsers' address bars, and nothing else is taken for it then: behind a proxy, or in a container.
 * @param who what is started, for the sentences: `'the desk'`
 * @param say prints a sentence for whoever started it
 */
export async function listenWhereWanted(
  who: string,
  usualPorts: readonly number[],
  listenerFor: (origins: string[]) => ReturnType<Parameters<typeof listenOn>[2]>,
  say: (sentence: string) => void = console.log,
): Promise<Served> {
  const identity = readIdentity();
  const origins = publicOrigins();
  const scheme = identity === undefined ? 'http' : 'https';
  const originsOf = (port: number) =>
    ['localhost', '127.0.0.1', '[::1]'].map((host) => `${scheme}://${host}:${port}`);
  const hosts = process.env.HOST ? ([process.env.HOST] as const) : loopback;
  const listen = (port: number) =>
    listenOn(hosts, port, (given) => listenerFor(origins ?? originsOf(given)), identity);
  const listening = await listenSomewhere(who, wantedPorts(usualPorts), listen, say);
  return { ...listening, origin: originsOf(listening.port)[0] ?? '' };
}

/** What `ORIGIN` lists, joined by commas. */
export function publicOrigins(listed: string | undefined = process.env.ORIGIN): string[] | undefined {
  if (!listed) return undefined;
  const origins = listed.split(',').map((origin) => origin.trim());
  if (origins.every((origin) => URL.parse(origin)?.origin === origin)) return origins;
  throw new Stop(
    `ORIGIN is "${listed}": write https://desk.example.com, without a path or a slash behind it; several are joined by commas.`,
  );
}

function readIdentity(): Identity | undefined {
  const { TLS_CERT, TLS_KEY } = process.env;
  if (!TLS_CERT && !TLS_KEY) return undefined;
  try {
    return { cert: readFileSync(TLS_CERT ?? '', 'utf8'), key: readFileSync(TLS_KEY ?? '', 'utf8') };
  } catch {
    throw new Stop('TLS_CERT and TLS_KEY go together: name two PEM files that can be read.');
  }
}

/** `PORT`, or the usual ones in turn. */
function wantedPorts(usualPorts: readonly number[]): readonly number[] {
  const { PORT } = process.env;
  if (PORT === undefined || PORT === '') return usualPorts;
  const port = Number(PORT);
  if (!/^\d+$/.test(PORT) || port > 65_535)
    throw new Stop(`PORT is "${PORT}", which is not a port: write 0 to 65535.`);
  return [port];
}

async function listenSomewhere(
  who: string,
  [port = 0, ...others]: readonly number[],
  listen: (port: number) => Promise<Listening>,
  say: (sentence: string) => void,
): Promise<Listening> {
  try {
    return await listen(port);
  } catch (error) {
    if (!hasCode(error)) throw error;
    const { code } = error;
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
      throw new Stop(
        `HOST is "${process.env.HOST}", which is no address of this machine: 0.0.0.0 means all of them.`,
      );
    }
    if (code !== 'EADDRINUSE' || others.length === 0) {
      const why = code === 'EADDRINUSE' ? 'is taken by another program' : `cannot be used (${code})`;
      throw new Stop(`Port ${port} ${why}: set PORT to another one.`);
    }
    say(`Port ${port} is taken by another program, so ${who} tries another.`);
    return listenSomewhere(who, others, listen, say);
  }
}
