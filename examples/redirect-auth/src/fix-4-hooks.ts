import { createClient, type HookRequest, type Hooks, type Trace } from 'hallpass/client';
import { type Demo, outcomeOf, showAlone } from './demo.ts';
import { redirectTo, through } from './lab.ts';

/** Puts a header on each request to `origin` right before it is sent: what the article's hook wanted to do, and came too late for. */
export function pinnedHeader(name: string, value: () => string, origin: string): Required<Hooks> {
  const pin = (request: HookRequest) => {
    if (new URL(request.url).origin === origin) request.headers.set(name, value());
  };
  return { request: [pin], response: [], redirect: [pin] };
}

export const fix4: Demo = {
  title: 'Fix 4: pin the header with a hook',
  shows:
    'A hook changes the next request for sure, and what it adds is judged afterwards; a hook that only watches sees frozen facts.',
  steps: [
    {
      title: 'hooks.request and hooks.redirect pin it, A to A to B: on A twice, not on B.',
      run: ({ origins: { a, b } }, { header }) => {
        const hooks = pinnedHeader('authorization', () => header, a);
        return outcomeOf(createClient({ hooks }).fetch(through([a, a], `${b}/headers`)));
      },
    },
    {
      title:
        'A hook that pins it on every request, A to B to B: withheld from both, where the article leaks.',
      run: ({ origins: { a, b } }, { header }) => {
        const pin = ({ headers }: HookRequest) => headers.set('authorization', header);
        const client = createClient({ hooks: { request: [pin], redirect: [pin] } });
        return outcomeOf(client.fetch(through([a, b], `${b}/headers`)));
      },
    },
    {
      title:
        'hooks.redirect tries to bend the next hop back to A: the request is frozen, B is asked, without the secret.',
      run: ({ origins: { a, b } }, secret) => {
        const bend = (next: HookRequest) => void Reflect.set(next, 'url', `${a}/headers`);
        const client = createClient({ credentials: secret.for(a), hooks: { redirect: [bend] } });
        return outcomeOf(client.fetch(redirectTo(a, `${b}/headers`)));
      },
    },
    {
      title: 'onTrace: told of every hop when the call is over; this trace is what the listener got.',
      async run({ origins: { a, b } }, secret) {
        const traces: Trace[] = [];
        const client = createClient({ credentials: secret.for(a), onTrace: (trace) => traces.push(trace) });
        const { end } = await outcomeOf(client.fetch(redirectTo(a, `${b}/headers`)));
        return { end, traces };
      },
    },
  ],
};

if (import.meta.main) await showAlone(fix4);
