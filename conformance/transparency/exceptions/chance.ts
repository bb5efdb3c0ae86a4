import type { Exception } from './exception.ts';

/** What is chance, with hallpass and without. */
export const ofChance: readonly Exception[] = [
  {
    sentence: 'Whether a client sees a connection closed or reset depends on what was on its way.',
    explains: ({ what, bare, hallpass }) =>
      what === 'connection' && [bare, hallpass].sort().join() === 'closed,reset',
  },
  {
    sentence:
      'A server that closes a connection with something unread on it resets it, and what was sent may be lost with that.',
    explains: ({ what }, { program, runs }) =>
      program.upload === 'parts' &&
      (runs.hallpass.connection === 'reset' || runs.bare.connection === 'reset') &&
      /^(connection|answer|listeners)/.test(what),
  },
  {
    sentence: 'A client that leaves gets more of an answer that comes at once than of one that waits.',
    explains: ({ what }, { runs }) =>
      runs.hallpass.connection === 'left' && /^(answer|events$|callbacks$|around$)/.test(what),
  },
];
