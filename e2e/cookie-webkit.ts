import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { freePort } from '../tools/test/free-port.ts';
import { requirePart } from '../tools/test/parts.ts';
import type { CookieBrowser, CookieVisit } from './cookie-browser.ts';
import { until } from './until.ts';

/** Prepares WebKitGTK, which is driven by WebDriver, https://www.w3.org/TR/webdriver2/; it needs a display, so it gets one in memory. */
export async function launchWebkit(driver: string): Promise<CookieBrowser> {
  const display = spawn(requirePart('xvfb'), ['-displayfd', '3', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const [number] = await once(display.stdio[3] as NodeJS.ReadableStream, 'data');
  return {
    visit: () => visit(driver, `:${String(number).trim()}`),
    close: () => end(display),
  };
}

/** A driver serves one session, and a session is a browser of its own, with nothing kept from before. */
async function visit(driver: string, DISPLAY: string): Promise<CookieVisit> {
  const port = await freePort();
  const env = { ...process.env, DISPLAY, WEBKIT_DISABLE_COMPOSITING_MODE: '1' };
  const child = spawn(driver, [`--port=${port}`, '--host=127.0.0.1'], { env, stdio: 'ignore' });

  // biome-ignore lint/suspicious/noExplicitAny: messages of a protocol, checked by the tests that need them
  async function send(method: string, path: string, body?: object): Promise<any> {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    const { value } = await (await fetch(`http://127.0.0.1:${port}${path}`, init)).json();
    if (value?.error !== undefined) throw new Error(`${value.error}: ${value.message}`);
    return value;
  }
  // It listens when it answers; the test's own time limit is the only clock.
  await until(async () => (await send('GET', '/status').catch(() => undefined)) !== undefined);
  const capabilities = { alwaysMatch: { acceptInsecureCerts: true } };
  const { sessionId } = await send('POST', '/session', { capabilities });
  const session = `/session/${sessionId}`;

  const evaluate = (expression: string) =>
    send('POST', `${session}/execute/sync`, { script: `return (${expression})`, args: [] });
  return {
    evaluate,
    goto: (url) => send('POST', `${session}/url`, { url }),
    async click(selector, url) {
      await evaluate(`document.querySelector(${JSON.stringify(selector)}).click()`);
      await until(async () => (await evaluate('location.href')) === url);
    },
    stored: async () => (await send('GET', `${session}/cookie`)).length,
    cookie: async (name) =>
      (await send('GET', `${session}/cookie`)).find((cookie: { name: string }) => cookie.name === name)
        ?.value,
    async close() {
      await send('DELETE', session);
      await end(child);
    },
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill();
  await exited;
}
