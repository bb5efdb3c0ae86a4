import { type CompiledScope, covers } from '../../scope/scope.ts';

interface SentSecret {
  readonly name: string;
  readonly value: string;
  readonly scope: CompiledScope;
}

/** A header as it went out. */
interface SentHeader extends SentSecret {
  /** True for what the caller wrote as a header. */
  readonly lifted: boolean;
}

/** Shorter values appear in URLs by chance. */
const shortestCredential = 8;
const shortestHeader = 16;

/** The values that went out in one call, kept to recognise them where they must not appear. Never shown. */
export class SentSecrets {
  readonly #headers: SentHeader[] = [];
  /** How many of them were looked at. */
  #read = 0;
  readonly #found: SentSecret[] = [];
  readonly #query: SentSecret[] = [];

  /** A header that went out. `lifted`: the caller wrote it as a header. */
  header(name: string, value: string, scope: CompiledScope, lifted: boolean): void {
    for (const one of this.#headers) if (one.value === value && one.name === name) return;
    this.#headers.push({ name, value, scope, lifted });
  }

  /** What is looked for, worked out when somebody looks. Of `Bearer x` the `x` counts, of `Basic x` the password too; a `Digest` holds no secret. */
  get #secrets(): readonly SentSecret[] {
    for (; this.#read < this.#headers.length; this.#read++) {
      const { name, value, scope, lifted } = this.#headers[this.#read] as SentHeader;
      if (/^Digest /i.test(value)) continue;
      const token = value.slice(value.lastIndexOf(' ') + 1);
      const password = /^Basic /i.test(value) ? passwordOf(token) : undefined;
      for (const text of password === undefined ? [token] : [token, password]) {
        if (text.length < (lifted && name !== 'authorization' ? shortestHeader : shortestCredential))
          continue;
        if (!/^https?:\/\//i.test(text)) this.#add(this.#found, { name, value: text, scope });
      }
    }
    return this.#found;
  }

  /** A query parameter that went out. */
  query(name: string, value: string, scope: CompiledScope): void {
    const sent = { name, value, scope };
    this.#add(this.#query, sent);
    if (value.length >= shortestCredential) this.#add(this.#found, sent);
  }

  /** The name of a secret that this URL holds although it is out of the secret's scope. */
  reflectedIn(url: URL): string | undefined {
    const abroad = this.#secrets.filter(({ scope }) => !covers(scope, url));
    if (abroad.length === 0) return undefined;
    const { texts, bottomless } = readings(url.href);
    return abroad.find(({ value }) => bottomless || isIn(texts, value))?.name;
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
    const { texts } = readings(text);
    return this.#secrets.reduce(
      (redacted, { value }) => (isIn(texts, value) ? redacted.replace(encodings(value), '…') : redacted),
      text,
    );
  }

  #add(list: SentSecret[], secret: SentSecret): void {
    if (!list.some(({ name, value }) => name === secret.name && value === secret.value)) list.push(secret);
  }
}

function passwordOf(token: string): string | undefined {
  try {
    const octets = Uint8Array.from(atob(token), (char) => char.charCodeAt(0));
    const [, password] = /^[^:]*:(.*)$/s.exec(new TextDecoder().decode(octets)) ?? [];
    return password;
  } catch {
    return undefined;
  }
}

/** How often a text is decoded in search of a secret. Who encodes more often has something to hide. */
const mostDecodings = 8;

/** A text as it stands, and as it reads after each decoding; `bottomless`: it could be decoded still further. */
function readings(text: string): { readonly texts: readonly string[]; readonly bottomless: boolean } {
  const texts = [text];
  let last = text;
  for (let depth = 0; depth <= mostDecodings; depth++) {
    const decoded = piecesDecoded(last);
    if (decoded === last) return { texts, bottomless: false };
    texts.push(decoded);
    last = decoded;
  }
  return { texts, bottomless: true };
}

/** A `+` may be a blank, as forms write it. */
const isIn = (texts: readonly string[], value: string) =>
  texts.some((text) => text.includes(value) || text.replaceAll('+', ' ').includes(value));

/** Every escape undone, whatever stands beside it: octets that are not UTF-8 become a character each. */
function piecesDecoded(text: string): string {
  return text.replace(/(?:%[\da-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes.replace(/%(..)/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
    }
  });
}

/** Finds a value with each of its characters escaped or not, as often as anybody likes. */
function encodings(value: string): RegExp {
  const forms = Array.from(value, (char) => {
    const escapes = [escapesOf(new TextEncoder().encode(char))];
    const code = char.charCodeAt(0);
    if (code > 0x7f && code < 0x100) escapes.push(escapesOf([code]));
    if (char === ' ') escapes.push('\\+');
    return `(?:${[char.replace(/[\\^$.*+?()[\]{}|]/, '\\$&'), ...escapes].join('|')})`;
  });
  return new RegExp(forms.join(''), 'g');
}

/** A pattern for octets that are escaped, also when the `%` is escaped in its turn. */
const escapesOf = (octets: Iterable<number>) =>
  Array.from(octets, (octet) => {
    const hex = octet.toString(16).padStart(2, '0');
    return `%(?:25)*${hex.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`)}`;
  }).join('');
