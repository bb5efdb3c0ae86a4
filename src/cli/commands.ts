import type { NamedCommand } from './command.ts';

/** Every command. A module is read when its command is asked for. */
export const commands: ReadonlyMap<string, NamedCommand> = new Map<string, NamedCommand>([
  [
    'trace',
    {
      summary: 'tell which secret was sent or withheld at each hop, and why',
      load: async () => (await import('./trace.ts')).trace,
    },
  ],
  [
    'lint',
    {
      summary: 'say what browsers make of the cookies that a server sets',
      load: async () => (await import('./lint.ts')).lint,
    },
  ],
  [
    'doctor',
    {
      summary: 'visit pages in Chromium, and say which cookie did not get there',
      load: async () => (await import('./doctor.ts')).doctor,
    },
  ],
  [
    'why',
    {
      summary: 'tell what a code means, and what to do about it',
      load: async () => (await import('./why.ts')).why,
    },
  ],
  [
    'race',
    {
      summary: 'race the sessions of a running app, in any language',
      load: async () => (await import('./race.ts')).race,
    },
  ],
  [
    'jar',
    {
      summary: 'show, import and export cookie jars',
      load: async () => (await import('./jar.ts')).jar,
    },
  ],
  [
    'keys',
    {
      summary: 'make and rotate the keys that seal cookies',
      load: async () => (await import('./keys.ts')).keys,
    },
  ],
  [
    'sessions',
    {
      summary: 'list, revoke and sweep the sessions in a store',
      load: async () => (await import('./sessions.ts')).sessions,
    },
  ],
  [
    'lab',
    {
      summary: 'start servers that redirect, hang, drip and plant cookies',
      load: async () => (await import('./lab.ts')).lab,
    },
  ],
  [
    'completion',
    {
      summary: 'print the completion of commands and options for a shell',
      load: async () => (await import('./completion.ts')).completionOf(commands),
    },
  ],
]);
