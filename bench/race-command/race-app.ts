import type { RaceReport } from '../../src/cli/race/campaign.ts';
import { run } from '../../src/cli/run.ts';
import type { App } from './app.ts';

/** Runs `hallpass race` against an application, and gives its report and exit code. */
export async function raceApp(app: App, ...options: string[]): Promise<{ code: number; report: RaceReport }> {
  await using running = await app.start();
  const printed = { stdout: '', stderr: '' };
  const code = await run(['race', running.url, '--file', '-', '--json', ...options], {
    stdout: { write: (text) => (printed.stdout += text) },
    stderr: { write: (text) => (printed.stderr += text) },
    stdin: piped(JSON.stringify(app.plan)),
    env: {},
  });
  if (printed.stderr !== '') throw new Error(`${app.name}: ${printed.stderr}`);
  return { code, report: JSON.parse(printed.stdout) };
}

async function* piped(text: string): AsyncGenerator<string> {
  yield text;
}
