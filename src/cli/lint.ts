import { readFile } from 'node:fs/promises';
import { CallError, createClient } from '../client/index.ts';
import { type Journey, journeys, type LintFinding, lintSetCookie, parseSetCookie } from '../index.ts';
import { publicSuffixes } from '../jar/index.ts';
import { isWeb } from '../scope/origin.ts';
import { systemClock } from '../time.ts';
import { type Command, type Io, Misuse, readArguments } from './command.ts';
import { type CookieRow, rowOfLine, rowText } from './cookie-row.ts';
import { type Answer, answersOfHar } from './har.ts';
import { printable } from './terminal.ts';

const usage = `hallpass lint URL [--json]
hallpass lint --header 'Set-Cookie: …' [--from URL] [--json]
hallpass lint --har FILE [--json]

Says what browsers make of the cookies that a server sets: whether they keep and send them, and what its author may not have meant.

  URL              fetches it and reads the cookies of every answer, redirects included
  --header LINE    one Set-Cookie line; nothing is fetched
  --from URL       the URL that --header came from (default: https, from a host of its Domain)
  --har FILE       the answers of a HAR file, as browsers save it
  --json           the same as data

Exit: 0 no more than notes, 1 errors or warnings, 2 a wrong command line. No cookie's value is ever printed.
`;

export const lint: Command = {
  summary: 'say what browsers make of the cookies that a server sets',
  usage,

  async run(args, io) {
    const { answers, failure, json } = await readLint(args, io);
    const cookies = answers.flatMap(lintAnswer);
    const print = (text: string) => io.stdout.write(`${text}\n`);
    print(json ? JSON.stringify({ cookies }, null, 2) : textOf(cookies));
    if (failure !== undefined) io.stderr.write(`${failure}\n`);
    const clean = cookies.every(({ findings }) => findings.every(({ level }) => level === 'note'));
    return clean && failure === undefined ? 0 : 1;
  },
};

interface Asked {
  readonly answers: readonly Answer[];
  /** Why there are no more answers. */
  readonly failure?: string;
  readonly json: boolean;
}

async function readLint(args: readonly string[], io: Io): Promise<Asked> {
  const { values, positionals } = readArguments(args, {
    header: { type: 'string' },
    from: { type: 'string' },
    har: { type: 'string' },
    json: { type: 'boolean' },
  });
  const json = values.json === true;
  const { header, from, har } = values;
  const ways = [...positionals, header, har].filter((way) => way !== undefined);
  if (ways.length !== 1) throw new Misuse('lint takes one of URL, --header and --har.');
  if (from !== undefined && header === undefined) throw new Misuse('--from goes with --header.');
  if (header !== undefined) return { answers: [answerOfLine(header, from)], json };
  if (har !== undefined) return { answers: answersOfHar(await readText(har)), json };
  return { ...(await fetchAnswers(readUrl('URL', positionals[0]!), io)), json };
}

function answerOfLine(header: string, from: string | undefined): Answer {
  const line = /^set-cookie:(.*)$/is.exec(header)?.[1];
  if (line === undefined) throw new Misuse("--header takes a whole header, as 'Set-Cookie: name=value'.");
  const url = from === undefined ? undefined : readUrl('--from', from);
  return { url, time: systemClock.now(), lines: [line.trim()] };
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    throw new Misuse('--har names no file that can be read.');
  }
}

async function fetchAnswers(url: URL, { signal }: Io): Promise<Omit<Asked, 'json'>> {
  const answers: Answer[] = [];
  const keep = ({ headers }: Response, hop: { url: string }) => {
    answers.push({ url: new URL(hop.url), time: systemClock.now(), lines: headers.getSetCookie(), headers });
  };
  try {
    await using client = createClient({ hooks: { response: [keep] } });
    const response = await client.fetch(url, { signal: signal ?? null });
    await response.body?.cancel();
    return { answers };
  } catch (error) {
    if (!(error instanceof CallError) && signal?.aborted !== true) throw error;
    return { answers, failure: signal?.aborted ? 'Interrupted.' : (error as CallError).message };
  }
}

function readUrl(option: string, text: string): URL {
  const url = URL.parse(text);
  if (url !== null && isWeb(url)) return url;
  throw new Misuse(`${option} is an absolute URL of http or https.`);
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

function lintAnswer({ url, time, lines, headers }: Answer): Linted[] {
  const context = { url, time, headers, suffixes: publicSuffixes };
  return lines.map((line) => {
    const cookie = parseSetCookie(line);
    return {
      ...(cookie !== undefined && {
        name: cookie.name,
        cookie: rowOfLine(cookie, url, time ?? systemClock.now()),
      }),
      ...(url !== undefined && { from: `${url.origin}${url.pathname}` }),
      findings: lintSetCookie(line, context),
      journeys: cookie === undefined ? [] : journeys(cookie, context),
    };
  });
}

function textOf(cookies: readonly Linted[]): string {
  if (cookies.length === 0) return 'No cookie was set.';
  const count = (level: string) =>
    cookies.reduce((sum, { findings }) => sum + findings.filter((one) => one.level === level).length, 0);
  const total = `cookies: ${cookies.length}, errors: ${count('error')}, warnings: ${count('warning')}, notes: ${count('note')}`;
  return printable(`${cookies.map(textOfCookie).join('\n')}\n${total}`);
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
