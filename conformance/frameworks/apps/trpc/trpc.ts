import { initTRPC, TRPCError } from '@trpc/server';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import { HttpError } from 'hallpass';
import type { RequestContext } from 'hallpass/server';
import type { Data } from './pass.ts';

export interface Context {
  hallpass: RequestContext<Data>;
}

/** The codes of tRPC by the statuses of our errors. */
const codes = new Map([
  [400, 'BAD_REQUEST'],
  [401, 'UNAUTHORIZED'],
  [403, 'FORBIDDEN'],
  [409, 'CONFLICT'],
  [429, 'TOO_MANY_REQUESTS'],
  [503, 'SERVICE_UNAVAILABLE'],
] as const);

const t = initTRPC.context<Context>().create();
export const router = t.router;

/** Whoever it calls answers what our errors say, in place of 500. */
export const procedure = t.procedure.use(async ({ next }) => {
  const result = await next();
  const cause = result.ok ? undefined : result.error.cause;
  const code = cause instanceof HttpError ? codes.get(cause.status as 401) : undefined;
  if (code !== undefined) throw new TRPCError({ code, message: (cause as HttpError).message, cause });
  return result;
});

/** A batch answers 207 when one of its calls has failed: what was written is dropped then too. */
export function onError({ error, ctx }: { error: TRPCError; ctx?: Context | undefined }): void {
  if (getHTTPStatusCodeFromError(error) >= 500) ctx?.hallpass.fail();
}
