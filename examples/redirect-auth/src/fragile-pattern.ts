import { type Client, type ClientOptions, createClient } from 'hallpass/client';
import { type Demo, outcomeOf, showAlone } from './demo.ts';
import { redirectTo, through } from './lab.ts';

/** The secret stands in the client's headers, as in `session.headers.update(…)`. Without a `baseUrl` it has no home. */
export function fragileClient(authorization: string, options: ClientOptions = {}): Client {
  return createClient({ ...options, headers: { authorization } });
}

export const fragilePattern: Demo = {
  title: 'The fragile pattern: Authorization in the headers of the client',
  shows:
    'A header belongs to the first origin of each call: it is withheld elsewhere, does not come back, and goes to any first host.',
  steps: [
    {
      title: 'A redirects to itself: the header goes along.',
      run: ({ origins: { a } }, { header }) =>
        outcomeOf(fragileClient(header).fetch(redirectTo(a, '/headers'))),
    },
    {
      title: 'A redirects to B: the header is withheld, and the trace says why.',
      run: ({ origins: { a, b } }, { header }) =>
        outcomeOf(fragileClient(header).fetch(redirectTo(a, `${b}/headers`))),
    },
    {
      title: 'A, B, A: it does not come back in this chain.',
      run: ({ origins: { a, b } }, { header }) =>
        outcomeOf(fragileClient(header).fetch(through([a, b], `${a}/headers`))),
    },
    {
      title: 'B first: whoever is called first gets the header. This is what makes the pattern fragile.',
      run: ({ origins: { b } }, { header }) => outcomeOf(fragileClient(header).fetch(`${b}/headers`)),
    },
    {
      title: 'B first, and the client has a baseUrl: the header belongs to A, so B gets nothing.',
      run: ({ origins: { a, b } }, { header }) =>
        outcomeOf(fragileClient(header, { baseUrl: a }).fetch(`${b}/headers`)),
    },
  ],
};

if (import.meta.main) await showAlone(fragilePattern);
