import { checkOptions, expectType, type Shape } from '../../errors/misuse.ts';
import { isLoopback } from '../../scope/origin.ts';
import type { Scope } from '../../scope/scope.ts';
import { basicValue, type Credential, fixed } from './credential.ts';

/** Where the entries of a netrc may go beyond their hosts. */
export interface NetrcOptions {
  /** Where the `default` entry may go. Default: it is left out, as it would go to every host. */
  default?: Scope | Scope[];
  /** True: also over plain http. Otherwise over https only, as a netrc names no scheme; loopback hosts take both. Default: false. */
  plainHttp?: boolean;
}

const netrcShape: Shape<NetrcOptions> = { default: 'any', plainHttp: 'boolean' };

/** The credentials of a netrc, and what of it was left out. */
export interface NetrcCredentials extends Array<Credential> {
  /** Entries that were left out and words that were skipped, in the order of their lines. */
  unread: UnreadNetrc[];
}

/** Something in a netrc that is no credential. */
export interface UnreadNetrc {
  /** From 1: where the entry begins, or where the word stands. */
  readonly line: number;
  /** One sentence, without anything of the file. */
  readonly why: string;
}

interface Entry {
  readonly line: number;
  /** Absent for `default`. */
  readonly machine: string | undefined;
  login?: string;
  password?: string;
}

/**
 * The entries of a netrc file's text as credentials, to be given to a client: nothing is read that was not passed in. An
 * entry goes to its host, to every port of it, compared as URLs are parsed, and of several for one host the first counts. Every other
 * credential comes first, a user in the URL too. As curl does, it skips words that it does not know; an entry without a login or a
 * password, or with a colon in its login, is left out. Both stand in `unread`.
 * @throws TypeError for a text without any entry, as the name of the file.
 * @example
 * ```ts
 * import { createClient, netrc } from 'hallpass/client';
 *
 * const credentials = netrc('machine files.example.com login ada password a-password\nmachine other.example login eve');
 * const client = createClient({
 *   credentials,
 *   transport: async ({ headers }) => new Response(headers.get('authorization')),
 * });
 * console.log(await client.get('https://files.example.com/').text()); // → Basic YWRhOmEtcGFzc3dvcmQ=
 * console.log(credentials.unread); // → [ { line: 2, why: 'The entry has no password.' } ]
 * ```
 */
export function netrc(text: string, options: NetrcOptions = {}): NetrcCredentials {
  expectType(text, 'string', 'The text of netrc(text, options)');
  checkOptions(options, netrcShape, 'netrc');
  const { entries, unread } = readEntries(text);
  const credentials: Credential[] = [];
  for (const entry of entries) {
    const read = credentialOf(entry, options);
    if (typeof read === 'string') unread.push({ line: entry.line, why: read });
    else credentials.push(read);
  }
  return Object.assign(credentials, { unread: unread.sort((one, other) => one.line - other.line) });
}

/** The credential of an entry, or the sentence why there is none. */
function credentialOf({ machine, login, password }: Entry, options: NetrcOptions): Credential | string {
  if (login === undefined) return 'The entry has no login.';
  if (password === undefined) return 'The entry has no password.';
  if (login.includes(':')) return 'Its login has a colon, which Basic authentication cannot carry.';
  const scope = machine === undefined ? options.default : scopesOf(machine, options.plainHttp === true);
  if (scope === undefined)
    return machine === undefined
      ? 'The default entry goes nowhere unless the option default says where.'
      : 'What it calls a machine is no host.';
  const attachment = { headers: { authorization: basicValue(login, password) } };
  return fixed('netrc', 'authorization', scope, attachment, 'header');
}

/** Where an entry may go; nowhere when its name is no host. */
function scopesOf(machine: string, plainHttp: boolean): string[] | undefined {
  const bracketed = /^[\da-f:.]*:[\da-f:.]*$/i.test(machine) ? `[${machine}]` : machine;
  if (/[/\\?#@\s]|:\d*$/.test(bracketed)) return undefined;
  const host = URL.parse(`https://${bracketed}/`)?.hostname;
  if (host === undefined) return undefined;
  const schemes = plainHttp || isLoopback(host) ? ['https', 'http'] : ['https'];
  return schemes.map((scheme) => `${scheme}://${host}:*`);
}

function readEntries(text: string): { readonly entries: Entry[]; readonly unread: UnreadNetrc[] } {
  const entries: Entry[] = [];
  const unread: UnreadNetrc[] = [];
  const words = wordsOf(text);
  for (let word = words.next(); !word.done; word = words.next()) {
    const { text: keyword, line } = word.value;
    const skip = (why: string) => {
      if (unread.at(-1)?.line !== line) unread.push({ line, why });
    };
    const isDefault = keyword === 'default';
    const value = withValue.has(keyword) ? words.next() : undefined;
    if (value?.done) skip('The file ends here, before the value of its last word.');
    else if (isDefault || keyword === 'machine') entries.push({ line, machine: value?.value.text });
    else if (keyword === 'login' || keyword === 'password') {
      const entry = entries.at(-1);
      if (entry === undefined) skip('It stands before the first machine.');
      else entry[keyword] = value?.value.text ?? '';
    } else if (keyword !== 'account') skip('A word here is none that a netrc knows, and was skipped.');
  }
  if (entries.length === 0 && unread.length > 0)
    throw new TypeError(
      'This is no netrc: it has no entry that begins with machine. netrc(text) takes what stands in the file. (Not repeated here: it may hold a secret.)',
    );
  return { entries, unread };
}

const withValue: ReadonlySet<string> = new Set(['machine', 'login', 'password', 'account']);

/** The words of a netrc with their lines, a value as it stands; without comments, and without macros, which end at an empty line. */
function* wordsOf(text: string): Generator<{ text: string; line: number }, undefined> {
  let inMacro = false;
  let isValue = false;
  for (const [index, content] of text.split(/\r?\n/).entries()) {
    if (inMacro) {
      inMacro = content.trim() !== '';
      continue;
    }
    for (const [word, quoted] of content.matchAll(/"((?:[^"\\]|\\.)*)"|\S+/g)) {
      if (!isValue && word.startsWith('#')) break;
      inMacro = !isValue && word === 'macdef';
      isValue = !isValue && withValue.has(word);
      if (inMacro) break;
      yield { text: quoted?.replace(/\\(.)/g, '$1') ?? word, line: index + 1 };
    }
  }
}
