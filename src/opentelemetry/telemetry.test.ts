import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Context,
  type ContextManager,
  context,
  propagation,
  ROOT_CONTEXT,
  type TextMapPropagator,
  trace,
} from '@opentelemetry/api';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { useLab } from '../../tools/test/lab.ts';
import { bearer, createClient } from '../client/index.ts';
import { generateKey, keyRing } from '../seal/index.ts';
import { pipeline } from '../server/index.ts';
import { createSessions } from '../session/index.ts';
import { memoryStore } from '../store/memory/index.ts';
import { createTokens } from '../tokens/index.ts';
import { openTelemetry } from './index.ts';

const secret = 'S3CRET-token-value';
const lab = useLab();

const spans = new InMemorySpanExporter();
const tracerProvider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: spans })] });
const metrics = new InMemoryMetricExporter(AggregationTemporality.DELTA);
const reader = new PeriodicExportingMetricReader({ exporter: metrics, exportIntervalMillis: 3_600_000 });
const meterProvider = new MeterProvider({ readers: [reader] });

/** The spans that are active, as the SDK for Node keeps them. */
const active = new AsyncLocalStorage<Context>();
const manager: ContextManager = {
  active: () => active.getStore() ?? ROOT_CONTEXT,
  with: (entered, work, self, ...args) => active.run(entered, () => work.call(self as never, ...args)),
  bind: (_, target) => target,
  enable: () => manager,
  disable: () => manager,
};

const w3c: TextMapPropagator = {
  inject(from, carrier, setter) {
    const { traceId, spanId } = trace.getSpanContext(from) ?? {};
    if (traceId !== undefined) setter.set(carrier, 'traceparent', `00-${traceId}-${spanId}-01`);
  },
  extract: (from) => from,
  fields: () => ['traceparent'],
};

beforeAll(() => {
  context.setGlobalContextManager(manager);
  propagation.setGlobalPropagator(w3c);
});
afterAll(async () => {
  context.disable();
  propagation.disable();
  await meterProvider.shutdown();
});
beforeEach(async () => {
  await meterProvider.forceFlush();
  metrics.reset();
  spans.reset();
});

const telemetry = openTelemetry({ tracerProvider, meterProvider });

/** Works under a span of the application, and gives it when it has ended. */
async function inSpan(work: () => Promise<unknown>) {
  const span = tracerProvider.getTracer('application').startSpan('request');
  await context.with(trace.setSpan(context.active(), span), work);
  span.end();
  return spans.getFinishedSpans().find(({ name }) => name === 'request');
}

/** What a metric has counted since the test began: attributes and a value. */
async function counted(name: string): Promise<[attributes: object, value: unknown][]> {
  await meterProvider.forceFlush();
  const scopes = metrics.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics);
  return scopes
    .flatMap((scope) => scope.metrics)
    .filter(({ descriptor }) => descriptor.name === name)
    .flatMap(({ dataPoints }) => dataPoints.map(({ attributes, value }) => [attributes, value] as const))
    .map(([attributes, value]) => [attributes, value]);
}

describe('openTelemetry', () => {
  it('counts what happens to sessions, and adds it to the active span, without user, session or secret', async () => {
    const sessions = createSessions({ store: memoryStore(), onEvent: telemetry.onSessionEvent });
    const span = await inSpan(async () => {
      const session = await sessions.open(null);
      session.login('ada@example.com');
      await sessions.commit(session);
      await sessions.open(`__Host-session=${secret}`);
    });
    expect(await counted('hallpass.session.events')).toEqual(
      expect.arrayContaining([
        [{ 'hallpass.event.type': 'login' }, 1],
        [{ 'hallpass.event.type': 'refused', 'hallpass.reason': 'session-malformed' }, 1],
      ]),
    );
    expect(span?.events.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['hallpass.session.login', 'hallpass.session.refused']),
    );
    const exported = JSON.stringify([span?.events, await counted('hallpass.session.events')]);
    expect(exported).not.toContain('ada@');
    expect(exported).not.toContain(secret);
  });

  it('says of a failing store which call failed and the kind of the error, and not its message', async () => {
    const store = { ...memoryStore(), read: () => Promise.reject(new RangeError(`redis://:${secret}@host`)) };
    const sessions = createSessions({ store, onEvent: telemetry.onSessionEvent });
    const { cookie } = await signedIn();
    await expect(sessions.open(cookie)).rejects.toThrow();
    const failed = (await counted('hallpass.session.events')).filter(([attributes]) =>
      JSON.stringify(attributes).includes('store-failed'),
    );
    expect(failed).toEqual([
      [
        {
          'hallpass.event.type': 'store-failed',
          'hallpass.operation': 'read',
          'error.type': expect.any(String),
        },
        1,
      ],
    ]);
    expect(JSON.stringify(failed)).not.toContain(secret);
  });

  it('counts what the pipeline and the tokens tell, with their reasons', async () => {
    const handler = pipeline({ origins: ['https://a.test'], onEvent: telemetry.onServerEvent })(async () => {
      throw new RangeError(secret);
    });
    await handler(new Request('https://a.test/'));
    await handler(
      new Request('https://a.test/', {
        method: 'POST',
        headers: { cookie: 'a=1', origin: 'https://b.test' },
      }),
    );
    const tokens = createTokens({
      store: memoryStore(),
      keys: keyRing(generateKey()),
      issuer: 'https://a.test',
      audience: 'https://a.test',
      onEvent: telemetry.onTokenEvent,
    });
    await tokens.authenticate(new Request('https://a.test/', { headers: { authorization: 'Bearer x.y.z' } }));
    expect(await counted('hallpass.server.events')).toEqual([
      [{ 'hallpass.event.type': 'failed', 'error.type': 'RangeError', 'http.response.status_code': 500 }, 1],
      [{ 'hallpass.event.type': 'csrf-refused', 'hallpass.reason': expect.any(String) }, 1],
    ]);
    expect(await counted('hallpass.token.events')).toEqual([
      [{ 'hallpass.event.type': 'refused', 'hallpass.reason': expect.any(String) }, 1],
    ]);
  });

  it('makes a client span of every hop below the active one, with names of secrets and no value', async () => {
    const { a, b } = lab.origins;
    const client = createClient({
      baseUrl: a,
      credentials: bearer(secret),
      onTrace: telemetry.onTrace,
      hooks: { request: [telemetry.propagate] },
    });
    const url = `/redirect-to?url=${encodeURIComponent(`${b}/missing`)}`;
    const parent = await inSpan(() => client.fetch(url));
    const { traceId, spanId } = parent?.spanContext() ?? {};
    const hops = spans.getFinishedSpans().filter((span) => span !== parent);
    expect(hops.map(({ name, parentSpanContext }) => [name, parentSpanContext?.spanId])).toEqual([
      ['GET', spanId],
      ['GET', spanId],
    ]);
    expect(hops[0]?.attributes).toMatchObject({
      'http.request.method': 'GET',
      'http.response.status_code': 302,
      'server.address': '127.0.0.1',
      'server.port': Number(new URL(a).port),
      'hallpass.secrets.sent': ['authorization'],
    });
    expect(hops[1]?.attributes).toMatchObject({
      'url.full': `${b}/missing`,
      'http.response.status_code': 404,
      'http.request.resend_count': 1,
      'error.type': '404',
      'hallpass.hop.cause': 'redirect',
      'hallpass.secrets.withheld': ['authorization'],
      'hallpass.reasons': expect.arrayContaining(['scope-other-host']),
    });
    expect(JSON.stringify(hops.map(({ attributes }) => attributes))).not.toContain(secret);
    const [first, second] = lab.log.slice(-2);
    expect(first?.headers.traceparent).toBe(`00-${traceId}-${spanId}-01`);
    expect(second?.headers.traceparent).toBe(first?.headers.traceparent);
  });

  it('measures every hop, and counts the secrets that were sent and withheld', async () => {
    const { a, b } = lab.origins;
    const client = createClient({ baseUrl: a, credentials: bearer(secret), onTrace: telemetry.onTrace });
    await client.fetch(`/redirect-to?url=${encodeURIComponent(`${b}/headers`)}`);
    const durations = await counted('http.client.request.duration');
    expect(durations).toHaveLength(2);
    expect(durations[0]?.[1]).toMatchObject({ count: 1, sum: expect.any(Number) });
    expect(await counted('hallpass.client.secrets')).toEqual([
      [{ 'hallpass.secret.kind': 'bearer', 'hallpass.secret.sent': true }, 1],
      [{ 'hallpass.secret.kind': 'bearer', 'hallpass.secret.sent': false }, 1],
    ]);
  });

  it('tells a call that failed by the code of its error', async () => {
    const client = createClient({ onTrace: telemetry.onTrace });
    await expect(client.get('http://127.0.0.1:1/')).rejects.toThrow();
    const [span] = spans.getFinishedSpans();
    expect(span?.attributes['error.type']).toBe('network');
    expect(span?.status.code).toBe(2);
  });

  it('records nothing, and breaks nothing, where no SDK is registered', async () => {
    const silent = openTelemetry();
    const client = createClient({ transport: async () => new Response(), onTrace: silent.onTrace });
    expect((await client.get('https://a.test/')).status).toBe(200);
    expect(() => openTelemetry({ tracerProvider: {} as never })).toThrow(TypeError);
  });
});

/** A session cookie. */
async function signedIn(): Promise<{ cookie: string }> {
  const sessions = createSessions({ store: memoryStore() });
  const session = await sessions.open(null);
  session.login('ada');
  const [line = ''] = await sessions.commit(session);
  return { cookie: line.split(';')[0] ?? '' };
}
