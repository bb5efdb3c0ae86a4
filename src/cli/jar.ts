import { writeFile } from 'node:fs/promises';
import type { Verdict } from '../index.ts';
import { openJar } from '../jar/file/index.ts';
import {
  CookieJar,
  type CookiesTxt,
  type LeftOut,
  readCookiesJson,
  readCookiesTxt,
  type SavedCookie,
  type UnreadLine,
  writeCookiesTxt,
  writeStorageState,
  writeToughCookies,
} from '../jar/index.ts';
import { readArguments } from './arguments.ts';
import { type Command, type ExitCode, Failure, type Io, Misuse } from './command.ts';
import { type CookieRow, maskedValue, rowOfSaved, rowText } from './cookie-row.ts';
import { readOctets, readPiped } from './input.ts';
import { print, printJson } from './terminal.ts';

const usage = `hallpass jar show FILE [--show-values] [--json]
hallpass jar import JAR FILE [--json]
hallpass jar export FILE [--format FORMAT] [--out FILE | --show-values]

Looks into cookie jars: JSON, as openJar and jar.export(), tough-cookie or
Playwright (storageState) write it, or cookies.txt, as curl and browsers'
exports are. FILE may be - for standard input.

  show             each cookie with its domain, path, expiry and flags; its
                   value masked
  import           takes the cookies of FILE into JAR, which is made when it is
                   not there. Each is judged as if its server set it now; one
                   that is refused is named with the reason, and so is a line
                   that cannot be read
  export           the whole jar; what the format cannot say is named
  --format FORMAT  json, cookies.txt, tough-cookie or storage-state
                   (default: json)
  --out FILE       where the export goes, values included, readable by you only
  --show-values    values in the output: whoever sees them is you, as far as
                   the servers know
  --json           the same as data

Exit: 0 done, 1 a cookie was refused or left out, a line not read or a file not
written, 2 a wrong command line.
`;

export const jar: Command = {
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
  const { cookies, unread } = await readCookies(file, io);
  const rows = cookies.map((cookie) => rowOfSaved(cookie, values['show-values'] === true));
  if (values.json) printJson(io, { cookies: rows, unread });
  else print(io, [textOf(rows), ...unread.map(lineText)].join('\n'));
  return unread.length === 0 ? 0 : 1;
}

function textOf(rows: readonly CookieRow[]): string {
  if (rows.length === 0) return 'No cookies.';
  return rows.map((row) => `${row.name || '(nameless)'}\n  ${rowText(row)}`).join('\n');
}

async function importInto(args: readonly string[], io: Io): Promise<ExitCode> {
  const { values, positionals } = readArguments(args, { json: { type: 'boolean' } });
  const [path, file] = filesOf(positionals, 2, 'jar import takes JAR and FILE.');
  const { cookies, unread } = await readCookies(file, io);
  const target = await openJar(path);
  const refused = refusedOf(cookies, target.add(cookies));
  await target.flush();
  const imported = cookies.length - refused.length;
  if (values.json) printJson(io, { imported, refused, unread });
  else {
    const lines = [...unread.map(lineText), ...refused.map(refusedText)];
    const unreadCount = unread.length === 0 ? '' : `, lines not read: ${unread.length}`;
    print(io, [...lines, `imported: ${imported}, refused: ${refused.length}${unreadCount}`].join('\n'));
  }
  return refused.length + unread.length === 0 ? 0 : 1;
}

const lineText = ({ line, why }: UnreadLine) => `line ${line} is not read: ${why}`;
const refusedText = ({ name, domain, why }: LeftOut) =>
  `refused ${name || '(nameless)'} of ${domain}: ${why}`;

/** The cookies that a jar did not take, and why. */
function refusedOf(cookies: readonly SavedCookie[], verdicts: readonly Verdict[]): LeftOut[] {
  return cookies.flatMap(({ name, domain }, at) => {
    const { allowed, reasons } = verdicts[at]!;
    return allowed ? [] : [{ name, domain, why: reasons.map(({ sentence }) => sentence).join(' ') }];
  });
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
  if (write === undefined) throw new Misuse(`--format takes ${formatNames}.`);
  const { cookies, unread } = await readCookies(file, io);
  const wanted = out !== undefined || values['show-values'] === true;
  const whole = new CookieJar({
    limits: { maxPerSite: Number.POSITIVE_INFINITY, maxCookies: Number.POSITIVE_INFINITY },
  });
  const refused = refusedOf(cookies, whole.add(wanted ? cookies : cookies.map(withoutValue)));
  const { bytes, leftOut } = write(whole);
  if (out === undefined) io.stdout.write(new TextDecoder().decode(bytes));
  else {
    await writeFile(out, bytes, { mode: 0o600, flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
      throw new Failure(
        error.code === 'EEXIST'
          ? `--out: ${out} is there already: name another file.`
          : `--out: ${out} cannot be written (${error.code}).`,
      );
    });
  }
  const missing = [
    ...unread.map(lineText),
    ...refused.map(refusedText),
    ...leftOut.map(({ name, domain, why }) => `left out ${name || '(nameless)'} of ${domain}: ${why}`),
  ];
  if (missing.length > 0) print({ stdout: io.stderr }, missing.join('\n'));
  return missing.length === 0 ? 0 : 1;
}

const withoutValue = (cookie: SavedCookie): SavedCookie => ({
  ...cookie,
  value: maskedValue(cookie.value),
  encoding: undefined,
});

type ExportedJar = { readonly bytes: Uint8Array; readonly leftOut: readonly LeftOut[] };

const jsonBytes = (json: object) => new TextEncoder().encode(`${JSON.stringify(json, null, 2)}\n`);
const formats = new Map<string, (jar: CookieJar) => ExportedJar>([
  ['json', (jar) => ({ bytes: jsonBytes(jar.export()), leftOut: [] })],
  ['cookies.txt', writeCookiesTxt],
  [
    'tough-cookie',
    (jar) => {
      const { json, leftOut } = writeToughCookies(jar);
      return { bytes: jsonBytes(json), leftOut };
    },
  ],
  [
    'storage-state',
    (jar) => {
      const { state, leftOut } = writeStorageState(jar);
      return { bytes: jsonBytes(state), leftOut };
    },
  ],
]);
const formatNames = [...formats.keys()].join(', ');

function filesOf<const N extends 1 | 2>(
  positionals: readonly string[],
  count: N,
  sentence: string,
): N extends 1 ? [string] : [string, string] {
  if (positionals.length !== count) throw new Misuse(sentence);
  return [...positionals] as N extends 1 ? [string] : [string, string];
}

/** The cookies of a file in whatever format, not judged yet. @throws Misuse, which repeats nothing of it. */
async function readCookies(file: string, io: Io): Promise<CookiesTxt> {
  const bytes =
    file === '-'
      ? new TextEncoder().encode(await readPiped(io, 'pipe the file of FILE in'))
      : await readOctets('FILE', file);
  const text = new TextDecoder().decode(bytes);
  if (/^\s*\{/.test(text)) {
    try {
      return { cookies: readCookiesJson(JSON.parse(text)), unread: [] };
    } catch {
      throw new Misuse(`${file} is no jar that openJar, jar.export(), tough-cookie or Playwright wrote.`);
    }
  }
  const read = readCookiesTxt(bytes);
  if (read.cookies.length > 0 || /^# (Netscape )?HTTP Cookie File/m.test(text)) return read;
  throw new Misuse(`${file} is neither a saved jar nor a cookies.txt.`);
}
