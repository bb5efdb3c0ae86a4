import type { Case } from '../case.ts';
import { driveFailures } from './drive-failures.ts';

/** What only TanStack Start has: server functions, called by a page while it is rendered, and by the script. */
export function driveTanstack(base: string): Case[] {
  return driveFailures(base, [['a server function, called by a loader,', '/broken']]);
}
