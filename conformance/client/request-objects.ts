import { createClient } from 'hallpass/client';
import { type Case, equal } from '../case.ts';
import type { World } from '../world.ts';
import { echoed, failure, fate, via } from './lab.ts';

/** `Request` objects differ from runtime to runtime in what they keep and what they refuse. */
export function requestObjects({ origins: { a, b } }: World): Case[] {
  const headers = { authorization: 'Bearer hp-secret-token', cookie: 'sid=1', 'x-api-key': 'hp-secret-key' };
  return [
    {
      name: "a Request's own secrets are lifted out too, and stay on their origin",
      async run() {
        const response = await createClient().fetch(new Request(via(a, `${b}/headers`), { headers }));
        const { headers: there } = await echoed(response);
        equal(
          [there.authorization, there.cookie, there['x-api-key']],
          [undefined, undefined, undefined],
          'at B',
        );
        equal(fate(response, 'authorization'), ['sent', 'scope-other-host'], 'the trace');
        const here = await echoed(await createClient().fetch(new Request(`${a}/headers`, { headers })));
        equal([here.headers.cookie, here.headers['x-api-key']], ['sid=1', 'hp-secret-key'], 'at A');
      },
    },
    {
      name: "a Request's signal ends the call",
      async run() {
        const stop = new AbortController();
        const request = new Request(`${a}/hang`, { signal: stop.signal });
        setTimeout(() => stop.abort(new Error('enough')), 50);
        const { error } = await failure(createClient().fetch(request));
        equal(error instanceof Error && error.message, 'enough', 'the reason');
      },
    },
    {
      name: "a Request's redirect: 'manual' is obeyed",
      async run() {
        const request = new Request(via(a, '/headers'), { redirect: 'manual' });
        equal((await createClient().fetch(request)).status, 302, 'status');
      },
    },
    {
      name: "a Request's redirect: 'error' is obeyed",
      async run() {
        const request = new Request(via(a, '/headers'), { redirect: 'error' });
        equal((await failure(createClient().fetch(request))).code, 'redirect-refused', 'the error');
      },
    },
    {
      name: "a Request's credentials: 'omit' is obeyed",
      async run() {
        const client = createClient();
        client.jar.set('sid=1', a);
        const request = new Request(`${a}/headers`, { credentials: 'omit' });
        equal((await echoed(await client.fetch(request))).headers.cookie, undefined, 'Cookie');
      },
    },
  ];
}
