import { parseSetCookie } from '../../cookie/set-cookie.ts';
import { refuseDetached } from '../../errors/detached.ts';
import { frozen } from '../../errors/frozen.ts';
import type { ErrorCode } from '../../errors.ts';
import type { JarSnapshot } from '../../jar/index.ts';
import type { HopFacts } from '../../scope/hop.ts';
import { fromOctets } from '../../scope/octets.ts';
import { isWeb } from '../../scope/origin.ts';
import { type Reason, refused, type Verdict } from '../../scope/verdict.ts';
import { type Clock, monotonic } from '../../time.ts';
import { withOneMore } from '../with-one-more.ts';
import { toHar } from './har.ts';
import type { SentSecrets } from './redaction.ts';
import { shownUrl } from './shown-url.ts';
import { traceTable } from './table.ts';
import type { Har, Trace, TraceHop, TraceSecret, TraceSetCookie } from './types.ts';

/** What the rules are asked with at a hop. */
export interface CallHopFacts extends HopFacts {
  readonly url: URL;
  time: number;
  readonly before: readonly URL[];
}

/** What a hop leaves behind: facts and pointers, no verdict on a jar's cookie. */
export interface HopRecord {
  readonly facts: CallHopFacts;
  /** As the time of its facts, of the clock that never goes back. */
  began: number;
  readonly cause: TraceHop['cause'];
  /** What `release` said of each secret that was asked about, the cookies of the jar aside. */
  secretVerdicts: readonly TraceSecret[];
  /** As it was for this site when its cookies were chosen. Absent without a jar. */
  jar: JarSnapshot | undefined;
  /** True when the caller asked for a request without credentials. */
  readonly omit: boolean;
  readonly rewrites: readonly Reason[];
  status?: number;
  location?: string;
  set?: readonly { readonly line: string; readonly verdict: Verdict }[];
  stopped?: Reason;
  error?: ErrorCode;
  ms: number;
}

const none: readonly never[] = [];

/** Of this package, as its manifest says. */
const version = '0.2.0';

/*
 * What the driver of a call does with its trace. No method of the trace: callers have that object, and its records hold what
 * must not be shown.
 */

/** Adds a hop that is about to be sent. */
export let beginHop: (trace: CallTrace, record: HopRecord) => void;
/** Notes the error that ended the call, at the hop where it happened. `clock`: when it happened. */
export let endHop: (trace: CallTrace, code: ErrorCode, clock: Clock) => void;
/** The text with every secret of the call blacked out. */
export let redactFor: (trace: CallTrace, text: string) => string;
/** The hops as they are known inside. */
export let recordsOf: (trace: CallTrace) => readonly HopRecord[];

/** The trace of a running call: records go in, hops come out when somebody asks. */
export class CallTrace implements Trace {
  #records: readonly HopRecord[] = none;
  readonly #secrets: SentSecrets;

  constructor(secrets: SentSecrets) {
    this.#secrets = secrets;
  }

  static {
    refuseDetached(CallTrace, (object) => #secrets in object, 'trace');
    beginHop = (trace, record) => {
      trace.#records = withOneMore(trace.#records, record);
    };
    endHop = (trace, code, clock) => {
      const last = trace.#records.at(-1);
      if (last === undefined) return;
      last.error = code;
      if (last.status === undefined) last.ms = Math.round(monotonic(clock) - last.began);
    };
    redactFor = (trace, text) => trace.#secrets.redact(text);
    recordsOf = (trace) => trace.#records;
  }

  get hops(): readonly TraceHop[] {
    return frozen(this.#records.map((record) => readRecord(record, this.#secrets)));
  }

  toString(): string {
    return traceTable(this.hops);
  }

  toJSON(): { hops: readonly TraceHop[] } {
    return { hops: this.hops };
  }

  toHAR(): Har {
    return toHar(this.hops, version);
  }

  /** What Node's `console.log` shows. */
  static {
    Object.defineProperty(CallTrace.prototype, Symbol.for('nodejs.util.inspect.custom'), {
      value(this: CallTrace): string {
        return this.toString();
      },
    });
  }
}

function readRecord(record: HopRecord, sent: SentSecrets): TraceHop {
  const { facts, status, location, stopped, error } = record;
  const { url, method, time } = facts;
  return {
    url: sent.redact(shownUrl(url)),
    method,
    cause: record.cause,
    ...(status !== undefined && { status }),
    ...(location !== undefined && { location: sent.redact(shownLocation(location, url)) }),
    secrets: [...record.secretVerdicts, ...jarSecrets(record)],
    otherCookies: record.jar?.otherCookies ?? 0,
    cookies: { set: (record.set ?? []).map((one) => readSetCookie(one, sent)) },
    rewrites: [...record.rewrites],
    ...(stopped !== undefined && { stopped }),
    ...(error !== undefined && { error }),
    startedAt: time,
    ms: record.ms,
  };
}

function jarSecrets(record: HopRecord): TraceSecret[] {
  const { jar, facts, omit, secretVerdicts } = record;
  if (jar === undefined) return [];
  const literal = new Set(secretVerdicts.filter(isSentCookie).map(({ name }) => name));
  return jar.select(facts).map(({ cookie: { name }, verdict }) => {
    if (verdict.allowed && omit) verdict = refused('credentials-omitted');
    else if (verdict.allowed && literal.has(name))
      verdict = refused('explicit-wins', { name, winner: "this call's own Cookie header" });
    return { name, kind: 'cookie', verdict };
  });
}

/** A cookie among the secrets that were asked about at once is a literal one, which took the place of the jar's. */
const isSentCookie = ({ kind, verdict }: TraceSecret) => kind === 'cookie' && verdict.allowed;

/** All that a server says of a cookie, but its value: it may have written a secret anywhere. */
function readSetCookie(
  { line, verdict }: { line: string; verdict: Verdict },
  sent: SentSecrets,
): TraceSetCookie {
  const { value: _, ...facts } = parseSetCookie(fromOctets(line)) ?? { name: '', value: '' };
  return { ...shownFacts(facts, sent), verdict: shownVerdict(verdict, sent) };
}

function shownVerdict(verdict: Verdict, sent: SentSecrets): Verdict {
  if (verdict.allowed && verdict.warnings.length === 0) return verdict;
  const shown = (reason: Reason) => ({
    ...reason,
    sentence: sent.redact(reason.sentence),
    ...(reason.facts !== undefined && { facts: shownFacts(reason.facts, sent) }),
  });
  return {
    ...verdict,
    reasons: verdict.reasons.map(shown),
    warnings: verdict.warnings.map(shown),
  } as Verdict;
}

/** The same record with its texts blacked out. */
function shownFacts<Facts extends object>(facts: Facts, sent: SentSecrets): Facts {
  const shown = Object.entries(facts).map(([name, fact]) => [
    name,
    typeof fact === 'string' ? sent.redact(fact) : fact,
  ]);
  return Object.fromEntries(shown) as Facts;
}

/** A Location as it was written, as far as it may be shown; relative ones stay relative. */
function shownLocation(location: string, base: URL): string {
  const url = URL.parse(location, base.href);
  if (url === null) return '(not a URL)';
  if (!isWeb(url)) return `${url.protocol}…`;
  const shown = shownUrl(url);
  return /^[a-z][a-z\d+.-]*:/i.test(location) || url.origin !== base.origin
    ? shown
    : shown.slice(url.origin.length);
}
