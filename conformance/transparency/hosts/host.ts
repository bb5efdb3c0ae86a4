import type { Client } from '../client/client.ts';
import type { RequestContext } from '../hallpass.ts';
import type { Lab } from '../lab.ts';
import type { Program, Style } from '../program.ts';
import type { Visit } from '../sessions.ts';
import type { Answer } from '../transcript.ts';

/** What a host gets for one run. */
export interface Run {
  readonly program: Program;
  readonly lab: Lab;
  readonly visit: Visit;
  /** True: with hallpass. False: the same program without it. */
  readonly hallpass: boolean;
  /** Turns that what is first written to a connection waits for its network. */
  readonly held: number;
  /** There once the server listens. */
  client: Client | undefined;
}

/** A server on a port of loopback. */
export interface Listening {
  readonly port: number;
  /** How many connections it still has. */
  connections(): number;
  /** Each of them, and what hangs on it. */
  left(): Promise<string[]>;
  close(): Promise<void>;
}

export interface Host {
  /** The steps that programs for this host are made of, by what they are for. */
  readonly steps: Readonly<Record<string, readonly string[]>>;
  /** Steps that belong together: what handlers really do. */
  readonly idioms: readonly (readonly string[])[];
  /** A step as it is written. */
  show(step: string): string;
  /** Names of surroundings that it knows. */
  readonly around: readonly string[];
  /** How its handlers may run their steps. Default: every way. */
  readonly styles?: readonly Style[];
  listen?(run: Run): Promise<Listening>;
  /** A host without a port: a function of the cloud. */
  invoke?(run: Run): Promise<Answer>;
}

/** The client of a run, which is there by the time that a handler runs. */
export function clientOf(run: Run): Client {
  if (run.client === undefined) throw new TypeError('The handler runs before its client came.');
  return run.client;
}

/** For a client that goes before the handler begins: resolves when the server has seen that. */
export function arrival({ program, lab }: Run): Promise<void> | undefined {
  lab.arrive();
  return program.client === 'gone' || program.client === 'reset' ? lab.pause(6) : undefined;
}

/** What the run's visit does with its session, where the program says that it does it here. */
export function useSession(
  run: Run,
  where: Program['opens'],
  context: () => RequestContext,
): Promise<void> | undefined {
  const { program, visit, hallpass } = run;
  if (program.session === 'none' || program.opens !== where) return undefined;
  return visit.use(hallpass ? context : undefined);
}

export function passOptions({ visit }: Run) {
  return { sessions: visit.sessions, onWarning: false as const, onEvent: () => {} };
}
