import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const connections = 32;

/** What wrk saw in one lap. */
export interface Lap {
  readonly requests: number;
  readonly perSecond: number;
}

/** Sends these Cookie headers one after the other to a route, over 32 connections, from the second processor. */
export class Wrk {
  readonly #folder = mkdtempSync(join(tmpdir(), 'hallpass-wrk-'));
  readonly #script = join(this.#folder, 'cookies.lua');

  /** @param headers that go along with every request */
  constructor(cookies: readonly string[], headers: Readonly<Record<string, string>> = {}) {
    const list = cookies.map((cookie) => JSON.stringify(cookie)).join(',\n');
    const more = Object.entries(headers).map(
      ([name, value]) => `[${JSON.stringify(name)}] = ${JSON.stringify(value)}`,
    );
    const requests = `wrk.format("GET", nil, { ${['Cookie = cookie', ...more].join(', ')} })`;
    writeFileSync(
      this.#script,
      `local cookies = {\n${list}\n}
local requests, at = {}, 0
function init()
  for index, cookie in ipairs(cookies) do requests[index] = ${requests} end
end
function request()
  at = at % #requests + 1
  return requests[at]
end
`,
    );
  }

  async lap(url: string, seconds: number): Promise<Lap> {
    const args = ['-c', '1', 'wrk', '-t1', `-c${connections}`, `-d${seconds}s`, '-s', this.#script, url];
    const { stdout } = await promisify(execFile)('taskset', args);
    if (/Non-2xx|Socket errors/.test(stdout)) throw new Error(`${url} was not answered:\n${stdout}`);
    const number = (pattern: RegExp) => Number(pattern.exec(stdout)?.[1]);
    return { requests: number(/(\d+) requests in/), perSecond: number(/Requests\/sec:\s+([\d.]+)/) };
  }

  /**
   * Laps that nobody counts, until the runtime has compiled what is hot: by requests, since a busy machine answers few a second. Whoever
   * does more for a request is compiled later: behind 8,000 requests, a read on Express was measured a fifth dearer than behind 70,000.
   */
  async warmUp(url: string): Promise<void> {
    for (let requests = 0, laps = 0; requests < 60_000 && laps < 12; laps += 1) {
      requests += (await this.lap(url, 1)).requests;
    }
  }

  close(): void {
    rmSync(this.#folder, { recursive: true });
  }
}
