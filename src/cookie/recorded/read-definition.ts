/** A value of a literal: what JSON has, without the difference between null and undefined. */
type Literal = string | number | boolean | undefined | { readonly [key: string]: Literal };

/** The deepest object that is looked into. */
const deepest = 4;

/** One token: a string, a word or number, or one character of syntax. */
const token = /'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|`((?:[^`\\$]|\\.)*)`|([\w.$+-]+)|([{}()[\],:*/])|\S/y;

/**
 * The Set-Cookie line of a cookie whose options are written as programs write them: `defineCookie('id', { secure: true })`,
 * `res.cookie('id', value, { … })`, `session({ name: 'id', cookie: { … } })`, or JSON. `undefined` for what is none. Nothing of
 * the text is run: it is read as literals, and what is none of them counts as unsaid.
 */
export function readDefinition(text: string): string | undefined {
  const tokens = tokensOf(withoutComments(text));
  const reader = new LiteralReader(tokens);
  const parts: Literal[] = [];
  while (!reader.isAtEnd) parts.push(...reader.next());
  const first = parts.find((part) => typeof part === 'string');
  const objects = parts.filter((part) => typeof part === 'object');
  const options = objects.at(-1);
  if (options === undefined) return undefined;
  const { cookie, attributes } = options;
  const inner = [cookie, attributes].find((part) => typeof part === 'object');
  return lineOf({ ...options, ...(inner as object | undefined) }, first);
}

/** A comment that never ends ends with the text, so that no text is gone through once for each of them. */
const withoutComments = (text: string) =>
  text.replaceAll(/\/\*[\s\S]*?(?:\*\/|$)|(^|[\s{},(])\/\/[^\n]*/g, '$1');

interface Token {
  readonly kind: 'text' | 'word' | 'sign';
  readonly value: string;
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  token.lastIndex = 0;
  let at = 0;
  while (at < text.length) {
    const space = /\s*/y;
    space.lastIndex = at;
    space.exec(text);
    token.lastIndex = space.lastIndex;
    const found = token.exec(text);
    if (found === null) break;
    at = token.lastIndex;
    const [, single, double, back, word, sign] = found;
    const string = single ?? double ?? back;
    if (string !== undefined) tokens.push({ kind: 'text', value: string.replaceAll(/\\(.)/g, '$1') });
    else if (word !== undefined) tokens.push({ kind: 'word', value: word });
    else if (sign !== undefined) tokens.push({ kind: 'sign', value: sign });
  }
  return tokens;
}

class LiteralReader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#tokens.length;
  }

  /** The literal that begins here, where one does; else one token further. */
  next(): Literal[] {
    const here = this.#tokens[this.#at]!;
    if (here.kind === 'text') {
      this.#at++;
      return [here.value];
    }
    if (here.value === '{') return [this.#object(0)];
    this.#at++;
    return [];
  }

  #object(depth: number): { readonly [key: string]: Literal } {
    const found: Record<string, Literal> = Object.create(null);
    this.#at++;
    while (!this.isAtEnd && !this.#is('}')) {
      const key = this.#tokens[this.#at]!;
      this.#at++;
      if (key.kind === 'sign' || !this.#is(':')) continue;
      this.#at++;
      if (this.#is('{') && depth < deepest) found[key.value] = this.#object(depth + 1);
      else found[key.value] = literalOf(this.#upToComma());
    }
    this.#at++;
    return found;
  }

  #is(sign: string): boolean {
    const here = this.#tokens[this.#at];
    return here?.kind === 'sign' && here.value === sign;
  }

  /** The tokens of a value, brackets of its own included. */
  #upToComma(): Token[] {
    const tokens: Token[] = [];
    for (let open = 0; !this.isAtEnd; this.#at++) {
      const here = this.#tokens[this.#at]!;
      if (here.kind === 'sign') {
        if (open === 0 && (here.value === ',' || here.value === '}')) break;
        if ('([{'.includes(here.value)) open++;
        if (')]}'.includes(here.value)) open--;
      }
      tokens.push(here);
    }
    return tokens;
  }
}

/** One literal, or numbers multiplied, as `1000 * 60`. All else is a program, and unsaid. */
function literalOf(tokens: readonly Token[]): Literal {
  const [one] = tokens;
  if (one === undefined) return undefined;
  if (tokens.length === 1 && one.kind === 'text') return one.value;
  if (tokens.length === 1 && /^(?:true|false)$/.test(one.value)) return one.value === 'true';
  const isProduct = tokens.every(({ kind, value }, at) =>
    at % 2 === 0 ? kind === 'word' && /^[+-]?[\d_.]+(?:e\d+)?$/i.test(value) : value === '*',
  );
  if (!isProduct || tokens.length % 2 === 0) return undefined;
  const factors = tokens
    .filter((_, at) => at % 2 === 0)
    .map(({ value }) => Number(value.replaceAll('_', '')));
  return factors.reduce((product, factor) => product * factor, 1);
}

/** The line as such a program would send it. `maxAge` counts seconds, as in a cookie's own Max-Age. */
function lineOf(options: Record<string, Literal>, first: string | undefined): string | undefined {
  const given = new Map(Object.entries(options).map(([key, value]) => [key.toLowerCase(), value]));
  const text = (key: string) => {
    const value = given.get(key);
    return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
  };
  const known = [
    'secure',
    'httponly',
    'samesite',
    'path',
    'domain',
    'maxage',
    'expires',
    'partitioned',
    'name',
  ];
  if (!known.some((key) => given.has(key))) return undefined;
  const name = text('name') ?? text('key') ?? first ?? 'cookie';
  const sameSite = given.get('samesite') === true ? 'Strict' : text('samesite');
  const parts = [
    `${name}=value`,
    ...attribute('Domain', text('domain')),
    ...attribute('Path', text('path')),
    ...attribute('Max-Age', text('maxage') ?? text('max-age')),
    ...attribute('Expires', text('expires')),
    ...(given.get('httponly') === true ? ['HttpOnly'] : []),
    ...(given.get('secure') === true ? ['Secure'] : []),
    ...attribute('SameSite', sameSite),
    ...(given.get('partitioned') === true ? ['Partitioned'] : []),
  ];
  return parts.join('; ');
}

const attribute = (name: string, value: string | undefined) =>
  value === undefined ? [] : [`${name}=${value}`];
