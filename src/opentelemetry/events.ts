import { type Attributes, type Meter, trace } from '@opentelemetry/api';
import { kindOfError } from '../errors/kind-of-error.ts';
import { expectEvent } from '../errors/kinds.ts';
import type { Reason } from '../scope/verdict.ts';

/** What the events of sessions, tokens and the pipeline have in common. */
interface AnyEvent {
  readonly type: string;
  readonly at: number;
}

/** Facts of events that are words of a closed set. A fact that is not listed is told to nobody: it may be a user or a key. */
const words = ['reason', 'outcome', 'operation', 'what', 'of'] as const;

/** Counts events by type, and adds them to the span that is active. */
export function eventRecorder<Event extends AnyEvent>(
  meter: Meter,
  part: 'session' | 'token' | 'server',
  description: string,
): (event: Event) => void {
  const counter = meter.createCounter(`hallpass.${part}.events`, { unit: '{event}', description });
  return (event) => {
    expectEvent(event, `on${part[0]?.toUpperCase()}${part.slice(1)}Event of openTelemetry`);
    const attributes = attributesOf(event);
    counter.add(1, { 'hallpass.event.type': event.type, ...attributes });
    trace.getActiveSpan()?.addEvent(`hallpass.${part}.${event.type}`, attributes, event.at);
  };
}

function attributesOf(event: AnyEvent): Attributes {
  const facts = event as AnyEvent & {
    readonly [Word in (typeof words)[number]]?: unknown;
  } & {
    readonly reasons?: readonly Reason[];
    readonly cause?: unknown;
    readonly error?: unknown;
    readonly status?: number;
  };
  const attributes: Attributes = {};
  for (const word of words) {
    const value = facts[word];
    if (typeof value === 'string') attributes[`hallpass.${word}`] = value;
  }
  const [reason] = facts.reasons ?? [];
  if (reason !== undefined) attributes['hallpass.reason'] = reason.code;
  // Of a session that is gone it is a word; elsewhere it is what was thrown.
  if (facts.type === 'gone') attributes['hallpass.cause'] = String(facts.cause);
  else if (facts.cause !== undefined) attributes['error.type'] = kindOfError(facts.cause) ?? '_OTHER';
  if (facts.error !== undefined) attributes['error.type'] = kindOfError(facts.error) ?? '_OTHER';
  if (facts.status !== undefined) attributes['http.response.status_code'] = facts.status;
  return attributes;
}
