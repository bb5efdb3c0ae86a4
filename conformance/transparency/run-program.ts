import { beyond } from './beyond.ts';
import { Http1Client } from './client/http1.ts';
import { Http2Client } from './client/http2.ts';
import type { Run } from './hosts/host.ts';
import { hostOf } from './hosts/hosts.ts';
import { Lab } from './lab.ts';
import { nameOf } from './perform.ts';
import type { Program } from './program.ts';
import { type Pace, Visit } from './sessions.ts';
import type { Transcript } from './transcript.ts';
import { startUpstream } from './upstream.ts';

const upstream = startUpstream();

/** When an answer that is still due is not waited for any more. */
const patience = { turns: 40, milliseconds: 40, handlers: true };

interface HowToRun {
  /** False: without hallpass. */
  readonly hallpass: boolean;
  /** How slow the program without hallpass is. Default: not at all. */
  readonly pace?: Pace | undefined;
  /** Where the run is noted as it goes. */
  readonly transcript: Transcript;
}

/** Runs one program once. */
export async function runProgram(
  program: Program,
  { hallpass, pace, transcript }: HowToRun,
): Promise<Transcript> {
  const lab = new Lab(transcript, await upstream);
  const before = resources();
  const visit = await Visit.prepare(program, lab, pace);
  const run: Run = { program, lab, visit, hallpass, held: pace?.held ?? 0, client: undefined };
  const host = await hostOf(program.framework);
  if (host.invoke) {
    host.invoke(run).then(
      (answer) => transcript.answers.push(answer),
      (error) => transcript.crashes.push(`the function failed: ${nameOf(error)}`),
    );
    const { answers, crashes } = transcript;
    await lab.until(() => answers.length + crashes.length > 0 && lab.hasActed, patience);
    await lab.calm();
  } else if (host.listen) {
    await runOnPort(run, await host.listen(run));
  }
  await lab.until(() => lab.left().length === 0, patience); // An adapter may wait a moment before it looks.
  transcript.streams = lab.left();
  transcript.resources = resources().filter(beyond(before));
  transcript.broken = await visit.check(transcript.answers[0]);
  return transcript;
}

async function runOnPort(
  run: Run,
  server: Awaited<ReturnType<NonNullable<Awaited<ReturnType<typeof hostOf>>['listen']>>>,
) {
  const { program, lab, visit } = run;
  const { transcript } = lab;
  const Client = program.framework === 'http2' ? Http2Client : Http1Client;
  const client = new Client(program, server.port, visit.cookie, lab);
  run.client = client;
  client.begin();
  await lab.until(() => lab.hasActed && (program.client === 'slow' || client.isDone), patience);
  if (program.client === 'slow') {
    await lab.calm();
    client.read();
    await lab.until(() => client.isDone, patience);
  }
  await lab.calm();
  transcript.answers = client.answers;
  transcript.connection = client.connection;
  // The server learns by what it sends that a client has left.
  if (client.connection === 'left') await lab.until(() => server.connections() === 0, patience);
  transcript.listeners = await server.left();
  lab.over = true;
  client.close();
  await server.close();
  await lab.calm();
}

/** What keeps the process busy, but for files that are just being read, and what fetch keeps for its next call. */
function resources(): string[] {
  return process
    .getActiveResourcesInfo()
    .filter((name) => !/^FSReq|^FileHandle|^CloseReq|^TCPSocketWrap$|^Immediate$/.test(name));
}
