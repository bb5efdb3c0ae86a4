import type { Section } from './section.ts';

/** What none of the articles says, and without which the rest would not hold. */
export const unsaid: Section = {
  title: 'Unsaid, but decisive',
  about: 'What none of the articles says, and without which the rest would not hold.',
  promises: {
    X1: 'A `.netrc` is read only when it is passed, whole, for its hosts alone, and never beats what is explicit.',
    X2: 'The user in a URL is a credential of that origin, stands in no URL afterwards, and in a Location it is dropped.',
    X3: 'A body does not cross origins unless the caller says so: the redirect is then the answer.',
    X4: 'A body that can be read only once is never sent twice, nor empty.',
    X5: 'A Location is parsed once, and judged as the URL that would be connected to.',
    X6: 'Of cookies with one name the first counts, a comma delimits nothing, and both are reported; a planted cookie beats nobody.',
    X7: 'Any text comes back as it was written, and what is too big for a browser is an error.',
    X8: 'Parallel writes to a stored session lose nothing; of sealed sessions the last answer wins, and that is documented.',
    X9: 'An answer that depends on a session is not for caches.',
    X10: 'Sections of the article that claim one path are applications of their own.',
  },
};

/** Where two promises seem to exclude each other, and how both hold. */
export const together: Section = {
  title: 'Where two promises meet',
  about: 'Two promises that seem to exclude each other, and how both hold.',
  promises: {
    K1: 'A credential for everywhere (S24) and secrets that keep to their scope (S40): the first has its own name and its own warning, everything else is guarded.',
    K2: 'A header that is gone (S10) and a credential that survives (S47): each does what its kind says.',
    K3: 'No storage on the server (S112) and a real sign-out (S128): only the ids of ended sessions are kept, until they would have expired.',
    K4: 'An hour (S106) and staying signed in: the absolute deadline is fixed by the login, and use renews a session within it, never past it.',
    K5: 'Routes that the article prints with GET, and no state change by GET (S81): preferences stay, login and logout are POST, and GET is a 405 with a hint.',
    K6: 'Two articles that use the same paths: each section is an application below a prefix.',
    K7: 'Secure cookies (S80) and local work over http: tests speak https, examples can be served over it, and no flag is dropped in silence.',
  },
};
