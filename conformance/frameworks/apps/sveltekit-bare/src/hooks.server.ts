import type { Handle } from '@sveltejs/kit/hooks';
import { pass } from './lib/server/pass';
import { saysFailure } from './lib/server/says-failure';

// As in sveltekit, but without handleError.
const serve = pass(async (_request, context, event, resolve) => {
  event.locals.hallpass = context;
  const answer = await resolve();
  if (await saysFailure(event, answer)) context.fail();
  return answer;
});
export const handle: Handle = ({ event, resolve }) => serve(event.request, event, () => resolve(event));
