import type { RequestContext } from '../../server/request-context.ts';

/** The ways from a framework's request to what belongs to it. @typeParam Req the framework's request */
export interface ContextAccess<Req, Data extends object, Claims extends object> {
  /** Everything there is. @throws TypeError for a request that has not come through here */
  context(req: Req): RequestContext<Data, Claims>;
  /** `context(req).session()`. @throws TypeError for a request that has not come through here */
  session(req: Req): ReturnType<RequestContext<Data, Claims>['session']>;
  /** `context(req).user()`: the id of the signed-in user. @throws TypeError for a request that has not come through here */
  user(req: Req): Promise<string | undefined>;
}

/** @param context finds the context of a request, or throws */
export function contextAccess<Req, Data extends object, Claims extends object>(
  context: (req: Req) => RequestContext<Data, Claims>,
): ContextAccess<Req, Data, Claims> {
  return {
    context,
    session: (req) => context(req).session(),
    user: (req) => context(req).user(),
  };
}
