import type { Handle } from '@sveltejs/kit/hooks';
import { pass } from './lib/server/pass';

const serve = pass((_request, context, event, resolve) => {
  event.locals.hallpass = context;
  return resolve();
});
export const handle: Handle = ({ event, resolve }) => serve(event.request, event, () => resolve(event));
