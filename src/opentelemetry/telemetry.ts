import {
  context,
  type MeterProvider,
  metrics,
  propagation,
  type TracerProvider,
  trace,
} from '@opentelemetry/api';
import type { RequestHook } from '../client/hooks.ts';
import type { Trace } from '../client/trace/types.ts';
import { checkOptions, having, type Shape } from '../errors/misuse.ts';
import type { ServerEvent } from '../server/events.ts';
import type { SessionEvent } from '../session/events.ts';
import type { TokenEvent } from '../tokens/events.ts';
import { callRecorder } from './calls.ts';
import { eventRecorder } from './events.ts';

/** Options of {@link openTelemetry}. */
export interface TelemetryOptions {
  /** Makes the spans of calls. Default: the global one of `@opentelemetry/api`. */
  tracerProvider?: TracerProvider;
  /** Makes the counters and the histogram. Default: the global one of `@opentelemetry/api`. */
  meterProvider?: MeterProvider;
}

const telemetryShape: Shape<TelemetryOptions> = {
  tracerProvider: having('a tracer provider of OpenTelemetry', 'getTracer'),
  meterProvider: having('a meter provider of OpenTelemetry', 'getMeter'),
};

const headersOf = having('the Headers of a request, as createClient hands it to its hooks', 'set');

/** Listeners for what hallpass tells. No span and no counter holds a secret, a user, a session or a key of its data. */
export interface Telemetry {
  /** `onEvent` of `createSessions`: counts `hallpass.session.events`, and adds an event to the span that is active. */
  readonly onSessionEvent: (event: SessionEvent) => void;
  /** `onEvent` of `createTokens`: the same, as `hallpass.token.events`. */
  readonly onTokenEvent: (event: TokenEvent) => void;
  /** `onEvent` of the pipeline and of the adapters: the same, as `hallpass.server.events`. */
  readonly onServerEvent: (event: ServerEvent) => void;
  /** `onTrace` of `createClient`: a CLIENT span for every hop, `http.client.request.duration`, and `hallpass.client.secrets`. */
  readonly onTrace: (trace: Trace) => void;
  /** A request hook of `createClient` that sends the active span on, as `traceparent`, which follows redirects. */
  readonly propagate: RequestHook;
}

/**
 * Hands events and traces to OpenTelemetry, by the semantic conventions for HTTP (1.41) where they have a name. Needs the package
 * `@opentelemetry/api`, and records nothing until the application registers an SDK.
 *
 * @throws TypeError when an option is no provider
 * @example
 * ```ts
 * import { createClient } from 'hallpass/client';
 * import { openTelemetry } from 'hallpass/opentelemetry';
 * import { createSessions } from 'hallpass/session';
 * import { memoryStore } from 'hallpass/stores/memory';
 *
 * const telemetry = openTelemetry();
 * const sessions = createSessions({ store: memoryStore(), onEvent: telemetry.onSessionEvent });
 * const client = createClient({ onTrace: telemetry.onTrace, hooks: { request: [telemetry.propagate] } });
 * console.log(typeof sessions.open, typeof client.fetch); // → function function
 * ```
 */
export function openTelemetry(options: TelemetryOptions = {}): Telemetry {
  checkOptions(options, telemetryShape, 'openTelemetry');
  const { tracerProvider = trace, meterProvider = metrics } = options;
  const meter = meterProvider.getMeter('hallpass');
  return {
    onSessionEvent: eventRecorder(meter, 'session', 'What happened to sessions.'),
    onTokenEvent: eventRecorder(meter, 'token', 'What happened to tokens.'),
    onServerEvent: eventRecorder(meter, 'server', 'What the pipeline told of requests.'),
    onTrace: callRecorder(tracerProvider.getTracer('hallpass'), meter),
    propagate(request) {
      headersOf(request?.headers, 'propagate of openTelemetry(request)', 'request.headers');
      propagation.inject(context.active(), request.headers, {
        set: (headers, name, value) => headers.set(name, value),
      });
    },
  };
}
