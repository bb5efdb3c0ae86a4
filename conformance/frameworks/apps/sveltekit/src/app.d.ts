import type { RequestContext } from 'hallpass/server';
import type { Data } from './lib/server/pass';

declare global {
  namespace App {
    interface Locals {
      hallpass: RequestContext<Data>;
      hasFailed?: boolean;
    }
  }
}
