import type { Sessions } from '../session/types.ts';
import { type Cors, prepareCors } from './cors.ts';
import { type Csrf, prepareCsrf } from './csrf.ts';
import type { ServerEvent, ServerOptions } from './options.ts';

/** The options of one pipeline, checked once and ready for every request. */
export interface Server<Data extends object, Host extends unknown[]> {
  readonly sessions: Sessions<Data> | undefined;
  readonly cors: Cors | undefined;
  readonly csrf: Csrf | undefined;
  readonly address: ServerOptions<Data, Host>['address'];
  readonly onRefuse: ServerOptions<Data, Host>['onRefuse'];
  /** Tells the listener; one that throws never breaks a request. */
  emit(event: ServerEvent, host: Host): void;
}

/** @throws TypeError for a policy that cannot mean what it says */
export function prepare<Data extends object, Host extends unknown[]>(
  options: ServerOptions<Data, Host>,
): Server<Data, Host> {
  const cors = options.cors === undefined ? undefined : prepareCors(options.cors);
  const csrf =
    options.csrf === false
      ? undefined
      : prepareCsrf(options.csrf ?? {}, cors?.trusted ?? [], options.origins ?? []);

  return {
    sessions: options.sessions,
    cors,
    csrf,
    address: options.address,
    onRefuse: options.onRefuse,
    emit(event, host) {
      try {
        const told = options.onEvent?.(event);
        if (told instanceof Promise) options.waitUntil?.(told.catch(ignore), ...host);
      } catch {}
    },
  };
}

function ignore(): void {}
