import type { Case } from '../case.ts';
import type { Host } from './app.ts';
import { callbacks } from './callbacks.ts';
import { cors } from './cors.ts';
import { csrf } from './csrf.ts';
import { csrfToken } from './csrf-token.ts';
import { outcomes } from './outcomes.ts';
import { prefetch } from './prefetch.ts';
import { sessionLife } from './session-life.ts';

export type { App, Host, Route } from './app.ts';

/** What `hallpass/server` promises, on whatever framework and runtime the host is. No test runner needed. */
export function serverSuite(host: Host): Case[] {
  return [
    ...sessionLife(host),
    ...outcomes(host),
    ...cors(host),
    ...csrf(host),
    ...csrfToken(host),
    ...callbacks(host),
    ...prefetch(host),
  ];
}
