// `npm run races`, after a build: `hallpass race` against small applications on hallpass over each store and on the session libraries
// of others, and the table of docs/races.md. Ends with 1 when something is found in hallpass.
import { readFile, writeFile } from 'node:fs/promises';
import { memoryStore } from 'hallpass/stores/memory';
import { type BackendName, backends } from '../conformance/load/backends.ts';
import type { RaceReport } from '../src/cli/race/campaign.ts';
import type { App } from './race-command/app.ts';
import { hallpassOver } from './race-command/hallpass.ts';
import { peers } from './race-command/peers.ts';
import { raceApp } from './race-command/race-app.ts';

const rounds = '3';
const page = new URL('../docs/races.md', import.meta.url);

/** Races hallpass over a store that runs for it. */
async function raceOver(name: BackendName): Promise<RaceReport> {
  await using started = await backends[name].start();
  return await race(hallpassOver(name, () => backends[name].connect(started.url(started.ports))));
}

/** A machine that stands still for longer than a request may take is no finding: then once more. */
async function race(app: App, tries = 3): Promise<RaceReport> {
  let report: RaceReport;
  try {
    ({ report } = await raceApp(app, '--rounds', rounds));
  } catch (error) {
    if (tries === 1 || !String(error).includes('no answer in')) throw error;
    return race(app, tries - 1);
  }
  console.log(`${app.name}: ${report.requests} requests, findings: ${report.findings.length}`);
  return report;
}

const ours = [await race(hallpassOver('memory', async () => memoryStore()))];
for (const name of (Object.keys(backends) as BackendName[]).filter((name) => name !== 'memory'))
  ours.push(await raceOver(name));
const columns = [{ name: 'hallpass', reports: ours }];
for (const app of peers) columns.push({ name: app.name, reports: [await race(app)] });

const pairOf = ({ deeds, signedIn }: RaceReport['pairs'][number] | RaceReport['findings'][number]) =>
  deeds.join(', ') + (signedIn && deeds.includes('signIn') ? ' again' : '');
const key = (finding: RaceReport['findings'][number]) => `${pairOf(finding)} | ${finding.code}`;
const rows = new Set(columns.flatMap(({ reports }) => reports.flatMap(({ findings }) => findings.map(key))));

/** In how many orders it went wrong, of how many. */
function cell(reports: readonly RaceReport[], row: string): string {
  const [asked] = row.split(' | ');
  const pairs = reports.flatMap((report) => report.pairs.filter((pair) => pairOf(pair) === asked));
  if (pairs.length === 0) return '–';
  const found = reports.flatMap(({ findings }) => findings.filter((finding) => key(finding) === row));
  if (found.some(({ orders }) => orders.of === 1)) return 'always';
  const wrong = found.reduce((sum, { orders }) => sum + orders.wrong, 0);
  return `${wrong} of ${pairs.reduce((sum, { orders }) => sum + orders, 0)}`;
}

const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;
const table = [
  line(['requests', 'finding', ...columns.map(({ name }) => name)]),
  line(['---', '---', ...columns.map(() => '---')]),
  ...[...rows].sort().map((row) => line([row, ...columns.map(({ reports }) => cell(reports, row))])),
].join('');
const marked = /(<!-- peers -->\n).*(<!-- \/peers -->)/s;
await writeFile(
  page,
  (await readFile(page, 'utf8')).replace(marked, (_, start, end) => `${start}\n${table}\n${end}`),
);
process.exitCode = ours.some(({ findings }) => findings.length > 0) ? 1 : 0;
