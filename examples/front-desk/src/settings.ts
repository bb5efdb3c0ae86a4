import { parseArgs } from 'node:util';
import { Stop } from '../../shared/program.ts';

/** What the command line says. */
export interface Settings {
  /** Where to keep things: see `openStores`. */
  store: string | undefined;
  /** How many processes share the port; 1 is this one. */
  workers: number;
  /** Whether the signed-in may trace an address of their own: the desk then asks the public internet for them. */
  traceAnyUrl: boolean;
}

const usage = 'npm start -- [--store redis://… | postgres://… | FILE] [--workers 4] [--trace-any-url]';
const mostWorkers = 64;

/** @throws Stop for what it does not know */
export function readSettings(args: readonly string[]): Settings {
  const given = parse(args);
  const workers = Number(given.workers ?? 1);
  if (!Number.isInteger(workers) || workers < 1 || workers > mostWorkers) {
    throw new Stop(`--workers takes a number from 1 to ${mostWorkers}, as in: ${usage}`);
  }
  return { store: given.store, workers, traceAnyUrl: given['trace-any-url'] ?? false };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        store: { type: 'string' },
        workers: { type: 'string' },
        'trace-any-url': { type: 'boolean' },
      },
    }).values;
  } catch {
    throw new Stop(`Write: ${usage}`);
  }
}
