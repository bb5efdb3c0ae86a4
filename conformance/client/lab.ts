import { HallpassError } from 'hallpass';
import { type Trace, traceOf } from 'hallpass/client';
import type { LabRequest } from 'hallpass/testing/lab';
import type { World } from '../world.ts';

/** A URL of the lab that answers with a redirect to `target`. */
export function via(origin: string, target: string, status = 302): string {
  return `${origin}/redirect-to?status_code=${status}&url=${encodeURIComponent(target)}`;
}

/** What arrived at `/echo`, or at `/headers`. */
export interface Echo {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export async function echoed(response: Response): Promise<Echo> {
  return (await response.json()) as Echo;
}

/** Of one secret at each hop: `sent`, the code of the first reason against it, or `unknown`. */
export function fate(of: Response | Trace, name: string): string[] {
  const { hops } = 'hops' in of ? of : traceOf(of);
  return hops.map(({ secrets }) => {
    const { verdict } = secrets.find((secret) => secret.name === name) ?? {};
    if (verdict === undefined) return 'unknown';
    return verdict.allowed ? 'sent' : verdict.reasons[0].code;
  });
}

/** The code of the error that a call ends with, and the error. */
export async function failure(call: Promise<unknown>): Promise<{ code: string; error: unknown }> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof HallpassError) return { code: error.code, error };
  return { code: error === undefined ? 'no error' : String(error), error };
}

/** The requests with this mark in their path that arrived at the lab, as `METHOD origin`. */
export async function arrivals({ log }: World, mark: string): Promise<string[]> {
  const requests = (await (await fetch(log)).json()) as LabRequest[];
  return requests
    .filter(({ path }) => path.includes(mark))
    .map(({ method, origin }) => `${method} ${origin}`);
}
