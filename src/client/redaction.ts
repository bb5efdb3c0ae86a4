import { percentDecoded } from '../scope/http-syntax.ts';
import { type CompiledScope, covers } from '../scope/scope.ts';

interface Known {
  readonly name: string;
  readonly value: string;
  readonly scope: CompiledScope;
}

/** A header as it went out. */
interface Sent extends Known {
  readonly lifted: boolean;
}

/** Shorter values appear in URLs by chance. */
const shortestCredential = 8;
const shortestHeader = 16;

/** The values that went out in one call, kept to recognise them where they must not appear. Never shown. */
export class SentSecrets {
  readonly #headers: Sent[] = [];
  /** How many of them were looked at. */
  #read = 0;
  readonly #wanted: Known[] = [];
  readonly #query: Known[] = [];

  /** A header that went out. `lifted`: the caller wrote it as a header. */
  header(name: string, value: string, scope: CompiledScope, lifted: boolean): void {
    for (const one of this.#headers) if (one.value === value && one.name === name) return;
    this.#headers.push({ name, value, scope, lifted });
  }

  /** What is looked for, worked out when somebody looks. Of `Bearer x` the `x` counts, of `Basic x` the password too; a `Digest` holds no secret. */
  get #known(): readonly Known[] {
    for (; this.#read < this.#headers.length; this.#read++) {
      const { name, value, scope, lifted } = this.#headers[this.#read] as Sent;
      if (/^Digest /i.test(value)) continue;
      const token = value.slice(value.lastIndexOf(' ') + 1);
      const password = /^Basic /i.test(value) ? passwordOf(token) : undefined;
      for (const text of password === undefined ? [token] : [token, password]) {
        if (text.length < (lifted && name !== 'authorization' ? shortestHeader : shortestCredential))
          continue;
        if (!/^https?:\/\//i.test(text)) this.#add(this.#wanted, { name, value: text, scope });
      }
    }
    return this.#wanted;
  }

  /** A query parameter that went out. */
  query(name: string, value: string, scope: CompiledScope): void {
    const known = { name, value, scope };
    this.#add(this.#query, known);
    if (value.length >= shortestCredential) this.#add(this.#wanted, known);
  }

  /** The name of a secret that this URL holds although it is out of the secret's scope. */
  reflectedIn(url: URL): string | undefined {
    const abroad = this.#known.filter(({ scope }) => !covers(scope, url));
    if (abroad.length === 0) return undefined;
    const texts = [url.href, percentDecoded(url.href), percentDecoded(url.href.replaceAll('+', ' '))];
    return abroad.find(({ value }) => texts.some((text) => text.includes(value)))?.name;
  }

  /** The URL without the query secrets of this call, which a server in scope may have copied into its Location. */
  withoutQuerySecrets(url: URL): URL {
    if (this.#query.length === 0 || url.search === '') return url;
    const kept = url.search
      .slice(1)
      .split('&')
      .filter((part) => {
        const [[name, value] = ['', '']] = new URLSearchParams(part);
        return !this.#query.some((known) => known.name === name && known.value === value);
      });
    const clean = new URL(url);
    clean.search = kept.join('&');
    return clean;
  }

  /** The text with every known value blacked out. */
  redact(text: string): string {
    return this.#known.reduce(
      (redacted, { value }) => redacted.replaceAll(value, '…').replaceAll(encodeURIComponent(value), '…'),
      text,
    );
  }

  #add(list: Known[], known: Known): void {
    if (!list.some(({ name, value }) => name === known.name && value === known.value)) list.push(known);
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

/** Names of query parameters whose values are secrets by custom: RFC 6749, RFC 6750, signed URLs. */
const secretParameter =
  /^(?:(?:.*[-_.])?(?:token|secret|password|passwd|pwd|signature|api[-_]?key)|key|code|sig|sid|session|auth|assertion)$/i;

/** What of a URL is requested. */
export function withoutFragment({ href }: URL): string {
  const at = href.indexOf('#');
  return at === -1 ? href : href.slice(0, at);
}

/** A URL as people may see it: without userinfo, and without the values of parameters that usually hold secrets. */
export function shownUrl(url: URL): string {
  const search = url.search === '' ? '' : `?${shownParameters(url.search.slice(1))}`;
  const hash = url.hash === '' ? '' : `#${shownParameters(url.hash.slice(1))}`;
  return `${url.origin}${url.pathname}${search}${hash}`;
}

function shownParameters(text: string): string {
  if (!text.includes('=')) return text;
  const shown = (part: string, name: string) => (secretParameter.test(name) ? `${name}=…` : part);
  return text
    .split('&')
    .map((part) => part.replace(/^([^=]*)=.+$/s, shown))
    .join('&');
}
