import { writeFile } from 'node:fs/promises';
import { openJar } from '../jar/file/index.ts';
import { CookieJar, readCookiesTxt, type StoredCookie, writeCookiesTxt } from '../jar/index.ts';
import { systemClock } from '../time.ts';
import { readArguments } from './arguments.ts';
import { type Command, type ExitCode, Failure, type Io, Misuse } from './command.ts';
import { type CookieRow, rowOfStored, rowText } from './cookie-row.ts';
import { readFileText } from './input.ts';
import { print, printJson } from './terminal.ts';

const usage = `hallpass jar show FILE [--show-values] [--json]
hallpass jar import JAR FILE [--json]
hallpass jar export FILE [--format FORMAT] [--out FILE | --show-values]

Looks into cookie jars: JSON, as openJar and jar.export() write it, or
cookies.txt, as curl and browsers' exports are. FILE may be - for standard
input.

  show             each cookie with its domain, path, expiry and flags; its
                   value masked
  import           takes the cookies of FILE into JAR, which is made when it is
                   not there. Each is judged as if its server set it now; one
                   that is refused is named with the reason
  export           the whole jar
  --format FORMAT  json or cookies.txt (default: json)
  --out FILE       where the export goes, values included, readable by you only
  --show-values    values in the output: whoever sees them is you, as far as
                   the servers know
  --json           the same as data

Exit: 0 done, 1 a cookie was refused or a file could not be written, 2 a wrong
command line.
`;

export const jar: Command = {
  summary: 'show, import and export cookie jars',
  usage,
  actions: ['show', 'import', 'export'],
  options: {
    format: { type: 'string' },
    out: { type: 'string' },
    'show-values': { type: 'boolean' },
    json: { type: 'boolean' },
  },

  async run(args, io) {
    const [action, ...rest] = args;
    const run = actions.get(action ?? '');
    if (run === undefined) throw new Misuse('jar takes show, import or export.');
    return run(rest, io);
  },
};

const actions = new Map([
  ['show', show],
  ['import', importInto],
  ['export', exportFrom],
]);

async function show(args: readonly string[], io: Io): Promise<ExitCode> {
  const { values, positionals } = readArguments(args, {
    'show-values': { type: 'boolean' },
    json: { type: 'boolean' },
  });
  const [file] = filesOf(positionals, 1, 'jar show takes one FILE.');
  const rows = (await readCookies(file, io)).map((cookie) =>
    rowOfStored(cookie, values['show-values'] === true),
  );
  if (values.json) printJson(io, { cookies: rows });
  else print(io, textOf(rows));
  return 0;
}

function textOf(rows: readonly CookieRow[]): string {
  if (rows.length === 0) return 'No cookies.';
  return rows.map((row) => `${row.name || '(nameless)'}\n  ${rowText(row)}`).join('\n');
}

async function importInto(args: readonly string[], io: Io): Promise<ExitCode> {
  const { values, positionals } = readArguments(args, { json: { type: 'boolean' } });
  const [path, file] = filesOf(positionals, 2, 'jar import takes JAR and FILE.');
  const cookies = await readCookies(file, io);
  const target = await openJar(path);
  const refused: { name: string; domain: string; why: string }[] = [];
  for (const cookie of cookies) {
    const why = put(target, cookie);
    if (why !== undefined) refused.push({ name: cookie.name, domain: cookie.domain, why });
  }
  await target.flush();
  const imported = cookies.length - refused.length;
  if (values.json) printJson(io, { imported, refused });
  else {
    const lines = refused.map(
      ({ name, domain, why }) => `refused ${name || '(nameless)'} of ${domain}: ${why}\n`,
    );
    print(io, `${lines.join('')}imported: ${imported}, refused: ${refused.length}`);
  }
  return refused.length === 0 ? 0 : 1;
}

/** Plants a cookie of another jar; why not, where it is refused. */
function put(target: CookieJar, cookie: StoredCookie): string | undefined {
  const { name, value, domain, hostOnly, path, secure, httpOnly, sameSite, expires, partition } = cookie;
  if (partition !== undefined) return 'It is Partitioned, and the page that it belongs to is not known here.';
  if (/;/.test(name + value + path)) return 'It holds a semicolon, which no cookie can.';
  const seconds = Math.ceil((expires - systemClock.now()) / 1_000);
  if (seconds <= 0) return 'It has expired.';
  const line = [
    `${name}=${value}`,
    `Path=${path}`,
    ...(hostOnly ? [] : [`Domain=${domain}`]),
    ...(Number.isFinite(seconds) ? [`Max-Age=${seconds}`] : []),
    ...(secure ? ['Secure'] : []),
    ...(httpOnly ? ['HttpOnly'] : []),
    ...(sameSite === undefined ? [] : [`SameSite=${sameSite}`]),
  ].join('; ');
  const verdict = target.set(line, `${secure ? 'https' : 'http'}://${domain}${path}`);
  return verdict.allowed ? undefined : verdict.reasons.map(({ sentence }) => sentence).join(' ');
}

async function exportFrom(args: readonly string[], io: Io): Promise<ExitCode> {
  const { values, positionals } = readArguments(args, {
    format: { type: 'string' },
    out: { type: 'string' },
    'show-values': { type: 'boolean' },
  });
  const [file] = filesOf(positionals, 1, 'jar export takes one FILE.');
  const { format = 'json', out } = values;
  const write = formats.get(format);
  if (write === undefined) throw new Misuse('--format takes json or cookies.txt.');
  const cookies = await readCookies(file, io);
  const wanted = out !== undefined || values['show-values'] === true;
  const text = write(
    cookies.map((cookie) => (wanted ? cookie : { ...cookie, value: rowOfStored(cookie, false).value })),
  );
  if (out === undefined) io.stdout.write(text);
  else {
    await writeFile(out, text, { mode: 0o600, flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
      throw new Failure(
        error.code === 'EEXIST'
          ? `--out: ${out} is there already: name another file.`
          : `--out: ${out} cannot be written (${error.code}).`,
      );
    });
  }
  return 0;
}

const jarOf = (cookies: readonly StoredCookie[]) => CookieJar.import({ version: 1, cookies });
const formats = new Map<string, (cookies: readonly StoredCookie[]) => string>([
  ['json', (cookies) => `${JSON.stringify(jarOf(cookies).export(), null, 2)}\n`],
  [
    'cookies.txt',
    (cookies) => {
      try {
        return writeCookiesTxt(jarOf(cookies));
      } catch (error) {
        throw new Failure((error as TypeError).message);
      }
    },
  ],
]);

function filesOf<const N extends 1 | 2>(
  positionals: readonly string[],
  count: N,
  sentence: string,
): N extends 1 ? [string] : [string, string] {
  if (positionals.length !== count) throw new Misuse(sentence);
  return [...positionals] as N extends 1 ? [string] : [string, string];
}

/** The cookies of a file in either format. @throws Misuse, which repeats nothing of it. */
async function readCookies(file: string, io: Io): Promise<readonly StoredCookie[]> {
  const text = await readFileText('FILE', file, io);
  if (/^\s*\{/.test(text)) {
    try {
      return CookieJar.import(JSON.parse(text)).all();
    } catch {
      throw new Misuse(`${file} is no jar that openJar or jar.export() wrote.`);
    }
  }
  const cookies = readCookiesTxt(text);
  if (cookies.length > 0 || /^# (Netscape )?HTTP Cookie File/m.test(text)) return cookies;
  throw new Misuse(`${file} is neither a saved jar nor a cookies.txt.`);
}
