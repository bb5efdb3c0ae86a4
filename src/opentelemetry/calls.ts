import {
  type Attributes,
  type Meter,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
} from '@opentelemetry/api';
import type { Trace, TraceHop } from '../client/trace/types.ts';
import { expectTrace } from '../errors/kinds.ts';

/** Methods that the conventions know; another one could be anything. */
const methods = /^(?:CONNECT|DELETE|GET|HEAD|OPTIONS|PATCH|POST|PUT|QUERY|TRACE)$/;

/** The buckets that the conventions ask for, in seconds. */
const explicitBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/** Makes a CLIENT span of every hop, and measures it. https://opentelemetry.io/docs/specs/semconv/http/ */
export function callRecorder(tracer: Tracer, meter: Meter): (trace: Trace) => void {
  const duration = meter.createHistogram('http.client.request.duration', {
    unit: 's',
    description: 'Duration of HTTP client requests, until the headers of the answer.',
    advice: { explicitBucketBoundaries },
  });
  const secrets = meter.createCounter('hallpass.client.secrets', {
    unit: '{secret}',
    description: 'Secrets that the client knew of at a hop, sent or withheld.',
  });
  return (trace) => {
    expectTrace(trace, 'onTrace of openTelemetry');
    const { hops } = trace;
    for (const [resent, hop] of hops.entries()) {
      const attributes = attributesOf(hop);
      duration.record(hop.ms / 1000, attributes);
      for (const { kind, verdict } of hop.secrets)
        secrets.add(1, { 'hallpass.secret.kind': kind, 'hallpass.secret.sent': verdict.allowed });
      const name = methods.test(hop.method) ? hop.method : 'HTTP';
      const span = tracer.startSpan(name, { kind: SpanKind.CLIENT, startTime: hop.startedAt, attributes });
      if (span.isRecording()) describe(span, hop, resent);
      span.end(hop.startedAt + hop.ms);
    }
  };
}

/** What the histogram and the span have in common: few values each. */
function attributesOf({ method, url, status, error }: TraceHop): Attributes {
  const { hostname, port, protocol } = new URL(url);
  const failure = error ?? (status !== undefined && status >= 400 ? String(status) : undefined);
  return {
    'http.request.method': methods.test(method) ? method : '_OTHER',
    'server.address': hostname,
    'server.port': Number(port || (protocol === 'https:' ? 443 : 80)),
    ...(status !== undefined && { 'http.response.status_code': status }),
    ...(failure !== undefined && { 'error.type': failure }),
  };
}

/** The URL is that of the trace, without userinfo and with secrets blacked out; of secrets there are names and reasons. */
function describe(span: Span, hop: TraceHop, resent: number): void {
  const { url, method, status, error, cause, secrets } = hop;
  span.setAttribute('url.full', url);
  span.setAttribute('hallpass.hop.cause', cause);
  if (resent > 0) span.setAttribute('http.request.resend_count', resent);
  if (!methods.test(method)) span.setAttribute('http.request.method_original', method);
  const named = (allowed: boolean) => secrets.filter(({ verdict }) => verdict.allowed === allowed);
  const [sent, withheld] = [named(true), named(false)];
  if (sent.length > 0)
    span.setAttribute(
      'hallpass.secrets.sent',
      sent.map(({ name }) => name),
    );
  if (withheld.length > 0) {
    span.setAttribute(
      'hallpass.secrets.withheld',
      withheld.map(({ name }) => name),
    );
    const reasons = withheld.flatMap(({ verdict }) => verdict.reasons.map(({ code }) => code));
    span.setAttribute('hallpass.reasons', [...new Set(reasons)]);
  }
  if (error !== undefined || (status ?? 0) >= 400) span.setStatus({ code: SpanStatusCode.ERROR });
}
