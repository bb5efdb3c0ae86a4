import { undiciTransport } from 'hallpass/client/undici';
import { publicSuffixes } from 'hallpass/jar';
import { toNodeListener } from 'hallpass/node';
import { createPanel } from 'hallpass/panel';
import { createSessions, sessionCounters } from 'hallpass/session';
import { startLab } from 'hallpass/testing/lab';
import { createTokens, tokenCounters } from 'hallpass/tokens';
import { listenWhereWanted } from '../../shared/program.ts';
import { createAccounts } from './accounts/accounts.ts';
import { createApp } from './app.ts';
import type { Desk, SessionData } from './env.ts';
import { openKeys } from './keys.ts';
import { knownBrowsers } from './known-browser.ts';
import { openStores } from './open-stores.ts';
import { type Settings, trustedProxies } from './settings.ts';
import { createThrottle } from './throttle.ts';

const usualPorts = [3000, 3001, 3002, 3003, 3004, 0];
const sweepEvery = 3_600_000;
const production = process.env.NODE_ENV === 'production';

/** The desk in this process, until it is closed. @param first whether this process speaks, and sweeps, for all that share the port */
export async function serve(settings: Settings, folder: string, first = true) {
  const trustProxy = trustedProxies(process.env.TRUST_PROXY);
  const stores = await openStores(settings.store, folder);
  const store = stores.sessions;
  const [sessionCounts, tokenCounts] = [sessionCounters(), tokenCounters()];
  // The desk greets with the panel's address itself. A token of the environment outlives a restart.
  const token = process.env.PANEL_TOKEN;
  const panel = production
    ? undefined
    : createPanel({ suffixes: publicSuffixes, onAddress: false, ...(token && { token }) });
  const sessions = createSessions<SessionData>({
    store,
    onEvent(event) {
      sessionCounts.onEvent(event);
      panel?.onSessionEvent(event);
    },
  });
  const throttle = createThrottle({ store });
  const accounts = createAccounts(stores.accounts);
  const keys = openKeys(folder);
  const lab = await startLab();

  const deskAt = (origins: string[]): Desk => ({
    sessions,
    // An audience and an issuer that stay the same on every port.
    tokens: createTokens({
      keys,
      store,
      issuer: 'front-desk',
      audience: 'front-desk',
      onEvent(event) {
        tokenCounts.onEvent(event);
        panel?.onTokenEvent(event);
      },
    }),
    throttle,
    browsers: knownBrowsers(keys),
    accounts,
    keys,
    lab,
    origins,
    panel,
    demo: !production,
    // The guard judges each name at each hop, after it was resolved: no address inside is reached.
    ownTransport: settings.traceAnyUrl ? undiciTransport({ guard: true }) : undefined,
    metrics: () => `${sessionCounts}${tokenCounts}`,
    metricsToken: process.env.METRICS_TOKEN,
    clock: Date,
  });
  const say = first ? console.log : () => {};
  const server = await listenWhereWanted(
    'the desk',
    usualPorts,
    (origins) => toNodeListener(createApp(deskAt(origins)).fetch, trustProxy ? { trustProxy } : {}),
    say,
  );
  const sweeping = first && setInterval(() => sessions.sweep().catch(console.error), sweepEvery);

  return {
    origin: server.origin,
    panelAddress: panel?.address(server.origin),
    async close() {
      if (sweeping) clearInterval(sweeping);
      await server.close();
      await lab.close();
      await stores.close();
    },
  };
}
