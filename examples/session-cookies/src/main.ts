import { join } from 'node:path';
import type { LintFinding } from 'hallpass';
import { toNodeListener } from 'hallpass/node';
import { generateKey, type KeyRing, keyRing } from 'hallpass/seal';
import { sqliteRevocations } from 'hallpass/stores/sqlite';
import { closeOnSignal, dataFolder, listenWhereWanted, openStore, run, Stop } from '../../shared/program.ts';
import { createApp } from './app.ts';
import { createSite } from './site.ts';

const usualPorts = [3020, 3021, 3022, 0];
const production = process.env.NODE_ENV === 'production';

await run(async () => {
  const keys = readKeys();
  const file = join(dataFolder(import.meta.url), 'session-cookies.sqlite');
  const store = openStore(file);
  const revocations = sqliteRevocations(file);
  const cookieDomain = process.env.COOKIE_DOMAIN;
  const server = await listenWhereWanted('the example', usualPorts, (origins) => {
    const onWarning = warnOnce();
    const site = createSite({ keys, revocations, store, origins, production, cookieDomain, onWarning });
    return toNodeListener(createApp(site).fetch);
  });
  closeOnSignal(async () => {
    await server.close();
    await revocations[Symbol.asyncDispose]();
    await store[Symbol.asyncDispose]?.();
  });
  console.log(`Session cookies are served: ${server.origin}\n`);
  console.log(
    'Session cookies are Secure. Chrome, Edge and Firefox keep them on http://localhost; Safari wants https.',
  );
  console.log(`Sessions are kept in ${file}. Ctrl-C ends it.`);
});

/** The keys of HALLPASS_KEYS. Without them a new one, which no restart survives; in production there is no such help. */
function readKeys(): KeyRing {
  const { HALLPASS_KEYS } = process.env;
  if (HALLPASS_KEYS === undefined && !production) {
    console.log('HALLPASS_KEYS is not set, so a new key is made: sealed sessions end with this process.\n');
    return keyRing(generateKey());
  }
  try {
    return keyRing(HALLPASS_KEYS ?? '');
  } catch (error) {
    throw new Stop(`HALLPASS_KEYS: ${(error as TypeError).message}`);
  }
}

/** Prints each warning once, however many sections give it. */
function warnOnce(): (warning: LintFinding) => void {
  const printed = new Set<string>();
  return ({ sentence, fix = '' }) => {
    if (printed.has(sentence)) return;
    printed.add(sentence);
    console.warn(`Note: ${sentence} ${fix}`);
  };
}
