import type { Thread } from './thread.ts';

/** Threads about what a server made of a request: a program answers it, as in programs.ts. */
export const serverThreads: readonly Thread[] = [
  {
    source: 'https://github.com/sissbruecker/linkding/issues/750',
    complaint: '403 for every form behind a proxy: the origin is said to match no trusted one.',
    input: { kind: 'program', program: 'origin of the proxy' },
    cause: 'csrf-foreign-origin',
  },
  {
    source: 'https://github.com/bugsink/bugsink/issues/1',
    complaint: '403 for every form: the origin that came is null.',
    input: { kind: 'program', program: 'null origin' },
    cause: 'csrf-opaque-origin',
  },
  {
    source: 'https://github.com/maxcountryman/flask-login/issues/235',
    complaint: 'Everybody is signed out whenever the server starts again.',
    input: { kind: 'program', program: 'new key at every start' },
    cause: 'session-unknown-key',
  },
  {
    source: 'https://github.com/lexik/LexikJWTAuthenticationBundle/issues/286',
    complaint: 'A fresh token is refused on another machine: it was issued in the future.',
    input: { kind: 'program', program: 'clock behind' },
    cause: 'token-not-yet-valid',
  },
];
