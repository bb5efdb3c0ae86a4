import {
  type EngineName,
  engines,
  type Journey,
  type JourneyName,
  type LintedCookie,
  type LintedExchange,
  type LintFinding,
  lintExchanges,
  type RecordingKind,
  readExchanges,
} from 'hallpass';
import { publicSuffixes } from 'hallpass/jar';
import { explain } from 'hallpass/why';

/** What somebody put into the page. */
export interface Question {
  readonly text: string;
  /** Where a line or a definition comes from. */
  readonly from?: string;
  readonly journey?: JourneyName;
}

/** Something found, with what to do about it. */
export interface PageFinding {
  readonly code: string;
  readonly level: LintFinding['level'];
  readonly sentence: string;
  readonly fix: string;
  readonly source: string;
  readonly why: string;
}

/** What becomes of a cookie on one journey. */
export interface Outcome {
  readonly title: string;
  readonly journey: JourneyName;
  /** By the standard. */
  readonly outcome: Word;
  readonly findings: readonly PageFinding[];
  /** What each engine does, and why not, where that is not what the standard says. */
  readonly engines: readonly { readonly title: string; readonly outcome: Word; readonly why: string }[];
}

type Word = 'sent' | 'not sent' | 'not kept';

export interface CookieAnswer {
  readonly name: string;
  readonly from: string;
  readonly findings: readonly PageFinding[];
  /** How many more there are than are shown. */
  readonly more: number;
  readonly outcomes: readonly Outcome[];
}

export interface RequestAnswer {
  readonly title: string;
  readonly findings: readonly PageFinding[];
  /** How many more there are than are shown. */
  readonly more: number;
}

/** What the page shows. Holds no value of a cookie or a header. */
export type PageAnswer =
  | { readonly problem: string }
  | {
      readonly kind: RecordingKind;
      readonly cookies: readonly CookieAnswer[];
      readonly requests: readonly RequestAnswer[];
    };

/** More is refused: it is read in the page that shows it. */
export const mostText = 8_000_000;
export const tooLarge = 'That is over 8 MB: save a HAR file of the few requests that matter.';
/** The same for requests, and for cookies that their answers set: a cookie takes a millisecond, in the page that shows it. */
const mostOfEach = 1_000;
/** Of one cookie or request: a line of any length has a finding for each of its parts. */
const mostFindings = 50;

/** The answer to what was pasted. Nothing of it is run, and nothing throws for it. */
export function judge({ text, from, journey }: Question): PageAnswer {
  if (text.trim() === '') return { problem: 'Paste something above, or pick an example.' };
  if (text.length > mostText) return { problem: tooLarge };
  const url = from === undefined || from.trim() === '' ? undefined : URL.parse(from.trim());
  if (url === null || (url !== undefined && !/^https?:$/.test(url.protocol)))
    return { problem: 'The address has to be a whole URL, as https://app.example.com/login.' };
  const recording = readExchanges(text, url);
  if (recording === undefined) {
    return {
      problem: 'That is no Set-Cookie line, no output of curl -v, no HAR file and no definition of a cookie.',
    };
  }
  const lines = recording.exchanges.flatMap(({ responseHeaders = [] }) =>
    responseHeaders.filter(([name]) => name.toLowerCase() === 'set-cookie'),
  );
  if (recording.exchanges.length > mostOfEach || lines.length > mostOfEach)
    return { problem: 'That is over 1,000 requests or cookies: save a HAR file of the few that matter.' };
  const linted = lintExchanges(recording.exchanges, {
    suffixes: publicSuffixes,
    engines: true,
    ...(journey && { journey }),
  });
  return {
    kind: recording.kind,
    cookies: linted.flatMap((exchange) =>
      exchange.cookies.map((cookie) => cookieAnswer(cookie, exchange, journey)),
    ),
    requests: linted.flatMap((exchange) => requestAnswer(exchange)),
  };
}

function cookieAnswer(
  { cookie, findings, journeys, engines: walked }: LintedCookie,
  { url }: LintedExchange,
  asked: JourneyName | undefined,
): CookieAnswer {
  const first = (one: Journey) => Number(one.journey !== asked);
  return {
    name: cookie === undefined ? '(ignored whole)' : cookie.name || '(nameless)',
    from: url ?? '',
    ...shownFindings(findings),
    outcomes: [...journeys].sort((a, b) => first(a) - first(b)).map((one) => outcomeOf(one, walked)),
  };
}

function outcomeOf(standard: Journey, walked: LintedCookie['engines']): Outcome {
  const { title, journey, sent } = standard;
  const names = Object.keys(walked ?? {}) as EngineName[];
  return {
    title,
    journey,
    outcome: wordOf(standard),
    findings: sent.reasons.map((one) => findingOf({ ...one, level: 'note' })),
    // That journey is what one browser does otherwise.
    engines: (journey === 'safari-localhost' ? [] : names).flatMap((name) => {
      const walk = walked?.[name].find((one) => one.journey === journey);
      if (walk === undefined) return [];
      const why = walk.sent.reasons.map(({ sentence }) => sentence).join(' ');
      return [{ title: engines[name].title, outcome: wordOf(walk), why }];
    }),
  };
}

const wordOf = ({ stored, sent }: Journey): Word =>
  stored.allowed ? (sent.allowed ? 'sent' : 'not sent') : 'not kept';

function requestAnswer({ url = '', method, status, findings }: LintedExchange): RequestAnswer[] {
  if (findings.length === 0) return [];
  const answer = status === undefined ? 'no answer' : String(status);
  return [{ title: `${method} ${url}, ${answer}`, ...shownFindings(findings) }];
}

const shownFindings = (findings: readonly LintFinding[]) => ({
  findings: findings.slice(0, mostFindings).map(findingOf),
  more: Math.max(0, findings.length - mostFindings),
});

function findingOf({ code, level, sentence, fix, source }: LintFinding): PageFinding {
  const explained = explain(code);
  const plain = (text: string | undefined) => text?.replaceAll('`', '') ?? '';
  return { code, level, sentence, fix: fix ?? plain(explained?.fix), source, why: plain(explained?.why) };
}
