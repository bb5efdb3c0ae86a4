import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CDPSession, chromium } from 'playwright-core';
import type { Browser, CookieReasons } from './engine.ts';

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Frames of other sites are in the same target, so that one session hears of every request.
  '--disable-site-isolation-trials',
  '--disable-features=IsolateOrigins,site-per-process,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,LocalNetworkAccessChecks,BlockInsecurePrivateNetworkRequests',
  '--ignore-certificate-errors',
  '--proxy-bypass-list=<-loopback>',
];

/** Chromium with third-party cookies, as it was before they could be switched off. */
export async function launchChromium(executablePath: string, proxyPort: number): Promise<Browser> {
  const profile = mkdtempSync(join(tmpdir(), 'hallpass-chromium-'));
  mkdirSync(join(profile, 'Default'));
  writeFileSync(join(profile, 'Default/Preferences'), '{"profile":{"cookie_controls_mode":0}}');
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    args: [...flags, `--proxy-server=http://127.0.0.1:${proxyPort}`],
    ignoreHTTPSErrors: true,
  });
  const sessions: CDPSession[] = [];
  const reasons = new Map<string, CookieReasons>();
  return {
    version: `Chromium ${context.browser()?.version() ?? ''}`.trim(),
    reasons,
    async open(url) {
      const session = await context.newCDPSession(await context.newPage());
      sessions.push(session);
      await listen(session, reasons);
      await navigate(session, url);
    },
    send: (window, url) => navigate(sessions[window]!, url),
    async close() {
      await context.close();
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** The page may leave for elsewhere meanwhile. */
const navigate = async (session: CDPSession, url: string) =>
  void (await session.send('Page.navigate', { url }).catch(() => {}));

interface CdpCookie {
  readonly name: string;
  readonly domain: string;
  readonly path: string;
  readonly partitionKey?: { readonly topLevelSite: string; readonly hasCrossSiteAncestor: boolean };
}

/** What the network service says of cookies: one event for a request, one for its answer, in the order of the hops. */
async function listen(session: CDPSession, reasons: Map<string, CookieReasons>): Promise<void> {
  const sentBy = new Map<string, CookieReasons['sent'][]>();
  session.on('Network.requestWillBeSentExtraInfo', ({ requestId, associatedCookies }) => {
    const sent: Record<string, readonly string[]> = {};
    for (const { cookie, blockedReasons } of associatedCookies) {
      if (blockedReasons.length > 0) sent[keyOf(cookie)] = blockedReasons;
    }
    const hops = sentBy.get(requestId) ?? [];
    sentBy.set(requestId, [...hops, sent]);
  });
  session.on('Network.responseReceivedExtraInfo', ({ requestId, headers, blockedCookies }) => {
    const sent = sentBy.get(requestId)?.shift() ?? {};
    const step = headers['x-step'] ?? headers['X-Step'];
    if (step === undefined) return;
    const set = blockedCookies.map(({ cookieLine, blockedReasons }) => [cookieLine, blockedReasons] as const);
    reasons.set(step, { sent, set });
  });
  await session.send('Network.enable');
}

function keyOf({ name, domain, path, partitionKey }: CdpCookie): string {
  const partition =
    partitionKey && `${partitionKey.topLevelSite}${partitionKey.hasCrossSiteAncestor ? '#' : ''}`;
  return `${name};${domain};${path}${partition === undefined ? '' : `;${partition}`}`;
}
