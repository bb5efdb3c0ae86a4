/*
 * Misuse by the programmer, found at the call: a TypeError whose sentence says what to write, before something further in
 * fails in the words of the engine. What an object of options may hold is said once, by a shape beside its type.
 */

const articles = {
  string: 'a string',
  number: 'a number',
  boolean: 'true or false',
  function: 'a function',
  object: 'an object',
  array: 'an array',
  null: 'null',
} as const;

type TypeName = keyof typeof articles;

/** Types by their names, any of which will do: `'string'`, `'string|number'`. */
type Types<Name extends TypeName = TypeName> = Name | `${Name}|${Name}` | `${Name}|${Name}|${Name}`;

/** The names of the types that a value of this type may have. */
type NamesOf<Value> = unknown extends Value
  ? TypeName
  : Value extends string
    ? 'string'
    : Value extends number
      ? 'number'
      : Value extends boolean
        ? 'boolean'
        : Value extends null
          ? 'null'
          : Value extends readonly unknown[]
            ? 'array'
            : Value extends (...args: never[]) => unknown
              ? 'function'
              : Value extends object
                ? 'object'
                : never;

/** @param option its path, as `redirect.follow` @throws TypeError for what the option cannot be */
export type Check = (value: unknown, whose: string, option: string) => void;

/** What an option may hold: one of some types, whatever a check lets pass, or `'any'` where it is judged elsewhere. */
type Kind<Value = unknown> = 'any' | Types<NamesOf<Value>> | Check;

/** What each option of a type may hold. The compiler holds the names to the type: none is forgotten, and none too many. */
export type Shape<Options> = { readonly [Name in keyof Options]-?: Kind<Exclude<Options[Name], undefined>> };

type Kinds = Readonly<Record<string, Kind>>;

/** Of each shape that was asked for. */
const kindsByShape = new WeakMap<object, ReadonlyMap<string, Kind>>();

/**
 * A Map: code that reads a property whose name differs from call to call is compiled for the name that it saw last, and thrown away at the
 * next, without end. Bench row: Express, hallpass.
 */
function kindsOf(shape: object): ReadonlyMap<string, Kind> {
  const present = kindsByShape.get(shape);
  if (present !== undefined) return present;
  const made = new Map(Object.entries(shape as Kinds));
  kindsByShape.set(shape, made);
  return made;
}

/**
 * Every option must be known, and of its kind; one that is `undefined` is left off.
 * @param whose the function that takes them, as `createSessions`
 * @param path what stands before the names, where they are options of an option, as `redirect.`
 * @param isOpen true: what is not known is left alone, as fetch does it
 * @throws TypeError that says what to write
 */
export function checkOptions<Options extends object>(
  options: Options,
  shape: Shape<Options>,
  whose: string,
  path = '',
  isOpen = false,
): void {
  if (typeOf(options) !== 'object') {
    throw new TypeError(`${capital(whose)} takes its options as an object, not ${described(options)}.`);
  }
  const kinds = kindsOf(shape);
  for (const name in options) {
    const kind = kinds.get(name);
    if (kind === undefined) {
      if (!isOpen && Object.hasOwn(options, name))
        throw unknownName('option', name, [...kinds.keys()], whose, path);
      continue;
    }
    const value: unknown = options[name];
    if (value === undefined || kind === 'any') continue;
    if (typeof kind === 'function' || !kind.includes(typeOf(value)))
      checkKind(value, kind, whose, path + name);
  }
}

/** The names of all facts of a type. */
export class FactNames {
  readonly #all: ReadonlySet<string>;
  /** As an object of such facts had them last: most come from one place, in one order. Bench row: honor. */
  #order: readonly string[] = [];

  private constructor(names: readonly string[]) {
    this.#all = new Set(names);
  }

  /** The compiler holds the names to the type: none is forgotten, and none too many. */
  static of<Facts>(names: { readonly [Name in keyof Facts]-?: true }): FactNames {
    return new FactNames(Object.keys(names));
  }

  /**
   * Facts that a rule is asked with: a misspelt one would count as absent, and that is an answer too.
   * @param whose the facts, and the call that they belong to, as `The hop of admit(cookie, hop)`
   * @throws TypeError that says what to write
   */
  check(facts: object, whose: string): void {
    if (!isInOrder(facts, this.#order)) this.#checkAll(facts, whose);
  }

  #checkAll(facts: object, whose: string): void {
    if (typeof facts !== 'object' || facts === null || Array.isArray(facts))
      expectType(facts, 'object', whose);
    const order: string[] = [];
    for (const name in facts) {
      if (this.#all.has(name)) order.push(name);
      else if (Object.hasOwn(facts, name)) throw unknownName('fact', name, [...this.#all], whose, '');
    }
    this.#order = order;
  }
}

/** So short that it is compiled into its callers. Bench row: honor. */
function isInOrder(facts: object, order: readonly string[]): boolean {
  let at = 0;
  for (const name in facts) {
    if (name !== order[at++]) return false;
  }
  return at > 0;
}

function checkKind(value: unknown, kind: Kind, whose: string, option: string): void {
  if (typeof kind === 'function') kind(value, whose, option);
  else expectType(value, kind, `${option} of ${whose}`);
}

/**
 * Which of several forms an object has that names one thing: exactly one of them, and no name that does not belong to it, for what
 * is left out would name something else.
 * @param forms what each may hold, by the name that each has alone
 * @throws TypeError that says what to write
 */
export function checkForm<Form extends string>(
  selector: object,
  forms: Readonly<Record<Form, Kinds>>,
  whose: string,
): Form {
  const known: Kinds = Object.assign({}, ...Object.values(forms));
  const names = Object.keys(forms) as Form[];
  checkOptions(selector, known as Shape<object>, whose);
  const [form, other] = names.filter((name) => name in selector);
  if (form === undefined) throw new TypeError(`${capital(whose)} needs one of ${names.join(', ')}.`);
  if (other !== undefined) throw new TypeError(`${capital(whose)} takes ${form} or ${other}, not both.`);
  const kinds: Kinds = forms[form];
  const stray = Object.keys(known).find((name) => name in selector && !Object.hasOwn(kinds, name));
  if (stray !== undefined) throw new TypeError(`${capital(whose)} takes no ${stray} beside ${form}.`);
  checkKind((selector as Readonly<Record<string, unknown>>)[form], kinds[form] as Kind, whose, form);
  return form;
}

/** An object of options, or what is of these types. */
export const optionsOf =
  <Options>(shape: Shape<Options>, or?: TypeName | `${TypeName}|${TypeName}`): Check =>
  (value, whose, option) => {
    if (typeOf(value) === 'object')
      checkOptions(value as object, shape as Shape<object>, whose, `${option}.`);
    else expectType(value, or === undefined ? 'object' : `${or}|object`, `${option} of ${whose}`);
  };

/** One of these words; or what else it may be, by its name and its kind. */
export const oneOf =
  (words: readonly (string | false)[], other?: readonly [noun: string, kind: Kind]): Check =>
  (value, whose, option) => {
    if (words.includes(value as string)) return;
    if (other !== undefined && typeof value !== typeof words[0])
      return checkKind(value, other[1], whose, option);
    const list = words.map((word) => (word === false ? 'false' : `'${word}'`)).concat(other?.[0] ?? []);
    const given = typeof value === 'string' ? 'and no other string' : `not ${described(value)}`;
    throw new TypeError(`${option} of ${whose} must be ${list.join(' or ')}, ${given}.`);
  };

/** An array, every member of this kind. */
export const listOf =
  (kind: Kind): Check =>
  (value, whose, option) => {
    expectType(value, 'array', `${option} of ${whose}`);
    for (const [at, one] of (value as unknown[]).entries()) checkKind(one, kind, whose, `${option}[${at}]`);
  };

/** What has these methods. @param what what it is, with an example */
export const having =
  (what: string, ...methods: readonly string[]): Check =>
  (value, whose, option) => {
    const missing = methods.find((name) => typeof (value as Kinds | null)?.[name] !== 'function');
    if (missing === undefined) return;
    const isThing = typeof value === 'object' && value !== null;
    const given = isThing ? `something without ${missing}()` : described(value);
    throw new TypeError(`${option} of ${whose} must be ${what}, not ${given}.`);
  };

/** @param types one or several, as `'string|number'` @param what the argument, and the call that it belongs to */
export function expectType(value: unknown, types: Types | 'any', what: string): void {
  if (types === 'any' || types.includes(typeOf(value))) return;
  const expected = types.split('|').map((name) => articles[name as TypeName]);
  throw new TypeError(`${what} is ${expected.join(' or ')}, not ${described(value)}.`);
}

/** A text, or what has one, as a URL. @param what the argument @throws TypeError for what has none: a Symbol, `Object.create(null)` */
export function textOf(value: unknown, what: string): string {
  if (typeof value === 'string') return value;
  try {
    return `${value}`;
  } catch {
    throw new TypeError(`${what} is a string, not ${described(value)}.`);
  }
}

/** True for an object of the kind of `{}`, of whatever realm: all that it holds is in properties of its own. */
export function isPlainObject(object: object): boolean {
  const prototype = Object.getPrototypeOf(object);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/**
 * @param how it is passed on, as `app.use(pass)`
 * @param caller who calls it, and when
 * @throws TypeError: it was called without what its caller calls it with
 */
export function refuseOwnCall(
  how: string,
  caller = 'The framework calls this middleware, with every request',
): never {
  throw new TypeError(`${caller}: write ${how}, and no call of your own.`);
}

/**
 * JSON text; `undefined` for what has none. No error quotes the value, which may be a secret.
 * @param what the value, and the call that it belongs to
 * @throws TypeError for what JSON cannot hold: a BigInt, a cycle
 */
export function jsonOf(value: unknown, what: string): string | undefined {
  try {
    return JSON.stringify(value);
  } catch (cause) {
    throw new TypeError(
      `${what} cannot be written as JSON: it holds a BigInt, itself, or a toJSON that throws. Give plain data.`,
      { cause },
    );
  }
}

/** At the beginning of a sentence: the name of a function stays as it is. */
const capital = (whose: string) => whose.replace(/^a(?=n? )/, 'A');

/** As `typeof` says, but that null and arrays are no objects. */
function typeOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
}

/** A value in an error: its type, for it may be a secret. */
function described(value: unknown): string {
  if (typeof value === 'boolean') return String(value);
  const type = typeOf(value);
  return articles[type as TypeName] ?? (type === 'undefined' ? type : `a ${type}`);
}

/** As an error quotes what cannot be a secret. */
export const quoted = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? JSON.stringify(value) : described(value);

function unknownName(
  noun: 'option' | 'fact',
  name: string,
  known: readonly string[],
  whose: string,
  path: string,
): TypeError {
  const meant = similarTo(name, known);
  const fix =
    meant.length > 0
      ? `write ${meant.map((one) => path + one).join(' or ')}`
      : known.length === 1
        ? `write ${path}${known[0]}`
        : `write one of ${known.join(', ')}`;
  return new TypeError(`${capital(whose)} has no ${noun} ${path}${name}: ${fix}.`);
}

/** The names that somebody may have meant by this one: spelt almost so, or the longer or shorter form of it. */
function similarTo(wrong: string, known: readonly string[]): readonly string[] {
  const plain = (name: string) =>
    name
      .toLowerCase()
      .replace(/[-_]/g, '')
      .replace(/^limit/, 'max');
  const word = plain(wrong);
  const distances = known.map((name) => distance(word, plain(name)));
  const least = Math.min(...distances);
  if (least <= Math.min(2, word.length / 3)) return known.filter((_, at) => distances[at] === least);
  return known.filter(
    (name) => plain(name).includes(word) || (name.length > 3 && word.includes(plain(name))),
  );
}

/** How many letters have to be put in, taken out or replaced to make the one of the other (Levenshtein). */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      const replaced = row[j - 1]! + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[other.length]!;
}
