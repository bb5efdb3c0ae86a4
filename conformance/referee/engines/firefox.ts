import { startFirefox } from '../../../e2e/cookie-firefox.ts';
import type { Browser } from './engine.ts';

/** Every cookie in one jar, as its rules are those of the standard then: no partition for each site, no tracking protection. */
const preferences = {
  'network.cookie.cookieBehavior': 0,
  'network.cookie.maxNumber': 100_000,
  // A process for each site costs most of the time, as every sequence has sites of its own.
  'fission.autostart': false,
  'dom.ipc.processCount': 2,
  'dom.ipc.processPrelaunch.enabled': false,
  'privacy.bounceTrackingProtection.mode': 0,
  'privacy.trackingprotection.enabled': false,
  'security.mixed_content.upgrade_display_content': false,
  'dom.security.https_only_mode': false,
  'dom.block_external_protocol_navigation_from_sandbox': true,
  'network.http.speculative-parallel-limit': 0,
  'network.prefetch-next': false,
};

export async function launchFirefox(executablePath: string, proxyPort: number): Promise<Browser> {
  const { bidi, version, close } = await startFirefox(executablePath, {
    ...preferences,
    'network.proxy.type': 1,
    'network.proxy.http': '127.0.0.1',
    'network.proxy.http_port': proxyPort,
    'network.proxy.ssl': '127.0.0.1',
    'network.proxy.ssl_port': proxyPort,
    'network.proxy.allow_hijacking_localhost': true,
  });
  const contexts: string[] = [];
  const navigate = async (context: string, url: string) =>
    void (await bidi
      .send('browsingContext.navigate', { context, url, wait: 'none' })
      // The page may leave for elsewhere meanwhile.
      .catch(() => {}));
  return {
    version,
    async open(url) {
      const { context } = await bidi.send('browsingContext.create', { type: 'window' });
      contexts.push(context);
      await navigate(context, url);
    },
    send: (window, url) => navigate(contexts[window]!, url),
    close,
  };
}
