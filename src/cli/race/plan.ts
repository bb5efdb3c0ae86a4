import { type Io, Misuse } from '../command.ts';
import { readFileText, readVariable } from '../input.ts';
import { type PlannedRequest, placeholdersOf, readRequestLine } from './planned-request.ts';

/** The requests that an app is raced with, by what each does. */
export type Deed = 'read' | 'write' | 'signIn' | 'signOut' | 'renew' | 'start';

/** Where a value stands that later requests need, as a CSRF token. */
type Source = { readonly cookie: string } | { readonly pattern: RegExp };

/** All that is told about an app. */
export interface RacePlan {
  readonly requests: Readonly<Partial<Record<Deed, PlannedRequest>>> &
    Readonly<Record<'read' | 'write' | 'signIn' | 'signOut', PlannedRequest>>;
  /** A text that the read shows to a user and to nobody else. Undefined: its status tells. */
  readonly signedIn: string | undefined;
  /** What `{field}` is in the first and in the second of two writes; undefined where the write has none. */
  readonly fields: readonly [string, string] | undefined;
  readonly take: ReadonlyMap<string, Source>;
  /** The values of `{env:NAME}`, by `env:NAME`. */
  readonly secrets: ReadonlyMap<string, string>;
}

/** The options that say the same as the file, and win over it. */
export const planOptions = {
  file: { type: 'string' },
  read: { type: 'string' },
  write: { type: 'string' },
  'sign-in': { type: 'string' },
  'sign-out': { type: 'string' },
  renew: { type: 'string' },
  start: { type: 'string' },
  'signed-in': { type: 'string' },
  fields: { type: 'string' },
  header: { type: 'string', short: 'H', multiple: true },
} as const;

const deeds = new Map<Deed, keyof typeof planOptions>([
  ['read', 'read'],
  ['write', 'write'],
  ['signIn', 'sign-in'],
  ['signOut', 'sign-out'],
  ['renew', 'renew'],
  ['start', 'start'],
]);

type Given = { readonly [Name in keyof typeof planOptions]?: string | readonly string[] | undefined };
type Json = Readonly<Record<string, unknown>>;

/** Reads the file, and the options over it. @throws Misuse */
export async function readPlan(given: Given, io: Io): Promise<RacePlan> {
  const file =
    given.file === undefined ? {} : parseFile(await readFileText('--file', String(given.file), io));
  const known = [...deeds.keys(), 'signedIn', 'fields', 'headers', 'take'];
  for (const key of Object.keys(file))
    if (!(known as string[]).includes(key)) throw new Misuse(`--file: "${key}" is unknown there.`);

  const common = [...readHeaders('headers', file.headers), ...headerLines(given.header)];
  const requests: Partial<Record<Deed, PlannedRequest>> = {};
  for (const [deed, option] of deeds) {
    const line = given[option];
    const planned =
      line !== undefined ? readRequestLine(`--${option}`, String(line)) : readRequest(deed, file[deed]);
    if (planned !== undefined) requests[deed] = { ...planned, headers: [...common, ...planned.headers] };
  }
  const { read, write, signIn, signOut } = requests;
  if (read === undefined || write === undefined || signIn === undefined || signOut === undefined) {
    const missing = ['read', 'write', 'sign-in', 'sign-out'].find(
      (option) => !requests[[...deeds].find(([, name]) => name === option)?.[0] as Deed],
    );
    throw new Misuse(
      `--${missing} is missing, or "${missing?.replace('-i', 'I').replace('-o', 'O')}" in --file.`,
    );
  }
  if (!placeholdersOf(write).includes('value')) throw new Misuse('The write needs a {value} in it.');

  const take = readTake(file.take);
  const secrets = new Map<string, string>();
  for (const name of Object.values(requests).flatMap(placeholdersOf)) {
    if (name.startsWith('env:')) secrets.set(name, readVariable(`{${name}}`, name.slice(4), io));
    else if (!['value', 'field'].includes(name) && !take.has(name))
      throw new Misuse(`{${name}} is neither {value}, {field}, {env:NAME} nor in "take" of --file.`);
  }
  return {
    requests: { ...requests, read, write, signIn, signOut },
    signedIn: readText('signed-in', given['signed-in'] ?? file.signedIn),
    fields: placeholdersOf(write).includes('field') ? readFields(given.fields ?? file.fields) : undefined,
    take,
    secrets,
  };
}

function parseFile(text: string): Json {
  try {
    const file: unknown = JSON.parse(text);
    if (isObject(file)) return file;
  } catch {
    // What stands in the file may be secret, so the cause is not told.
  }
  throw new Misuse('--file takes a file with a JSON object.');
}

/** A line, or an object: `{ "request": "POST /login", "form": { … } }`. */
function readRequest(deed: string, given: unknown): PlannedRequest | undefined {
  if (given === undefined) return undefined;
  const wrong = (what: string) => new Misuse(`--file: "${deed}" ${what}.`);
  if (typeof given === 'string') return readRequestLine(`--file: "${deed}"`, given);
  if (!isObject(given) || typeof given.request !== 'string')
    throw wrong(`is a line, or an object with "request": "POST /path"`);
  for (const key of Object.keys(given))
    if (!['request', 'form', 'json', 'headers'].includes(key)) throw wrong(`knows no "${key}"`);
  const line = readRequestLine(`--file: "${deed}"`, given.request);
  const headers = readHeaders(`${deed}": "headers`, given.headers);
  const bodies = [line.body, given.form, given.json].filter((body) => body !== undefined);
  if (bodies.length > 1) throw wrong('has more than one body');
  if (bodies.length === 0) return { ...line, headers };
  const method = /^[A-Z]/.test(given.request.trim()) ? line.method : 'POST';
  if (given.json !== undefined)
    return { ...line, method, headers, body: JSON.stringify(given.json), isJson: true };
  if (given.form === undefined) return { ...line, headers };
  if (!isObject(given.form)) throw wrong('takes a "form" of names and texts');
  if (!Object.values(given.form).every((value) => ['string', 'number', 'boolean'].includes(typeof value)))
    throw wrong('takes a "form" of names and texts');
  // Placeholders stay as they are: they are encoded when they are filled.
  const encode = (text: string) =>
    encodeURIComponent(text).replaceAll(/%7B(\w+(?:%3A\w+)?)%7D/g, decodeURIComponent);
  const fields = Object.entries(given.form).map(
    ([name, value]) => `${encode(name)}=${encode(String(value))}`,
  );
  return { ...line, method, headers, body: fields.join('&'), isJson: false };
}

function readHeaders(where: string, given: unknown): [name: string, value: string][] {
  if (given === undefined) return [];
  if (!isObject(given)) throw new Misuse(`--file: "${where}" is an object of names and values.`);
  return Object.entries(given).map(([name, value]) => checkedHeader(name, String(value)));
}

function headerLines(lines: Given['header']): [name: string, value: string][] {
  return [lines ?? []].flat().map((line) => {
    const [, name = '', value = ''] = /^([^:]+):\s*(.*)$/.exec(line) ?? [];
    if (name === '') throw new Misuse("A header is written 'Name: value'.");
    return checkedHeader(name.trim(), value.trim());
  });
}

function checkedHeader(name: string, value: string): [name: string, value: string] {
  if (name.toLowerCase() === 'cookie')
    throw new Misuse('Cookies are those that the app sets: what sets one first is the request of --start.');
  try {
    new Headers([[name, value]]);
    return [name, value];
  } catch {
    throw new Misuse('A header has characters that no header can have.');
  }
}

function readTake(given: unknown): Map<string, Source> {
  const take = new Map<string, Source>();
  if (given === undefined) return take;
  if (!isObject(given)) throw new Misuse('--file: "take" is an object of names and patterns.');
  for (const [name, from] of Object.entries(given)) {
    if (!/^[A-Za-z]\w*$/.test(name))
      throw new Misuse('--file: a name in "take" is of letters, digits and _.');
    if (isObject(from) && typeof from.cookie === 'string') take.set(name, { cookie: from.cookie });
    else take.set(name, { pattern: readPattern(name, from) });
  }
  return take;
}

function readPattern(name: string, from: unknown): RegExp {
  try {
    if (typeof from === 'string' && from.includes('(')) return new RegExp(from);
  } catch {
    // It is told below.
  }
  throw new Misuse(`--file: "take": "${name}" is {"cookie": "NAME"}, or a pattern with one ( ).`);
}

function readText(name: string, given: unknown): string | undefined {
  if (given === undefined || (typeof given === 'string' && given !== '')) return given as string | undefined;
  throw new Misuse(`--${name} takes a text.`);
}

function readFields(given: unknown): readonly [string, string] {
  if (given === undefined) return ['a', 'b'];
  const [one, other, ...more] = Array.isArray(given) ? given.map(String) : String(given).split(',');
  if (one && other && one !== other && more.length === 0) return [one, other];
  throw new Misuse('--fields takes the names of two fields, as theme,language.');
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
