// `node conformance/load/main.ts [memory] [sqlite] [redis] [ioredis] [redis-cluster] [postgres] [pgbouncer] [durable-object] [--seconds 60] [--processes 4] [--connections 50] [--patience 2] [--chaos]`, after a
// build: traffic of many visitors while a process and the store's server are killed, with --chaos also stopped, slow and cut off. Prints the table of docs/performance.md. Ends with 1 when something acknowledged
// is lost, a store could not be run, or nothing was seen of it.
import { availableParallelism, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { type BackendName, backends } from './backends.ts';
import { table } from './report.ts';
import { type Outcome, run } from './run.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '60' },
    processes: { type: 'string', default: '4' },
    connections: { type: 'string', default: '50' },
    patience: { type: 'string', default: '2' },
    chaos: { type: 'boolean', default: false },
  },
});
const known = Object.keys(backends) as BackendName[];
const asked = positionals.length === 0 ? known : known.filter((name) => positionals.includes(name));
const [seconds, processes, connections, patience] = [
  values.seconds,
  values.processes,
  values.connections,
  values.patience,
].map(Number);
if (asked.length < positionals.length || !seconds || !processes || !connections || !patience) {
  console.error(
    `Name stores of ${known.join(', ')}; --seconds, --processes, --connections and --patience are numbers.`,
  );
  process.exit(2);
}
// What a signal ends takes the servers along, which end when this process exits.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(2));

const outcomes: Outcome[] = [];
const failures: string[] = [];
for (const backend of asked) {
  const onProgress = (line: string) => console.error(`${backend}, ${line}`);
  const load = { backend, seconds, processes, connections, patience, chaos: values.chaos, onProgress };
  try {
    outcomes.push(await run(load));
  } catch (error) {
    failures.push(`- ${backend}: could not be run: ${error instanceof Error ? error.message : error}`);
    console.error(error);
  }
}
const day = new Date().toISOString().slice(0, 10);
const busy = `load ${loadavg()[0]?.toFixed(0)} on ${availableParallelism()} processors`;
console.log(`${day}, ${busy}: ${processes} processes × ${connections} connections × ${seconds} s\n`);
console.log(table(outcomes));
for (const failure of failures) console.log(failure);
for (const { backend, refusals } of outcomes) {
  const counted = [...refusals].map(([refusal, count]) => `${refusal}: ${count}`);
  console.log(`- ${backend}: refused ${counted.length === 0 ? 'nothing' : counted.join(', ')}`);
}
const idle = outcomes.filter(({ ledger }) => Math.min(ledger.writes, ledger.endings) === 0);
for (const { backend } of idle)
  console.log(
    `- ${backend}: nothing was written or ended, so nothing was seen: more --patience, or less at once`,
  );
for (const { backend, ledger } of outcomes) {
  for (const { fault, text } of ledger.faults.slice(0, 20)) console.log(`- ${backend}: ${fault}: ${text}`);
}
const isGood =
  failures.length + idle.length === 0 && outcomes.every(({ ledger }) => ledger.faults.length === 0);
console.log(isGood ? '\nNothing acknowledged was lost, and nothing that had ended came back.' : '\nFAILED');
// A socket that a driver leaves open keeps nobody waiting.
process.exit(isGood ? 0 : 1);
