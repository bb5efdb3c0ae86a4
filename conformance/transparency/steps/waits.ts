import type { Client } from '../client/client.ts';
import type { Lab } from '../lab.ts';

interface Scope {
  readonly lab: Lab;
  readonly client: Client;
}
type Waits = Readonly<Record<string, (scope: Scope) => unknown>>;

export const pauses = {
  tick: ({ lab }) => lab.pause(1),
  pause: ({ lab }) => lab.rest(),
} as const satisfies Waits;

/** How much has arrived at the client by now. */
export const seeing = {
  seen: async ({ lab, client }) => {
    await lab.rest();
    return client.arrived;
  },
} as const satisfies Waits;

/** The client goes meanwhile. */
export const leaving = {
  leave: ({ client }) => client.leave('close'),
  leaveByReset: ({ client }) => client.leave('reset'),
} as const satisfies Waits;
