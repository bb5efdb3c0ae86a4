import { parseArgs } from 'node:util';
import { toNodeListener } from 'hallpass/node';
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

/** The proxies whose X-Forwarded-For is believed. @param listed their addresses, joined by commas @throws Stop for what is no address */
export function trustedProxies(listed = ''): string[] | undefined {
  const proxies = listed
    .split(',')
    .map((address) => address.trim())
    .filter(Boolean);
  if (proxies.length === 0) return undefined;
  try {
    toNodeListener(() => new Response(), { trustProxy: proxies });
  } catch {
    throw new Stop(
      `TRUST_PROXY is "${listed}": write the addresses of your proxies, as 10.0.0.7 or 10.0.0.0/8, joined by commas.`,
    );
  }
  return proxies;
}
