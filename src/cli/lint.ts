import { CallError } from '../client/index.ts';
import {
  type Journey,
  journeys,
  type LintFinding,
  type LintLevel,
  lintSetCookie,
  parseSetCookie,
} from '../index.ts';
import { publicSuffixes } from '../jar/index.ts';
import { systemClock } from '../time.ts';
import { readArguments } from './arguments.ts';
import { type Command, Failure, type Io, Misuse } from './command.ts';
import { type CookieRow, rowOfLine, rowText } from './cookie-row.ts';
import { type AnswerToLint, answersOfHar } from './har.ts';
import { readFileText } from './input.ts';
import { openClient, readRequest, requestOptions, requestUsage } from './request.ts';
import { explainHint, print, printJson } from './terminal.ts';
import { readUrl } from './url.ts';

const usage = `hallpass lint URL [-X METHOD] [-d TEXT] [-H 'Name: value'] [--json] …
hallpass lint --header 'Set-Cookie: …' [--from URL] [--json]
hallpass lint --har FILE [--json]

Says what browsers make of the cookies that a server sets: whether they keep and
send them, and what its author may not have meant. With a URL a request is sent,
and the cookies of every answer are read, redirects included.

  --header LINE       without a URL: one Set-Cookie line; nothing is fetched
  --from URL          the URL that the line came from (default: https, from a
                      host of its Domain)
  --har FILE          the answers of a HAR file, as browsers save it
  --json              the same as data

${requestUsage}
Exit: 0 no more than notes, 1 errors or warnings, 2 a wrong command line. No
cookie's value is ever printed. hallpass why CODE tells more of a code in ( ).
`;

const options = {
  ...requestOptions,
  from: { type: 'string' },
  har: { type: 'string' },
  json: { type: 'boolean' },
} as const;

export const lint: Command = {
  usage,
  options,

  async run(args, io) {
    const { answers, failure, json } = await readLint(args, io);
    const cookies = answers.flatMap(lintAnswer);
    if (json) printJson(io, { cookies });
    else print(io, textOf(cookies));
    if (failure !== undefined) throw new Failure(failure);
    const clean = cookies.every(({ findings }) => findings.every(({ level }) => level === 'note'));
    return clean ? 0 : 1;
  },
};

interface Asked {
  readonly answers: readonly AnswerToLint[];
  /** Why there are no more answers. */
  readonly failure?: string;
  readonly json: boolean;
}

async function readLint(args: readonly string[], io: Io): Promise<Asked> {
  const given = readArguments(args, options);
  const { json: wantsJson, from, har, header, ...forRequest } = given.values;
  const json = wantsJson === true;
  const [line, ...lines] = header ?? [];
  if (given.positionals.length > 0) {
    if (har !== undefined || from !== undefined) throw new Misuse('--har and --from go without a URL.');
    if (header?.some((one) => /^set-cookie:/i.test(one)))
      throw new Misuse('A Set-Cookie line goes without a URL, or with it in --from.');
    return { ...(await fetchAnswers(given, io)), json };
  }
  const [stray] = Object.keys(forRequest);
  if (stray !== undefined) throw new Misuse(`--${stray} goes with a URL.`);
  if ((line === undefined) === (har === undefined) || lines.length > 0)
    throw new Misuse('lint takes one of URL, --header and --har.');
  if (from !== undefined && line === undefined) throw new Misuse('--from goes with --header.');
  if (line !== undefined) return { answers: [answerOfLine(line, from)], json };
  return { answers: answersOfHar(await readFileText('--har', har ?? '', io)), json };
}

function answerOfLine(header: string, from: string | undefined): AnswerToLint {
  const line = /^set-cookie:(.*)$/is.exec(header)?.[1];
  if (line === undefined) throw new Misuse("--header takes a whole header, as 'Set-Cookie: name=value'.");
  const url = from === undefined ? undefined : readUrl('--from', from);
  return { url, time: systemClock.now(), lines: [line.trim()] };
}

async function fetchAnswers(given: Parameters<typeof readRequest>[0], io: Io): Promise<Omit<Asked, 'json'>> {
  const request = await readRequest(given, io);
  const answers: AnswerToLint[] = [];
  const keep = ({ headers }: Response, hop: { url: string }) => {
    answers.push({ url: new URL(hop.url), time: systemClock.now(), lines: headers.getSetCookie(), headers });
  };
  try {
    await using opened = await openClient(request, { hooks: { response: [keep] } });
    const response = await opened.client.fetch(request.url, request.init);
    await response.body?.cancel();
    return { answers };
  } catch (error) {
    if (io.signal?.aborted) return { answers, failure: 'Interrupted.' };
    if (error instanceof CallError) return { answers, failure: error.message };
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

function lintAnswer({ url, time, lines, headers }: AnswerToLint): Linted[] {
  const place = { url, time, suffixes: publicSuffixes };
  return lines.map((line) => {
    const cookie = parseSetCookie(line);
    return {
      ...(cookie !== undefined && {
        name: cookie.name,
        cookie: rowOfLine(cookie, url, time ?? systemClock.now()),
      }),
      ...(url !== undefined && { from: `${url.origin}${url.pathname}` }),
      findings: lintSetCookie(line, { ...place, headers }),
      journeys: cookie === undefined ? [] : journeys(cookie, place),
    };
  });
}

function textOf(cookies: readonly Linted[]): string {
  if (cookies.length === 0) return 'No cookie was set.';
  const of = (level: LintLevel) =>
    cookies.flatMap(({ findings }) => findings.filter((one) => one.level === level));
  const [errors, warnings, notes] = [of('error'), of('warning'), of('note')];
  const total = `cookies: ${cookies.length}, errors: ${errors.length}, warnings: ${warnings.length}, notes: ${notes.length}`;
  const more = explainHint([...errors, ...warnings, ...notes].map(({ code }) => code));
  return `${cookies.map(textOfCookie).join('\n')}\n${total}${more}`;
}

function textOfCookie({ name, cookie, from, findings, journeys }: Linted): string {
  const title = name === undefined ? '(ignored whole)' : name === '' ? '(nameless)' : name;
  const lines = [from === undefined ? title : `${title}  from ${from}`];
  if (cookie !== undefined) lines.push(`  ${rowText(cookie)}`);
  for (const { level, code, sentence, fix, source } of findings) {
    lines.push(`  ${level.padEnd(9)}${sentence}${fix === undefined ? '' : ` ${fix}`} (${code}, ${source})`);
  }
  for (const { title, stored, sent } of journeys) {
    const outcome = stored.allowed ? (sent.allowed ? 'sent' : 'not sent') : 'not stored';
    const why = sent.reasons.map(({ sentence }) => ` ${sentence}`).join('');
    lines.push(`  ${outcome.padEnd(12)}${title}${why === '' ? '' : `:${why}`}`);
  }
  return `${lines.join('\n')}\n`;
}
