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

interface Entry {
  /** Absent for `default`. */
  readonly machine: string | undefined;
  login?: string;
  password?: string;
}

/**
 * The entries of a netrc file's text as credentials, to be given to a client: nothing is read that was not passed in. An
 * entry goes to its host, to every port of it, compared as URLs are parsed; one without a login or a password, or with a colon in its login, is left out,
 * and of several for one host the first counts. Every other credential comes first, a user in the URL too.
 * @throws TypeError for what is no netrc, naming the line.
 * @example
 * ```ts
 * import { createClient, netrc } from 'hallpass/client';
 *
 * const client = createClient({
 *   credentials: netrc('machine files.example.com login ada password a-password'),
 *   transport: async ({ headers }) => new Response(headers.get('authorization')),
 * });
 * console.log(await client.get('https://files.example.com/').text()); // → Basic YWRhOmEtcGFzc3dvcmQ=
 * ```
 */
export function netrc(text: string, options: NetrcOptions = {}): Credential[] {
  expectType(text, 'string', 'The text of netrc(text, options)');
  checkOptions(options, netrcShape, 'netrc');
  return readEntries(text).flatMap(({ machine, login, password }) => {
    if (login === undefined || password === undefined || login.includes(':')) return [];
    const scope = machine === undefined ? options.default : scopesOf(machine, options.plainHttp === true);
    if (scope === undefined) return [];
    const attachment = { headers: { authorization: basicValue(login, password) } };
    return [fixed('netrc', 'authorization', scope, attachment, 'header')];
  });
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

function readEntries(text: string): Entry[] {
  const entries: Entry[] = [];
  const words = wordsOf(text);
  for (let word = words.next(); !word.done; word = words.next()) {
    const { text: keyword, line } = word.value;
    const value = () => {
      const next = words.next();
      if (next.done) throw new TypeError(`Line ${line} of this netrc ends after ${keyword}.`);
      return next.value.text;
    };
    const entry = entries.at(-1);
    if (keyword === 'machine') entries.push({ machine: value() });
    else if (keyword === 'default') entries.push({ machine: undefined });
    else if (entry !== undefined && (keyword === 'login' || keyword === 'password')) entry[keyword] = value();
    else if (entry !== undefined && keyword === 'account') value();
    else
      throw new TypeError(
        `Line ${line} of this netrc is not understood. (Not repeated here: it may hold a secret.)`,
      );
  }
  return entries;
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
