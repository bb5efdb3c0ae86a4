// `npm run referee [ENGINE]` leads the browsers of this machine through every sequence, writes what was seen to logs/, and ends
// with 1 where that is neither what the profile of the engine says nor explained, or where a rule of the profile, or an
// explanation, no longer occurs. CI replays the logs, and leads each engine through a few sequences (live.test.ts).
// `npm run referee ENGINE -- --missing` asks only what is not in its log yet.
// `npm run referee ENGINE TEXT` shows what it does with the sequences whose titles hold the text, and writes nothing.
import { type EngineName, engineNames } from './engines/engine.ts';
import { complaints, judge } from './judge.ts';
import { readLog, type WireLog, writeLog } from './log.ts';
import { runEngine } from './run.ts';
import { idOf } from './sequence.ts';
import { sequences } from './sequences.ts';

const print = console.log;

/** Says what of an engine's log nothing explains, and what of its profile and the explanations no longer occurs. */
function report(engine: EngineName): void {
  const all = complaints(engine);
  for (const one of all) console.log(`✗ ${one}`);
  console.log(`${engine}: ${all.length} unexplained in ${judge(engine).judgements.length} sequences`);
  if (all.length > 0) process.exitCode = 1;
}

/** Asks once more where nothing explains what was seen: what comes only once is of the run, of a machine under load, and is told. */
async function askAgain(engine: EngineName, log: WireLog): Promise<void> {
  const doubtful = judge(engine, log).judgements.filter(({ unexplained }) => unexplained.length > 0);
  if (doubtful.length === 0) return;
  for (const { sequence, unexplained } of doubtful)
    print(`asked again: ${sequence.group}: ${sequence.title}: ${unexplained.join(', ')}`);
  const { observations } = await runEngine(
    engine,
    doubtful.map(({ sequence }) => sequence),
    { print },
  );
  writeLog(engine, { ...log, observations: new Map([...log.observations, ...observations]) });
}

const [asked, text] = process.argv.slice(2);
for (const engine of engineNames) {
  if (asked !== undefined && asked !== engine) continue;
  const all = [...sequences.values()];
  if (text === undefined) {
    const log = await runEngine(engine, all, { print, save: (one) => writeLog(engine, one) });
    await askAgain(engine, log);
    report(engine);
  } else if (text === '--missing') {
    const { version, at, observations } = readLog(engine);
    const known = [...observations].filter(([id]) => sequences.has(id));
    const missing = all.filter((sequence) => !observations.has(idOf(sequence)));
    const save = (added: WireLog) => {
      if (added.version !== version)
        throw new Error(`The log is of ${version}: run npm run referee ${engine}.`);
      writeLog(engine, { version, at, observations: new Map([...known, ...added.observations]) });
    };
    await runEngine(engine, missing, { print, save });
  } else {
    const some = all.filter(({ group, title }) => `${group}: ${title}`.includes(text));
    for (const [id, seen] of (await runEngine(engine, some, { print })).observations) console.log(id, seen);
  }
}
