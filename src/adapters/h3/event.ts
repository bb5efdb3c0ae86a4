import type { Incoming, Outgoing } from '../node/messages.ts';
import type { H3Event } from './h3-event.ts';

/** What h3 2 has of Node where it runs there, for handlers of Node, which answer by themselves. */
export interface NodeMessages {
  readonly res?: Outgoing;
}

/** An event of h3 2: the request is a `Request`, and what a handler gives becomes a `Response`. */
export interface WebEvent extends H3Event {
  readonly req: Request & { readonly ip?: string; readonly runtime?: { readonly node?: NodeMessages } };
  readonly res: { readonly headers: Headers };
  readonly app?: { readonly config: object };
}

/** An event of h3 1, on which Nuxt 4 and Nitro 2 stand: Node's messages, or what stands for them elsewhere. */
export interface NodeEvent extends H3Event {
  readonly node: {
    readonly req: Incoming;
    readonly res: Outgoing;
  };
}

/** By the request: the event of h3 2 has Node's messages as well, where it runs on Node. */
export function isWebEvent(event: H3Event): event is WebEvent {
  return 'req' in event && typeof event.req === 'object' && event.req !== null;
}
