import { type CanActivate, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { pass } from './pass.js';

const contextOf = (host: ExecutionContext) => pass.context(host.switchToHttp().getRequest());

/** A parameter: the context of the request. */
export const Visitor = createParamDecorator((_data: unknown, host: ExecutionContext) => contextOf(host));

/** For `@UseGuards(SignedIn)`: 401 to strangers. */
export class SignedIn implements CanActivate {
  async canActivate(host: ExecutionContext): Promise<boolean> {
    await contextOf(host).requireUser();
    return true;
  }
}
