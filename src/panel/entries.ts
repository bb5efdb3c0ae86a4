import type { Trace, TraceHop } from '../client/trace/types.ts';
import type { LintedCookie, LintedExchange } from '../cookie/lint-exchanges.ts';
import { kindOfError } from '../errors/kind-of-error.ts';
import type { LintFinding, LintLevel } from '../scope/lint-finding.ts';
import type { Reason, Verdict } from '../scope/verdict.ts';
import { explain } from '../why/index.ts';

/** Something to know of a request: a sentence, and what to do. Holds no secret's value. */
export interface PanelFinding {
  readonly code: string;
  readonly level: LintLevel;
  readonly sentence: string;
  readonly fix: string;
}

/** A cookie that an answer set. */
interface PanelCookie {
  readonly name: string;
  /** Undefined for a line that is ignored whole. */
  readonly kept: boolean;
  readonly findings: readonly PanelFinding[];
}

/** What a session, a token or the pipeline told. */
export interface PanelEvent {
  readonly of: 'session' | 'token' | 'server';
  readonly type: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Words that the event holds, as `user ada`; never a value of a cookie, a token or a key of data. */
  readonly facts: readonly string[];
  readonly findings: readonly PanelFinding[];
}

/** One request of a call that the server made while it answered. */
interface PanelHop {
  readonly method: string;
  /** As the trace has it: without userinfo, and with secrets blacked out. */
  readonly url: string;
  readonly status?: number;
  readonly sent: readonly string[];
  readonly findings: readonly PanelFinding[];
}

/** A call of a client. */
export interface PanelTrace {
  readonly hops: readonly PanelHop[];
}

/** The request and its answer, as far as they are known by now. */
export interface PanelExchange {
  readonly method: string;
  /** Without its query, and the parameters of its segments masked: they may hold secrets. */
  readonly path: string;
  readonly status?: number;
  readonly cookies: readonly PanelCookie[];
  readonly findings: readonly PanelFinding[];
  /** Whether the request might change state (CSRF); absent where nobody asked. */
  readonly csrf?: 'allowed' | 'refused';
}

/** Everything of one request; what belongs to none has no exchange. */
export interface PanelEntry {
  readonly id: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly exchange?: PanelExchange;
  readonly events: readonly PanelEvent[];
  readonly traces: readonly PanelTrace[];
}

/** Of what one request did, no more of a kind is kept than is looked at. */
export const mostOfEntry = 50;
/** A text of a request or an event is cut at this many characters. */
const longestText = 300;

/** As many of them as are kept of one request. */
export const few = <One>(all: readonly One[]): readonly One[] => all.slice(0, mostOfEntry);
const short = (text: string): string =>
  text.length > longestText ? `${text.slice(0, longestText - 1)}…` : text;

function findingOfLint({ code, level, sentence, fix }: LintFinding): PanelFinding {
  return { code, level, sentence: short(sentence), fix: fix ?? fixOf(code) };
}

function findingOfReason({ code, sentence }: Reason, level: LintLevel = 'warning'): PanelFinding {
  return { code, level, sentence: short(sentence), fix: fixOf(code) };
}

const fixOf = (code: string) => explain(code)?.fix.replaceAll('`', '') ?? '';

/** What is known of an exchange that has begun. */
export const begunExchange = (method: string, path: string): PanelExchange => ({
  method: short(method),
  path: short(path),
  cookies: [],
  findings: [],
});

/** What the panel shows of an exchange that was judged. */
export function exchangeOf(
  { method, status, cookies, findings }: LintedExchange,
  path: string,
  csrf: Verdict | undefined,
): PanelExchange {
  return {
    ...begunExchange(method, path),
    ...(status !== undefined && { status }),
    cookies: few(cookies).map(cookieOf),
    findings: few(findings).map(findingOfLint),
    ...(csrf && { csrf: csrf.allowed ? ('allowed' as const) : ('refused' as const) }),
  };
}

function cookieOf({ cookie, stored, findings }: LintedCookie): PanelCookie {
  return {
    name: cookie === undefined ? '(ignored whole)' : short(cookie.name) || '(nameless)',
    kept: cookie !== undefined && stored?.allowed !== false,
    findings: few(findings).map(findingOfLint),
  };
}

export function traceOfPanel({ hops }: Trace): PanelTrace {
  return { hops: few(hops).map(hopOfPanel) };
}

function hopOfPanel({ method, url, status, secrets, cookies, rewrites, stopped, error }: TraceHop): PanelHop {
  const withheld = secrets.flatMap(({ verdict }) => verdict.reasons);
  const refused = cookies.set.flatMap(({ verdict }) => verdict.reasons);
  const changed = [...rewrites, ...(stopped ? [stopped] : [])];
  const failed = error === undefined ? undefined : explain(error);
  return {
    method,
    url: short(url.replace(/[?#].*$/s, '')),
    ...(status !== undefined && { status }),
    sent: few(secrets.filter(({ verdict }) => verdict.allowed)).map(({ name }) => short(name)),
    findings: few([
      ...refused.map((one) => findingOfReason(one)),
      ...withheld.map((one) => findingOfReason(one, 'note')),
      ...changed.map((one) => findingOfReason(one, 'note')),
      ...(failed
        ? [{ code: failed.code, level: 'error' as const, sentence: failed.sentence, fix: failed.fix }]
        : []),
    ]),
  };
}

/** What the events of sessions, tokens and the pipeline have in common. */
interface AnyEvent {
  readonly type: string;
  readonly at: number;
}

/** Facts that are words or counts and no secrets. A fact that is not listed is not shown. */
const shownFacts = [
  'user',
  'outcome',
  'operation',
  'cause',
  'count',
  'status',
  'name',
  'cookie',
  'family',
] as const;

/** What the panel shows of an event: listed facts, and its reasons as findings. What was thrown is named by its code alone. */
export function eventOfPanel(of: PanelEvent['of'], event: AnyEvent): PanelEvent {
  const given = event as AnyEvent & { readonly [name: string]: unknown };
  const facts = shownFacts.flatMap((name) => {
    const value = given[name];
    return typeof value === 'string' || typeof value === 'number' ? [short(`${name} ${value}`)] : [];
  });
  const thrown = given.error ?? (given.cause instanceof Error ? given.cause : undefined);
  const { reason } = given;
  const code = typeof reason === 'string' ? explain(reason) : undefined;
  const reasons = (given.reasons ?? []) as readonly Reason[];
  return {
    of,
    type: event.type,
    at: event.at,
    facts: [...facts, ...(thrown === undefined ? [] : [`failed with ${kindOfError(thrown) ?? 'no Error'}`])],
    findings: [
      ...few(reasons).map((one) => findingOfReason(one)),
      ...(code ? [{ code: code.code, level: 'note' as const, sentence: code.sentence, fix: code.fix }] : []),
    ],
  };
}
