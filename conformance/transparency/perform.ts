import type { ServerResponse } from 'node:http';
import type { Lab } from './lab.ts';
import { type Program, readStep } from './program.ts';
import type { Steps } from './steps/steps.ts';

/** What a step gives to be the handler's answer. */
export class Returned {
  readonly value: unknown;
  constructor(value: unknown) {
    this.value = value;
  }
}

export interface Performance<Scope> {
  readonly program: Program;
  readonly steps: Steps<Scope>;
  readonly scope: Scope;
  readonly lab: Lab;
  /** What the response says of itself. */
  look(): string;
}

/**
 * Runs the steps of a handler and notes what comes of each. Synchronous until a step is waited for; in the style `sync` what
 * comes after that is nobody's: what it throws ends the process, as it does in any callback.
 */
export function perform<Scope>(given: Performance<Scope>): unknown {
  const { program, lab } = given;
  const ended = lab.act();
  if (program.style === 'detached') {
    setImmediate(() => detach(runSteps(given, ended)));
    return undefined;
  }
  const work = runSteps(given, ended);
  return program.style === 'async' || !(work instanceof Promise) ? work : detach(work);
}

function detach(work: unknown): void {
  if (!(work instanceof Promise)) return;
  work.catch((error) =>
    setImmediate(() => {
      throw error;
    }),
  );
}

/** In one go as far as no step is waited for. */
function runSteps<Scope>(given: Performance<Scope>, ended: () => void): unknown {
  const todo = [...given.program.steps];
  const next = (): unknown => {
    if (given.lab.over) return undefined;
    for (let step = todo.shift(); step !== undefined; step = todo.shift()) {
      const outcome = runStep(given, step);
      if (outcome instanceof Returned) return outcome.value;
      if (outcome instanceof Promise) {
        return outcome.then((late) => (late instanceof Returned ? late.value : next()));
      }
    }
    return undefined;
  };
  try {
    const work = next();
    if (work instanceof Promise) return work.finally(ended);
    ended();
    return work;
  } catch (error) {
    ended();
    throw error;
  }
}

/** Does one step and notes what came of it. @throws what the step throws, unless that is caught */
function runStep<Scope>({ steps, scope, lab, look }: Performance<Scope>, step: string): unknown {
  const { name, caught } = readStep(step);
  const act = steps.get(name);
  const note = (outcome: string) => {
    if (!lab.over) lab.transcript.handler.push([step, outcome, look()].filter(Boolean).join(' | '));
    lab.stir();
  };
  const failed = (error: unknown) => {
    note(`threw ${nameOf(error)}`);
    if (!caught) throw error;
  };
  const came = (outcome: unknown) => {
    note(outcome instanceof Returned ? 'returned' : show(outcome));
    return outcome;
  };
  try {
    const outcome = act(scope);
    return outcome instanceof Promise ? outcome.then(came, failed) : came(outcome);
  } catch (error) {
    return failed(error);
  }
}

/** Responses and streams are what they were: only plain values are worth a word. */
function show(outcome: unknown): string {
  return outcome === undefined || (typeof outcome === 'object' && outcome !== null)
    ? 'done'
    : String(outcome);
}

/** An error by its code, or by what it says. */
export function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return (error as { code?: string }).code ?? `${error.name}: ${error.message.split('\n')[0]}`;
}

/** What a response of node:http or node:http2 says of itself. */
export function lookAt(res: ServerResponse): string {
  const { headersSent, writableEnded, finished, destroyed } = res;
  return [
    headersSent ? 'sent' : 'unsent',
    writableEnded ? 'ended' : 'open',
    ...(finished === writableEnded ? [] : [`finished=${finished}`]),
    ...(destroyed ? ['destroyed'] : []),
  ].join(' ');
}
