import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type Case, equal } from '../case.ts';
import { trpc } from './dialect.ts';
import { folderOf } from './install.ts';
import { Visitor } from './visitor.ts';

/** What only tRPC has: several calls in one request, as `httpBatchLink` and `httpBatchStreamLink` send them. */
export function driveTrpc(base: string): Case[] {
  return [
    {
      name: 'the client of tRPC, with httpBatchLink over ours: a login, a batch of which half fails, codes, a logout',
      async run() {
        await promisify(execFile)(process.execPath, ['batches.ts', base], {
          cwd: folderOf({ name: 'trpc' }),
        });
      },
    },
    {
      name: 'a batch in which one call fails drops what the others wrote, and one cookie signs in for all of it',
      async run() {
        const visitor = new Visitor(base, trpc);
        const batch = (path: string) =>
          visitor.send(`/trpc/${path}?batch=1`, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ 0: { user: 'ada' }, 1: { user: 'ada' } }),
          });
        equal((await batch('login,boom')).status, 207);
        equal((await visitor.json('/api/me')).user, null);
        const lines = (await batch('login,login')).headers.getSetCookie();
        equal([lines.length, (await visitor.json('/api/me')).user], [1, 'ada']);
      },
    },
    {
      name: 'a subscription that fails in the midst of its stream tells the client so',
      async run() {
        const answer = await new Visitor(base, trpc).send('/trpc/late', {
          headers: { accept: 'text/event-stream' },
        });
        const text = await answer.text();
        equal(
          [answer.status, /begun/.test(text), /event: serialized-error\ndata: .*late/.test(text)],
          [200, true, true],
        );
      },
    },
    {
      name: 'a streamed batch, whose head is sent before its calls have run, signs nobody in, and its login fails',
      async run() {
        const visitor = new Visitor(base, trpc);
        const login = await visitor.send('/trpc/login?batch=1', {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'trpc-accept': 'application/jsonl' },
          body: JSON.stringify({ 0: { user: 'ada' } }),
        });
        const says = /"error":\{"message":"This session is committed/.test(await login.text());
        equal([says, login.headers.getSetCookie()], [true, []]);
        equal((await visitor.json('/api/me')).user, null);
      },
    },
  ];
}
