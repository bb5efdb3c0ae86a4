import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { Failure, type Io } from '../command.ts';
import { DevTools } from './devtools.ts';

const names = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
  'microsoft-edge',
  'msedge',
  'brave-browser',
];

const elsewhere = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/** The browser to drive: the one that is named, or the first that is found. @throws Failure when there is none */
export function findChromium(named: string | undefined, { env }: Pick<Io, 'env'>): string {
  if (named !== undefined) {
    if (existsSync(named)) return named;
    throw new Failure('--browser names no file.');
  }
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const found = [...folders.flatMap((folder) => names.map((name) => join(folder, name))), ...elsewhere].find(
    existsSync,
  );
  if (found !== undefined) return found;
  throw new Failure('No Chromium, Chrome or Edge was found: name one by --browser FILE.');
}

/** Chromium without a window, with a profile of its own that is thrown away. */
interface Chromium {
  readonly devTools: DevTools;
  close(): Promise<void>;
}

/** @param proxy where everything goes through, this machine too */
export async function startChromium(
  file: string,
  { proxy, insecure }: { proxy: string; insecure: boolean },
): Promise<Chromium> {
  const profile = mkdtempSync(join(tmpdir(), 'hallpass-doctor-'));
  const flags = [
    '--headless=new',
    '--remote-debugging-pipe',
    `--user-data-dir=${profile}`,
    `--proxy-server=${proxy}`,
    '--proxy-bypass-list=<-loopback>',
    '--no-first-run',
    '--no-default-browser-check',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-default-apps',
    '--disable-extensions',
    '--disable-domain-reliability',
    '--disable-client-side-phishing-detection',
    '--disable-features=OptimizationHints,MediaRouter,Translate',
    '--disable-sync',
    '--disable-quic',
    '--disable-gpu',
    '--mute-audio',
    // Without these UDP finds its own way.
    '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
    ...(insecure ? ['--ignore-certificate-errors'] : []),
    // Chromium has no sandbox for root, as in most containers.
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  ];
  const child = spawn(file, flags, { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
  const started = new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', () => reject(new Failure('The browser did not start.')));
  });
  try {
    await started;
  } catch (error) {
    rmSync(profile, { recursive: true, force: true });
    throw error;
  }
  const devTools = new DevTools(child.stdio[3] as Writable, child.stdio[4] as Readable);
  return {
    devTools,
    async close() {
      const ended = exitOf(child);
      const killing = setTimeout(() => child.kill('SIGKILL'), 3_000);
      devTools.send('Browser.close').catch(() => {});
      await ended;
      clearTimeout(killing);
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function exitOf(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once('exit', () => resolve());
  });
}
