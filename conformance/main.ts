// `npm run conformance [-- runtime …]`: every suite on every runtime, as a table.
import { exceptions } from './exceptions.ts';
import { type Result, suites } from './index.ts';
import { conform, type Report } from './report.ts';
import { bundleSuites } from './runners/bundle.ts';
import { runtimes } from './runners/index.ts';
import { requirePart } from './runners/runtime.ts';

const asked = process.argv.slice(2).map((word) => word.toLowerCase());
const chosen = runtimes.filter(
  ({ name }) => asked.length === 0 || asked.some((word) => name.toLowerCase().startsWith(word)),
);
if (chosen.length === 0) {
  console.error(`Name a runtime: ${runtimes.map(({ name }) => name).join(', ')}.`);
  process.exit(2);
}
for (const { part } of chosen) if (part !== undefined) requirePart(part);

const width = Math.max(...runtimes.map(({ name }) => name.length));
const reports: Report[] = [];
{
  await using bundle = await bundleSuites();
  console.log(`${''.padEnd(width)}  ${suites.map(({ name }) => name).join('  ')}`);
  for (const runtime of chosen) {
    const report = await conform(runtime, bundle);
    console.log(row(report));
    reports.push(report);
  }
}
for (const report of reports) console.log(details(report));
console.log(
  '\nA number counts the checks that hold, ✗ those that do not, – those that an exception explains.',
);
process.exitCode = reports.some(({ failed }) => failed.length > 0) ? 1 : 0;

function row({ runtime, passed, failed, excused }: Report): string {
  const cells = suites.map(({ name }) => {
    const count = (list: readonly Result[]) => list.filter(({ suite }) => suite === name).length;
    const some = (mark: string, number: number) => (number > 0 ? [`${mark}${number}`] : []);
    const marks = [...some('', count(passed)), ...some('✗', count(failed)), ...some('–', count(excused))];
    return marks.join(' ').padStart(name.length);
  });
  return `${runtime.padEnd(width)}  ${cells.join('  ')}`;
}

function details({ runtime, passed, failed, excused }: Report): string {
  const explained = new Set(
    excused.map(({ suite, check, why }) => {
      const whole = exceptions.some(
        (one) => one.suite === suite && one.why === why && one.check === undefined,
      );
      return `  – ${suite}${whole ? '' : `: ${check}`}: ${why}`;
    }),
  );
  return [
    '',
    `${runtime}: ${passed.length} passed, ${failed.length} failed`,
    ...failed.map(
      ({ suite, check, error }) => `  ✗ ${suite}: ${check}\n${error.replaceAll(/^/gm, '      ')}`,
    ),
    ...explained,
  ].join('\n');
}
