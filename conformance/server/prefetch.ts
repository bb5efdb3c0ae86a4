import { type Case, equal } from '../case.ts';
import type { Host } from './app.ts';
import { type Visit, visiting } from './visitor.ts';

/** Browsers ask ahead of visits that may never come, and say so by a header that no page can set. */
export function prefetch(host: Host): Case[] {
  const check = (name: string, run: (visit: Visit) => Promise<void>): Case => ({
    name,
    run: () => visiting(host, run),
  });
  const purposes = ['prefetch', 'prefetch;prerender', 'prefetch; anonymous-client-ip'];

  return [
    check(
      'S156: a prefetch that would sign somebody out, in, or rotate is 503, and nothing becomes of it',
      async (visit) => {
        await visit.send('POST /login');
        const before = visit.cookie();
        for (const what of [
          'GET /leave',
          'POST /logout',
          'POST /login?user=eve',
          'POST /rotate',
          'POST /login?end=crash',
        ]) {
          for (const purpose of purposes) {
            visit.calls.length = 0;
            visit.events.length = 0;
            const response = await visit.send(what, { 'sec-purpose': purpose });
            const { headers } = response;
            equal([response.status, headers.get('cache-control')], [503, 'no-store'], `${what}, ${purpose}`);
            equal((await response.json()).error, 'prefetch-refused', 'error');
            equal(
              [headers.getSetCookie(), headers.get('clear-site-data')],
              [[], null],
              'what it would change',
            );
            equal(
              visit.calls.filter((call) => call !== 'read'),
              [],
              'store calls',
            );
            const reported = visit.events.map(({ type }) => type).filter((type) => type !== 'failed');
            equal(reported, ['prefetch-refused'], 'events');
          }
        }
        equal(
          [visit.cookie(), await (await visit.send('GET /me')).json()],
          [before, { user: 'ada' }],
          'the visitor',
        );
        equal((await visit.send('GET /leave')).status, 302, 'the visit itself');
        equal(await (await visit.send('GET /me')).json(), { user: null }, 'after it');
      },
    ),
    check('what a prefetch reads, writes and sets otherwise is as ever', async (visit) => {
      await visit.send('POST /login');
      const purpose = { 'sec-purpose': 'prefetch' };
      equal(await (await visit.send('GET /me', purpose)).json(), { user: 'ada' }, 'who is signed in');
      await visit.send('POST /note?text=seen', purpose);
      equal(await (await visit.send('GET /note')).json(), { note: 'seen' }, 'what was written');
      equal((await visit.send('POST /theme', purpose)).headers.getSetCookie().length, 1, 'a cookie');
      visit.cookies.clear();
      equal((await visit.send('GET /leave', purpose)).status, 302, 'nobody is signed out of nothing');
    }),
    check('other purposes, and lookalikes, are none', async (visit) => {
      for (const purpose of ['', 'prefetching', 'x;prefetch', 'prerender']) {
        await visit.send('POST /login');
        equal((await visit.send('GET /leave', { 'sec-purpose': purpose })).status, 302, purpose);
      }
    }),
  ];
}
