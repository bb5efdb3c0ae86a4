// What a visitor sees by the client of tRPC itself: run by the driver, with the origin of the app.
import { deepEqual, equal, rejects } from 'node:assert/strict';
import { visit } from './client.ts';

const origin = process.argv[2] ?? '';
const visitor = visit(origin);

equal((await visitor.me.query()).user, null);
await rejects(visitor.private.query(), {
  message: 'Sign in first.',
  data: { code: 'UNAUTHORIZED', httpStatus: 401, path: 'private' },
});

const half = await Promise.allSettled([visitor.login.mutate({ user: 'mallory' }), visitor.boom.mutate()]);
deepEqual(
  half.map(({ status }) => status),
  ['fulfilled', 'rejected'],
);
const { user, boomed } = await visitor.me.query();
deepEqual([user, boomed], [null, null]);

await Promise.all([visitor.login.mutate({ user: 'ada' }), visitor.redirect.mutate()]);
const [me, mine] = await Promise.all([visitor.me.query(), visitor.private.query()]);
deepEqual([me.user, me.flash, mine.user], ['ada', 'welcome', 'ada']);

await visitor.logout.mutate();
equal((await visitor.me.query()).user, null);
