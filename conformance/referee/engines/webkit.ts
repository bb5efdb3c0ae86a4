import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync } from 'node:fs';
import { createServer } from 'node:net';
import { requirePart } from '../../../tools/test/parts.ts';
import type { Browser } from './engine.ts';

// biome-ignore lint/suspicious/noExplicitAny: messages of a protocol
type Message = Record<string, any>;

/** WebKitGTK's MiniBrowser on a display of its own, driven by WebDriver. */
export async function launchWebKit(executablePath: string, proxyPort: number): Promise<Browser> {
  const binary = globSync('/usr/lib/*/webkit2gtk-4.*/MiniBrowser')[0];
  if (binary === undefined) throw new Error('WebKitGTK is here without its MiniBrowser.');
  const [display, screen] = await startDisplay();
  const port = await freePort();
  const driver = spawn(executablePath, [`--port=${port}`, '--host=127.0.0.1'], {
    stdio: 'ignore',
    env: { ...process.env, DISPLAY: display, WEBKIT_DISABLE_COMPOSITING_MODE: '1' },
  });
  const close = async () => {
    await end(driver);
    await end(screen);
  };
  const send = async (method: string, path: string, body?: Message): Promise<Message> => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      ...(method === 'POST' && { body: JSON.stringify(body ?? {}) }),
    });
    const { value } = (await response.json()) as Message;
    if (!response.ok) throw new Error(`WebKitWebDriver: ${path}: ${value?.error} ${value?.message}`);
    return value;
  };
  try {
    await answering(port);
    const { sessionId, capabilities } = await send('POST', '/session', {
      capabilities: {
        alwaysMatch: {
          acceptInsecureCerts: true,
          pageLoadStrategy: 'none',
          'webkitgtk:browserOptions': {
            binary,
            args: [
              '--automation',
              '--features=!ProcessSwapOnCrossSiteNavigation,!UsesBackForwardCache,!PageVisibilityBasedProcessSuppression',
              `--proxy=http://127.0.0.1:${proxyPort}`,
            ],
          },
        },
      },
    });
    const session = `/session/${sessionId}`;
    const handles: string[] = [];
    const navigate = async (handle: string, url: string) => {
      await send('POST', `${session}/window`, { handle });
      await send('POST', `${session}/url`, { url });
    };
    return {
      version: `WebKitGTK ${capabilities.browserVersion}`,
      async open(url) {
        const handle =
          handles.length === 0
            ? await send('GET', `${session}/window`)
            : (await send('POST', `${session}/window/new`, { type: 'window' })).handle;
        handles.push(handle as string);
        await navigate(handle as string, url);
      },
      send: (window, url) => navigate(handles[window]!, url),
      async close() {
        await send('DELETE', session).catch(() => {});
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A display without a screen; it chooses its number itself. */
async function startDisplay(): Promise<[string, ChildProcess]> {
  const screen = spawn(requirePart('xvfb'), ['-displayfd', '3', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const [number] = await once(screen.stdio[3]!, 'data');
  return [`:${String(number).trim()}`, screen];
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill();
  await once(child, 'exit');
}

async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as { port: number };
  await new Promise((closed) => server.close(closed));
  return port;
}

async function answering(port: number): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const answered = await fetch(`http://127.0.0.1:${port}/status`).then(
      () => true,
      () => false,
    );
    if (answered) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('WebKitWebDriver does not answer.');
}
