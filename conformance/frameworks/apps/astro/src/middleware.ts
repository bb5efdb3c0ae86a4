import { defineMiddleware } from 'astro:middleware';
import { pass } from './pass';

const serve = pass(async (_request, context, astro, next) => {
  astro.locals.hallpass = context;
  await context.session(); // A component that is the first to ask for it would do so when the head of the page is sent.
  return next();
});
export const onRequest = defineMiddleware((astro, next) =>
  astro.isPrerendered ? next() : serve(astro.request, astro, next),
);
