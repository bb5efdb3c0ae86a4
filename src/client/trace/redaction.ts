import { parseCookieHeader } from '../../cookie/header.ts';
import { type CompiledScope, covers } from '../../scope/scope.ts';
import { withOneMore } from '../with-one-more.ts';
import { codes, encodings, isIn, readings } from './encodings.ts';

interface SentSecret {
  readonly name: string;
  readonly value: string;
  readonly scope: CompiledScope;
}

/** Shorter values stand in URLs by chance, and nothing follows from them there. */
const shortestSecret = 8;
/** Cookies hold choices of people too. */
const shortestCookie = 16;
/** Still shorter ones are blacked out nowhere: nothing could be read any more. */
const shortestShown = 4;

/** Letters only, or digits only, and not many: a word or a number, as passwords of people are, which texts hold by chance. */
const isWord = (value: string) => value.length < 16 && /^(?:\p{L}+|\d+)$/u.test(value);

/** Where a word begins: also behind an escape, which may end with a letter. */
const startOfWord = '(?<=^|[^\\p{L}\\d]|%(?:25)*[\\da-fA-F]{2})';
const endOfWord = '(?![\\p{L}\\d])';

/** The values that went out in one call, kept to recognise them where they must not appear. Never shown. */
export class SentSecrets {
  #headers: readonly SentSecret[] = none;
  /** How many of them were looked at. */
  #read = 0;
  #found: readonly SentSecret[] = none;
  #query: readonly SentSecret[] = none;
  /** Cookie headers that the jar wrote. The server that set them may write them into its Location. */
  #jar: readonly string[] = none;

  /** A header that went out and holds a secret. */
  header(name: string, value: string, scope: CompiledScope): void {
    for (const one of this.#headers) if (one.value === value && one.name === name) return;
    this.#headers = withOneMore(this.#headers, { name, value, scope });
  }

  /** A cookie that the caller wrote. */
  cookie(name: string, value: string, scope: CompiledScope): void {
    if (value.length >= shortestCookie) this.#found = withSecret(this.#found, { name, value, scope });
  }

  /** A Cookie header of the jar: not to be shown. */
  cookiesOfJar(header: string): void {
    if (!this.#jar.includes(header)) this.#jar = withOneMore(this.#jar, header);
  }

  /** A query parameter that went out. */
  query(name: string, value: string, scope: CompiledScope): void {
    const sent = { name, value, scope };
    this.#query = withSecret(this.#query, sent);
    this.#found = withSecret(this.#found, sent);
  }

  /** What is looked for, worked out when somebody looks. */
  get #secrets(): readonly SentSecret[] {
    for (; this.#read < this.#headers.length; this.#read++) {
      const { name, value, scope } = this.#headers[this.#read] as SentSecret;
      for (const text of secretTexts(name, value))
        this.#found = withSecret(this.#found, { name, value: text, scope });
    }
    return this.#found;
  }

  /** The name of a secret that this URL holds although it is out of the secret's scope. */
  reflectedIn(url: URL): string | undefined {
    const isAtHome = ({ scope }: SentSecret) => covers(scope, url);
    // Nothing need be worked out for a hop that stays where all of it may be.
    if (this.#headers.every(isAtHome) && this.#found.every(isAtHome)) return undefined;
    const abroad = this.#secrets.filter(
      ({ value, scope }) => value.length >= shortestSecret && !covers(scope, url),
    );
    if (abroad.length === 0) return undefined;
    const { texts, bottomless } = readings(url.href);
    const holds = (value: string) =>
      isWord(value)
        ? texts.some(
            (text) =>
              text === value ||
              text
                .split(/[?&#;]/)
                .some((part) => part.slice(part.indexOf('=') + 1) === value && part.includes('=')),
          )
        : isIn(texts, value) || url.hostname.includes(value.toLowerCase());
    return abroad.find(({ value }) => bottomless || holds(value))?.name;
  }

  /** The URL without the query secrets of this call, which a server in scope may have copied into its Location. */
  withoutQuerySecrets(url: URL): URL {
    if (this.#query.length === 0 || url.search === '') return url;
    const kept = url.search
      .slice(1)
      .split('&')
      .filter((part) => {
        const [[name, value] = ['', '']] = new URLSearchParams(part);
        return !this.#query.some((sent) => sent.name === name && sent.value === value);
      });
    const clean = new URL(url);
    clean.search = kept.join('&');
    return clean;
  }

  /** The text with every secret's value blacked out, however it is encoded there. */
  redact(text: string): string {
    const values = [...this.#secrets.map(({ value }) => value), ...this.#jarValues()];
    if (values.length === 0) return text;
    const { texts, bottomless } = readings(text);
    const found = values.filter(
      (value) => value.length >= shortestShown && (bottomless || isIn(texts, value)),
    );
    if (found.length === 0) return text;
    const redacted = found.reduce((before, value) => {
      const pattern = encodings(value);
      const isWhole = value.length < shortestSecret || isWord(value);
      const place = isWhole ? `${startOfWord}(?:${pattern})${endOfWord}` : pattern;
      return before.replace(new RegExp(place, 'gu'), '…');
    }, text);
    // What is left is encoded inside another code, of which no part can be taken out.
    return codes.reduce(
      (before, every) => before.replace(every, (code) => (holdsAny(code, found) ? '…' : code)),
      redacted,
    );
  }

  *#jarValues(): Iterable<string> {
    for (const header of this.#jar)
      for (const { value } of parseCookieHeader(header)) if (value.length >= shortestCookie) yield value;
  }
}

const none: readonly never[] = [];

const withSecret = (list: readonly SentSecret[], secret: SentSecret): readonly SentSecret[] =>
  list.some(({ name, value }) => name === secret.name && value === secret.value)
    ? list
    : withOneMore(list, secret);

/** True for a code in which one of the values can be read, or which could be decoded for ever. */
function holdsAny(code: string, values: readonly string[]): boolean {
  const { texts, bottomless } = readings(code);
  const holds = (value: string) =>
    value.length >= shortestSecret && (isWord(value) ? texts.includes(value) : isIn(texts, value));
  return bottomless || values.some(holds);
}

/** Parameters of a scheme of credentials that hold a secret, as `Token token="x"` and `Signature=x`. */
const secretParameter =
  /\b(?:[\w-]*(?:token|secret|passw(?:or)?d|signature|key)|auth) *= *(?:"([^"]+)"|([^\s,;"]+))/gi;

/** What of a header is looked for: of `Bearer x` the `x`, of `Basic x` the password too. `Digest` proves a secret and holds none. */
function secretTexts(name: string, value: string): readonly string[] {
  if (/authorization$/i.test(name) && /^Digest /i.test(value)) return [];
  if (/^(?:origin|referer)$/i.test(name)) return [];
  const [, scheme = '', token = value] = /^([a-z][\w-]*) (\S+)$/i.exec(value) ?? [];
  const password = scheme.toLowerCase() === 'basic' ? passwordOf(token) : undefined;
  const parameters = [...value.matchAll(secretParameter)].map(([, quoted, plain]) => quoted ?? plain ?? '');
  return [token, ...(password === undefined ? [] : [password]), ...parameters.filter(isLong)];
}

/** Shorter parameters are names of keys, as an access key's id, which addresses hold as well. */
const isLong = (text: string) => text.length >= shortestSecret;

function passwordOf(token: string): string | undefined {
  try {
    const octets = Uint8Array.from(atob(token), (char) => char.charCodeAt(0));
    const [, password] = /^[^:]*:(.*)$/s.exec(new TextDecoder().decode(octets)) ?? [];
    return password;
  } catch {
    return undefined;
  }
}
