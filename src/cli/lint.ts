import { CallError } from '../client/index.ts';
import {
  type EngineName,
  engines,
  type Journey,
  type JourneyName,
  journeyNames,
  type LintedExchange,
  type LintFinding,
  type LintLevel,
  lintExchanges,
  type RecordedExchange,
  readExchanges,
} from '../index.ts';
import { publicSuffixes } from '../jar/index.ts';
import { systemClock } from '../time.ts';
import { readArguments } from './arguments.ts';
import { type Command, Failure, type Io, Misuse } from './command.ts';
import { type CookieRow, rowOfLine, rowText } from './cookie-row.ts';
import { readFileText } from './input.ts';
import { openClient, readRequest, requestOptions, requestUsage } from './request.ts';
import { explainHint, print, printJson } from './terminal.ts';
import { readUrl } from './url.ts';

const usage = `hallpass lint URL [-X METHOD] [-d TEXT] [-H 'Name: value'] [--json] …
hallpass lint --header 'Set-Cookie: …' [--from URL] [--json]
hallpass lint --har FILE | --curl FILE | --definition FILE [--from URL] [--json]

Says what browsers make of the cookies that a server sets: whether they keep and
send them, and what its author may not have meant. With a URL a request is sent,
and the cookies of every answer are read, redirects included. Of several
requests it says too which cookie or token did not come along, and why.

  --header LINE       without a URL: one Set-Cookie line; nothing is fetched
  --from URL          the URL that it came from (default: https, from a host of
                      its Domain)
  --har FILE          the requests of a HAR file, as browsers save it
  --curl FILE         what curl -v printed; '-' is standard input, here too
  --definition FILE   the options of a cookie, as a program writes them; not run
  --journey NAME      where the cookie is missed, as cross-site-link
  --engine NAME       judges as that browser does: chromium, firefox or webkit
                      (default: by the standard)
  --json              the same as data

${requestUsage}
Exit: 0 no more than notes, 1 errors or warnings, 2 a wrong command line. No
cookie's value is ever printed. hallpass why CODE tells more of a code in ( ).
`;

const options = {
  ...requestOptions,
  from: { type: 'string' },
  har: { type: 'string' },
  curl: { type: 'string' },
  definition: { type: 'string' },
  journey: { type: 'string' },
  engine: { type: 'string' },
  json: { type: 'boolean' },
} as const;

export const lint: Command = {
  usage,
  options,

  async run(args, io) {
    const { exchanges, failure, json, journey, engine } = await readLint(args, io);
    const linted = lintExchanges(exchanges, {
      suffixes: publicSuffixes,
      ...(journey && { journey }),
      ...(engine && { engine }),
    });
    const cookies = linted.flatMap((one, at) => cookiesOf(one, exchanges[at]!));
    const requests = linted
      .filter(({ findings }) => findings.length > 0)
      .map(({ url, method, status, findings }) => ({ url, method, status, findings }));
    if (json) printJson(io, { ...(engine && { engine }), cookies, requests });
    else print(io, textOf(cookies, requests, engine));
    if (failure !== undefined) throw new Failure(failure);
    const findings = [...cookies, ...requests].flatMap((one) => one.findings);
    return findings.every(({ level }) => level === 'note') ? 0 : 1;
  },
};

interface Asked {
  readonly exchanges: readonly RecordedExchange[];
  /** On which the cookies are missed. */
  readonly journey?: JourneyName;
  /** By whose rules they are judged. */
  readonly engine?: EngineName;
  /** Why there are no more answers. */
  readonly failure?: string;
  readonly json: boolean;
}

async function readLint(args: readonly string[], io: Io): Promise<Asked> {
  const given = readArguments(args, options);
  const {
    json: wantsJson,
    from,
    har,
    curl,
    definition,
    journey,
    engine,
    header,
    ...forRequest
  } = given.values;
  const asked = {
    json: wantsJson === true,
    ...(journey !== undefined && { journey: readJourney(journey) }),
    ...(engine !== undefined && { engine: readEngine(engine) }),
  };
  if (given.positionals.length > 0) {
    const stray = Object.entries({ har, curl, definition, from }).find(([, value]) => value !== undefined);
    if (stray !== undefined) throw new Misuse(`--${stray[0]} goes without a URL.`);
    if (header?.some((one) => /^set-cookie:/i.test(one)))
      throw new Misuse('A Set-Cookie line goes without a URL, or with it in --from.');
    return { ...(await fetchExchanges(given, io)), ...asked };
  }
  const [stray] = Object.keys(forRequest);
  if (stray !== undefined) throw new Misuse(`--${stray} goes with a URL.`);
  const sources = [...(header ?? []), har, curl, definition].filter((source) => source !== undefined);
  if (sources.length !== 1)
    throw new Misuse('lint takes one of URL, --header, --har, --curl and --definition.');
  if (from !== undefined && header === undefined && definition === undefined)
    throw new Misuse('--from goes with --header and --definition.');
  const url = from === undefined ? undefined : readUrl('--from', from);
  if (header?.[0] !== undefined) return { exchanges: [exchangeOfLine(header[0], url)], ...asked };
  const [option, file] = Object.entries({ har, curl, definition }).find(([, value]) => value !== undefined)!;
  const recording = readExchanges(await readFileText(`--${option}`, file ?? '', io), url);
  if (recording?.kind !== option) throw new Misuse(`--${option} takes ${wanted[option]}.`);
  return { exchanges: recording.exchanges, ...asked };
}

const wanted: Readonly<Record<string, string>> = {
  har: 'a HAR file: JSON with log.entries',
  curl: 'what curl -v printed, with its < and >',
  definition: 'the options of a cookie, in { }',
};

function readJourney(name: string): JourneyName {
  const known = journeyNames.find((one) => one === name);
  if (known !== undefined) return known;
  throw new Misuse('--journey takes a name that --json shows, as cross-site-link.');
}

function readEngine(name: string): EngineName {
  if (Object.hasOwn(engines, name)) return name as EngineName;
  throw new Misuse(`--engine takes ${Object.keys(engines).join(', ')}.`);
}

function exchangeOfLine(header: string, url: URL | undefined): RecordedExchange {
  const line = /^set-cookie:(.*)$/is.exec(header)?.[1];
  if (line === undefined) throw new Misuse("--header takes a whole header, as 'Set-Cookie: name=value'.");
  return {
    ...(url !== undefined && { url }),
    time: systemClock.now(),
    responseHeaders: [['set-cookie', line.trim()]],
  };
}

async function fetchExchanges(
  given: Parameters<typeof readRequest>[0],
  io: Io,
): Promise<Pick<Asked, 'exchanges' | 'failure'>> {
  const request = await readRequest(given, io);
  const exchanges: RecordedExchange[] = [];
  const keep = ({ headers, status }: Response, hop: { url: string; method: string }) => {
    exchanges.push({
      url: new URL(hop.url),
      method: hop.method,
      status,
      time: systemClock.now(),
      responseHeaders: [...headers],
    });
  };
  try {
    await using opened = await openClient(request, { hooks: { response: [keep] } });
    const response = await opened.client.fetch(request.url, request.init);
    await response.body?.cancel();
    return { exchanges };
  } catch (error) {
    if (io.signal?.aborted) return { exchanges, failure: 'Interrupted.' };
    if (error instanceof CallError) return { exchanges, failure: error.message };
    throw error instanceof TypeError ? new Misuse(error.message) : error;
  }
}

/** One Set-Cookie line, judged. Holds no value. */
interface Linted {
  /** Absent for a line that is ignored whole. */
  readonly name?: string;
  /** What browsers' tools would show of it, its value masked. */
  readonly cookie?: CookieRow;
  /** The URL that it came from, without query and user. */
  readonly from?: string;
  readonly findings: readonly LintFinding[];
  readonly journeys: readonly Journey[];
}

function cookiesOf({ url, cookies }: LintedExchange, { time }: RecordedExchange): Linted[] {
  return cookies.map(({ cookie, isEmpty, findings, journeys }) => ({
    ...(cookie !== undefined && {
      name: cookie.name,
      cookie: rowOfLine(
        { ...cookie, value: isEmpty ? '' : '-' },
        url === undefined ? undefined : new URL(url),
        time ?? systemClock.now(),
      ),
    }),
    ...(url !== undefined && { from: url }),
    findings,
    journeys,
  }));
}

type LintedRequest = Pick<LintedExchange, 'url' | 'method' | 'status' | 'findings'>;

function textOf(
  cookies: readonly Linted[],
  requests: readonly LintedRequest[],
  engine: EngineName | undefined,
): string {
  const all = [...requests, ...cookies].flatMap(({ findings }) => findings);
  if (cookies.length === 0 && all.length === 0) return 'No cookie was set.';
  const of = (wanted: LintLevel) => all.filter(({ level }) => level === wanted);
  const [errors, warnings, notes] = [of('error'), of('warning'), of('note')];
  const by = engine === undefined ? '' : ` (by the rules of ${engines[engine].title})`;
  const total = `cookies: ${cookies.length}, errors: ${errors.length}, warnings: ${warnings.length}, notes: ${notes.length}${by}`;
  const more = explainHint([...errors, ...warnings, ...notes].map(({ code }) => code));
  return `${[...cookies.map(textOfCookie), ...requests.map(textOfRequest)].join('\n')}\n${total}${more}`;
}

function textOfRequest({ url, method, status, findings }: LintedRequest): string {
  const lines = [`${method} ${url ?? ''}  ${status ?? 'no answer'}`, ...findings.map(textOfFinding)];
  return `${lines.join('\n')}\n`;
}

const textOfFinding = ({ level, code, sentence, fix, source }: LintFinding) =>
  `  ${level.padEnd(9)}${sentence}${fix === undefined ? '' : ` ${fix}`} (${code}, ${source})`;

function textOfCookie({ name, cookie, from, findings, journeys }: Linted): string {
  const title = name === undefined ? '(ignored whole)' : name === '' ? '(nameless)' : name;
  const lines = [from === undefined ? title : `${title}  from ${from}`];
  if (cookie !== undefined) lines.push(`  ${rowText(cookie)}`);
  lines.push(...findings.map(textOfFinding));
  for (const { title, stored, sent } of journeys) {
    const outcome = stored.allowed ? (sent.allowed ? 'sent' : 'not sent') : 'not stored';
    const why = sent.reasons.map(({ sentence }) => ` ${sentence}`).join('');
    lines.push(`  ${outcome.padEnd(12)}${title}${why === '' ? '' : `:${why}`}`);
  }
  return `${lines.join('\n')}\n`;
}
