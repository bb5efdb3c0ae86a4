import { percentDecoded } from '../../scope/http-syntax.ts';
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
        return !this.#query.some((sent) => sent.name === name && sent.value === value);
      });
    const clean = new URL(url);
    clean.search = kept.join('&');
    return clean;
  }

  /** The text with every secret's value blacked out. */
  redact(text: string): string {
    return this.#secrets.reduce(
      (redacted, { value }) => redacted.replaceAll(value, '…').replaceAll(encodeURIComponent(value), '…'),
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
