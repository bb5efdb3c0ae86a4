// `node conformance/load/main.ts [memory] [sqlite] [redis] [ioredis] [redis-cluster] [postgres] [pgbouncer] [durable-object] [--seconds 60] [--processes 4] [--connections 50] [--patience 2] [--chaos]`, after a
// build: traffic of many visitors while a process and the store's server are killed, with --chaos also stopped, slow and cut off. Ends with 1 when something acknowledged is lost.
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
const outcomes: Outcome[] = [];
for (const backend of asked) {
  const onProgress = (line: string) => console.error(`${backend}, ${line}`);
  outcomes.push(
    await run({ backend, seconds, processes, connections, patience, chaos: values.chaos, onProgress }),
  );
}
console.log(`${processes} processes × ${connections} connections × ${seconds} s\n\n${table(outcomes)}`);
const idle = outcomes.filter(({ ledger }) => Math.min(ledger.writes, ledger.endings) === 0);
for (const { backend } of idle)
  console.log(
    `- ${backend}: nothing was written or ended, so nothing was seen: more --patience, or less at once`,
  );
for (const { backend, ledger } of outcomes) {
  for (const { fault, text } of ledger.faults.slice(0, 20)) console.log(`- ${backend}: ${fault}: ${text}`);
}
process.exitCode = idle.length > 0 || outcomes.some(({ ledger }) => ledger.faults.length > 0) ? 1 : 0;
