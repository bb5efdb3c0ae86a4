import { type Credential, createClient, credential, type Trace } from 'hallpass/client';
import { type Demo, outcomeOf, showAlone } from './demo.ts';
import { redirectTo, through } from './lab.ts';

/** Puts a header on each request in scope right before it is sent: what the article's hook wanted to do, and came too late for. */
export function pinnedHeader(name: string, value: () => string, scope: string | string[]): Credential {
  return credential({ name, for: scope, attach: () => ({ headers: { [name]: value() } }) });
}

export const fix4: Demo = {
  title: 'Fix 4: pin the header with a hook',
  shows:
    'A hook that attaches runs at every hop in scope; a hook that only watches sees frozen facts, so patching them changes nothing on the wire.',
  steps: [
    {
      title: 'A to A to B: pinned on A twice, not on B.',
      run: ({ origins: { a, b } }, { header }) => {
        const credentials = pinnedHeader('authorization', () => header, a);
        return outcomeOf(createClient({ credentials }).fetch(through([a, a], `${b}/headers`)));
      },
    },
    {
      title: 'A to B to B: nothing on either B, where the patched request of the article leaks.',
      run: ({ origins: { a, b } }, { header }) => {
        const credentials = pinnedHeader('authorization', () => header, a);
        return outcomeOf(createClient({ credentials }).fetch(through([a, b], `${b}/headers`)));
      },
    },
    {
      title:
        'redirect.follow tries to bend the next hop back to A: the facts are frozen, B is asked, without the secret.',
      run: ({ origins: { a, b } }, secret) => {
        const follow = (next: object) => !Reflect.set(next, 'url', `${a}/headers`);
        const client = createClient({ credentials: secret.for(a), redirect: { follow } });
        return outcomeOf(client.fetch(redirectTo(a, `${b}/headers`)));
      },
    },
    {
      title: 'onTrace: told of every hop when the call is over; this trace is what the listener got.',
      async run({ origins: { a, b } }, secret) {
        const told: Trace[] = [];
        const client = createClient({ credentials: secret.for(a), onTrace: (trace) => told.push(trace) });
        const { end } = await outcomeOf(client.fetch(redirectTo(a, `${b}/headers`)));
        return { end, traces: told };
      },
    },
  ],
};

if (import.meta.main) await showAlone(fix4);
