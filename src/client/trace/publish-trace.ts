import { notify } from '../../errors.ts';
import type { Trace } from './types.ts';

/**
 * The channel of Node's `diagnostics_channel` to which the trace of every call of every client is published.
 * @example
 * ```ts
 * import { subscribe, unsubscribe } from 'node:diagnostics_channel';
 * import { createClient, traceChannel } from 'hallpass/client';
 *
 * const traces: unknown[] = [];
 * const watch = (trace: unknown) => void traces.push(trace);
 * subscribe(traceChannel, watch);
 * await createClient({ transport: async () => new Response() }).get('https://api.example.com/');
 * unsubscribe(traceChannel, watch);
 * console.log(String(traces[0]).includes('GET https://api.example.com/')); // → true
 * ```
 */
export const traceChannel = 'hallpass:client:trace';

type DiagnosticsChannel = typeof import('node:diagnostics_channel');

/** Node's module, where there is one: Bun, Deno and workerd have it too. */
const diagnostics: DiagnosticsChannel | undefined =
  globalThis.process?.getBuiltinModule?.('node:diagnostics_channel');
const channel = diagnostics?.channel(traceChannel);

/** Hands the trace to the channel and to the listener, whose failures are its own. */
export function publishTrace(trace: Trace, onTrace: ((trace: Trace) => void) | undefined): void {
  if (channel?.hasSubscribers) channel.publish(trace);
  if (onTrace !== undefined) notify(() => onTrace(trace));
}
