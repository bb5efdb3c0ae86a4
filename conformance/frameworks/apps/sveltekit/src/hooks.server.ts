import type { Handle, HandleServerError } from '@sveltejs/kit/hooks';
import { HttpError } from 'hallpass';
import { pass } from './lib/server/pass';
import { saysFailure } from './lib/server/says-failure';

const serve = pass(async (_request, context, event, resolve) => {
  event.locals.hallpass = context;
  const answer = await resolve();
  // A command that has done its work may refresh a query that fails: only its answer says which of them did.
  const hasFailed = event.locals.hasFailed === true && !event.isRemoteRequest;
  if (hasFailed || (await saysFailure(event, answer))) context.fail();
  return answer;
});
export const handle: Handle = ({ event, resolve }) => serve(event.request, event, () => resolve(event));

/** Kit calls it for whatever a load, an action or a remote function throws, and answers what it returns. */
export const handleError: HandleServerError = ({ kind, error, event }) => {
  if (kind !== 'unknown') return;
  event.locals.hasFailed = true;
  if (error instanceof HttpError) return { status: error.status, message: error.message };
  console.error(error);
};
