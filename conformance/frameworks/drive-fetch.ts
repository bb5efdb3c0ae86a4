import { type Case, equal } from '../case.ts';
import { Visitor } from './visitor.ts';

/** What the application of every platform does that speaks `Request` and `Response`: it calls another service. */
export function driveFetch(base: string): Case[] {
  return [
    {
      name: 'a call to another service, by hallpass/client/slim, carries its token and no cookie of the visitor',
      async run() {
        const visitor = new Visitor(base);
        await visitor.send('/api/login', { method: 'POST', body: new URLSearchParams({ user: 'ada' }) });
        const price = { token: 'Bearer a-token', cookies: null };
        equal(await visitor.json('/api/price'), { user: 'ada', price });
      },
    },
  ];
}
