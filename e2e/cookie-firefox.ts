import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { CookieBrowser } from './cookie-browser.ts';

/** Plain http stays plain; nothing is asked of the net. */
const preferences = {
  'dom.security.https_first': false,
  'browser.shell.checkDefaultBrowser': false,
  'app.update.enabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'services.settings.server': 'data:,',
};

export async function launchFirefox(executablePath: string): Promise<CookieBrowser> {
  const { bidi, close } = await startFirefox(executablePath, {
    'network.dns.localDomains': 'shop.test,www.shop.test,evil.test',
  });
  await bidi.send('session.subscribe', { events: ['browsingContext.load'] });
  return { visit: () => visit(bidi), close };
}

/** Starts Firefox with a profile of its own, and drives it by WebDriver BiDi, as stock Firefox speaks it. */
export async function startFirefox(
  executablePath: string,
  more: Readonly<Record<string, string | number | boolean>>,
): Promise<{ bidi: Bidi; version: string; close(): Promise<void> }> {
  const profile = mkdtempSync(join(tmpdir(), 'hallpass-firefox-'));
  const lines = Object.entries({ ...preferences, ...more }).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`,
  );
  writeFileSync(join(profile, 'user.js'), lines.join('\n'));
  const firefox = spawn(
    executablePath,
    ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port=0'],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const exited = once(firefox, 'exit');
  const close = async () => {
    firefox.kill('SIGKILL'); // Its profile goes with it, and one that hangs hears nothing else.
    await exited;
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const bidi = await connect(await addressOf(firefox.stderr));
    const { capabilities } = await bidi.send('session.new', {
      capabilities: { alwaysMatch: { acceptInsecureCerts: true } },
    });
    return { bidi, version: `Firefox ${capabilities.browserVersion}`, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function visit(bidi: Bidi): ReturnType<CookieBrowser['visit']> {
  const { userContext } = await bidi.send('browser.createUserContext', {});
  const { context } = await bidi.send('browsingContext.create', { type: 'tab', userContext });
  const evaluate = async (expression: string) => {
    const { result, exceptionDetails } = await bidi.send('script.evaluate', {
      expression,
      target: { context },
      awaitPromise: true,
    });
    if (exceptionDetails !== undefined) throw new Error(`${expression}: ${exceptionDetails.text}`);
    return result.value;
  };
  const cookies = async (): Promise<{ name: string; value: { value: string } }[]> =>
    (await bidi.send('storage.getCookies', { partition: { type: 'context', context } })).cookies;
  return {
    evaluate,
    goto: async (url) =>
      void (await bidi.send('browsingContext.navigate', { context, url, wait: 'complete' })),
    async click(selector, url) {
      const loaded = bidi.event(
        'browsingContext.load',
        (load) => load.context === context && load.url === url,
      );
      await evaluate(`document.querySelector(${JSON.stringify(selector)}).click()`);
      await loaded;
    },
    stored: async () => (await cookies()).length,
    cookie: async (name) => (await cookies()).find((cookie) => cookie.name === name)?.value.value,
    close: async () => void (await bidi.send('browser.removeUserContext', { userContext })),
  };
}

/** The WebSocket's URL, which Firefox writes to its standard error. */
async function addressOf(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface(output)) {
    const address = /WebDriver BiDi listening on (ws:\S+)/.exec(line)?.[1];
    if (address !== undefined) return `${address}/session`;
  }
  throw new Error('Firefox ended before it listened.');
}

// biome-ignore lint/suspicious/noExplicitAny: messages of a protocol, checked by the tests that need them
type Message = Record<string, any>;

/** WebDriver BiDi, https://w3c.github.io/webdriver-bidi/: commands with their answers, and events. */
export interface Bidi {
  send(method: string, params: Message): Promise<Message>;
  /** The next event of this kind that passes. */
  event(method: string, passes: (params: Message) => boolean): Promise<void>;
}

async function connect(url: string): Promise<Bidi> {
  const socket = new WebSocket(url);
  const answers = new Map<number, PromiseWithResolvers<Message>>();
  const awaited = new Set<(method: string, params: Message) => void>();
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(String(data)) as Message;
    if (message.type === 'event') for (const listener of awaited) listener(message.method, message.params);
    const answer = answers.get(message.id);
    answers.delete(message.id);
    if (message.type === 'success') answer?.resolve(message.result);
    else if (message.type === 'error') answer?.reject(new Error(`${message.error}: ${message.message}`));
  };
  await once(socket, 'open');
  let sent = 0;
  return {
    send(method, params) {
      const id = ++sent;
      const answer = Promise.withResolvers<Message>();
      answers.set(id, answer);
      socket.send(JSON.stringify({ id, method, params }));
      return answer.promise;
    },
    event: (method, passes) =>
      new Promise((resolve) => {
        const listener = (name: string, params: Message) => {
          if (name !== method || !passes(params)) return;
          awaited.delete(listener);
          resolve();
        };
        awaited.add(listener);
      }),
  };
}
