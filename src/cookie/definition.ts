import type { StandardSchemaV1 } from '@standard-schema/spec';
import { refuseDetached } from '../errors/detached.ts';
import { checkOptions, expectType } from '../errors/misuse.ts';
import { reason, type Verdict, verdict } from '../scope/verdict.ts';
import { isPromised } from '../time/is-promised.ts';
import type { Clock } from '../time.ts';
import { checkAttributes, checkLife, checkSize, lifeText, scopeText, secondsOf } from './attributes.ts';
import { clone } from './clone.ts';
import { epochText } from './date.ts';
import { type CookieFinder, cookieFinder, cookieHeaderOf } from './header.ts';
import { cookieHeaderWarnings } from './header-warnings.ts';
import { overridesShape } from './options.ts';
import { CookieParameterError, type ParameterProblem } from './parameter-error.ts';
import type { RequestSource, ResponseTarget } from './request-source.ts';
import { withSetCookie } from './set-lines.ts';
import type {
  AsyncCookieDefinition,
  Codec,
  CookieAttributes,
  CookieDefinition,
  CookieOptions,
  CookieOverrides,
  FormerCookie,
} from './types.ts';
import { decodeValue, encodeValue, fromText, toText } from './value.ts';

/** A checked value, or what is wrong with it. */
type Checked = { value: unknown } | { problems: ParameterProblem[] };

/** What both kinds of definition share: the prepared text of the line, and the judging of a value. */
abstract class Definition {
  readonly name: string;
  readonly attributes: Readonly<CookieAttributes>;
  readonly sensitive: boolean;
  readonly consent: string | undefined;
  protected readonly options: CookieOptions;
  readonly #head: string;
  readonly #scope: string;
  readonly #tail: string;

  constructor(name: string, attributes: CookieAttributes, options: CookieOptions) {
    this.name = name;
    this.attributes = Object.freeze(attributes);
    this.sensitive = options.sensitive === true;
    this.consent = options.consent;
    this.options = options;
    this.#head = `${name}=`;
    this.#scope = scopeText({ ...attributes, maxAge: undefined });
    this.#tail =
      this.#scope + lifeText({ maxAge: secondsOf(attributes.maxAge), expires: attributes.expires });
  }

  static {
    const only = ['serializeDelete', 'serializeFormer', 'delete'];
    refuseDetached(Definition, (object) => #head in object, 'cookie', { only });
  }

  /** The line for an encoded value. */
  protected line(text: string, per: CookieOverrides | undefined): string {
    const value = encodeValue(text, this.name);
    checkSize(this.name, value);
    if (per !== undefined) checkOptions(per, overridesShape, `a line of ${this.name}`);
    if (per === undefined || (per.maxAge === undefined && per.expires === undefined)) {
      return this.#head + value + this.#tail;
    }
    const life = {
      name: this.name,
      maxAge: secondsOf(per.maxAge ?? undefined),
      expires: per.expires ?? undefined,
    };
    checkLife(life, this.options.clock);
    return this.#head + value + this.#scope + lifeText(life);
  }

  serializeDelete(): string[] {
    return [`${this.#head}${this.#scope}; Max-Age=0; Expires=${epochText}`, ...this.serializeFormer()];
  }

  serializeFormer(): string[] {
    return (this.options.former ?? []).map((variant) => {
      const { name, ...attributes } = formerCookie(this.name, this.attributes, variant);
      return `${name}=${scopeText({ ...attributes, maxAge: undefined })}; Max-Age=0; Expires=${epochText}`;
    });
  }

  delete<T extends ResponseTarget>(to: T): T {
    return withSetCookie(to, this.serializeDelete());
  }

  protected textOf(value: unknown): string {
    return toText(value, this.options.format ?? 'text', this.name);
  }

  /** The value of a text that came in, or is to go out, as the schema sees it. */
  protected validate(
    text: string,
  ): { value: unknown } | StandardSchemaV1.Result<unknown> | Promise<StandardSchemaV1.Result<unknown>> {
    let value: unknown;
    try {
      value = fromText(text, this.options.format ?? 'text');
    } catch {
      return { issues: [{ message: 'value is not JSON' }] };
    }
    const { schema } = this.options;
    return schema === undefined ? { value } : schema['~standard'].validate(value);
  }

  protected settle(result: { value: unknown } | StandardSchemaV1.Result<unknown>, text: string): Checked {
    const { schema } = this.options;
    if (schema !== undefined) expectType(result, 'object|array', `What the schema of ${this.name} answers`);
    if (!('issues' in result) || result.issues === undefined) {
      const { value } = result as { value: unknown };
      return { value: schema === undefined ? value : clone(value) };
    }
    const hidden = this.sensitive || this.options.codec !== undefined;
    return {
      problems: result.issues.map(({ message, path = [] }) => ({
        loc: ['cookie', this.name, ...path.map(keyOf)],
        msg: hidden || (text !== '' && message.includes(text)) ? 'value is not valid' : message,
        type: 'value_error',
      })),
    };
  }

  protected get missing(): Checked {
    return { problems: [{ loc: ['cookie', this.name], msg: 'field required', type: 'value_error.missing' }] };
  }

  /** A default is given out as a copy, so that no request changes another's. */
  protected fallback(): unknown {
    return clone(this.options.default);
  }

  protected demand(checked: Checked): unknown {
    if ('value' in checked) return checked.value;
    throw new CookieParameterError(this.name, checked.problems);
  }

  protected judge(header: string, raw: string | undefined, checked: Checked): Verdict {
    const { name } = this;
    const missing = raw === undefined;
    const warnings = cookieHeaderWarnings(header).filter(({ code, facts }) =>
      missing ? code === 'comma-joined-cookie' : facts?.name === name,
    );
    const against =
      'value' in checked ? [] : [reason(missing ? 'cookie-missing' : 'cookie-invalid', { name })];
    return verdict(against, warnings);
  }

  protected refuseToWrite(problems: ParameterProblem[]): never {
    throw new TypeError(
      `Not a value for ${this.name}: ${problems.map((problem) => problem.msg).join('; ')}.`,
    );
  }
}

const keyOf = (segment: PropertyKey | StandardSchemaV1.PathSegment): string | number => {
  const key = typeof segment === 'object' ? segment.key : segment;
  return typeof key === 'number' ? key : String(key);
};

export class SyncDefinition extends Definition implements CookieDefinition<unknown, unknown> {
  readonly #find: CookieFinder;

  constructor(name: string, attributes: CookieAttributes, options: CookieOptions) {
    super(name, attributes, options);
    this.#find = cookieFinder(name);
  }

  static {
    refuseDetached(SyncDefinition, (object) => #find in object, 'cookie');
  }

  read(from: RequestSource): unknown {
    const checked = this.#check(this.#find(cookieHeaderOf(from)));
    return 'value' in checked ? checked.value : this.fallback();
  }

  require(from: RequestSource): Exclude<unknown, undefined> {
    return this.demand(this.#check(this.#find(cookieHeaderOf(from)))) as Exclude<unknown, undefined>;
  }

  explain(from: RequestSource): Verdict {
    const header = cookieHeaderOf(from);
    const raw = this.#find(header);
    return this.judge(header, raw, this.#check(raw));
  }

  serialize(value: unknown, per?: CookieOverrides): string {
    const text = this.textOf(value);
    if (this.options.schema !== undefined) {
      const checked = this.#validate(text);
      if (!('value' in checked)) this.refuseToWrite(checked.problems);
    }
    return this.line(text, per);
  }

  set<T extends ResponseTarget>(to: T, value: unknown, per?: CookieOverrides): T {
    return withSetCookie(to, [...this.serializeFormer(), this.serialize(value, per)]);
  }

  #check(raw: string | undefined): Checked {
    return raw === undefined ? this.missing : this.#validate(decodeValue(raw));
  }

  #validate(text: string): Checked {
    const result = this.validate(text);
    if (isPromised(result)) {
      throw new TypeError(
        `The schema of ${this.name} answers with a promise: use a synchronous schema, or a codec, which makes the definition asynchronous.`,
      );
    }
    return this.settle(result, text);
  }
}

export class CodedDefinition extends Definition implements AsyncCookieDefinition<unknown, unknown> {
  readonly #codec: Codec;
  readonly #find: CookieFinder;

  constructor(name: string, attributes: CookieAttributes, options: CookieOptions, codec: Codec) {
    super(name, attributes, options);
    this.#codec = codec;
    this.#find = cookieFinder(name);
  }

  static {
    refuseDetached(CodedDefinition, (object) => #codec in object, 'cookie');
  }

  async read(from: RequestSource): Promise<unknown> {
    const checked = await this.#check(this.#find(cookieHeaderOf(from)));
    return 'value' in checked ? checked.value : this.fallback();
  }

  async require(from: RequestSource): Promise<Exclude<unknown, undefined>> {
    return this.demand(await this.#check(this.#find(cookieHeaderOf(from)))) as Exclude<unknown, undefined>;
  }

  async explain(from: RequestSource): Promise<Verdict> {
    const header = cookieHeaderOf(from);
    const raw = this.#find(header);
    return this.judge(header, raw, await this.#check(raw));
  }

  async serialize(value: unknown, per?: CookieOverrides): Promise<string> {
    const text = this.textOf(value);
    const checked = this.settle(await this.validate(text), text);
    if (!('value' in checked)) this.refuseToWrite(checked.problems);
    const encoded: unknown = await this.#codec.encode(text, this.name);
    expectType(encoded, 'string', `What the codec of ${this.name} encodes to`);
    return this.line(encoded as string, per);
  }

  async set<T extends ResponseTarget>(to: T, value: unknown, per?: CookieOverrides): Promise<T> {
    return withSetCookie(to, [...this.serializeFormer(), await this.serialize(value, per)]);
  }

  async #check(raw: string | undefined): Promise<Checked> {
    if (raw === undefined) return this.missing;
    const text = await this.#codec.decode(decodeValue(raw), this.name);
    if (text === undefined) return this.settle({ issues: [{ message: 'value is not valid' }] }, raw);
    return this.settle(await this.validate(text), text);
  }
}

/** A former variant, with what it does not say as the cookie is now. */
export function formerCookie(
  name: string,
  now: CookieAttributes,
  former: FormerCookie,
): CookieAttributes & { name: string } {
  const { domain: present, ...rest } = now;
  const domain = former.domain === undefined ? present : (former.domain ?? undefined);
  return {
    ...rest,
    name: former.name ?? name,
    path: former.path ?? now.path,
    ...(domain !== undefined && { domain }),
    partitioned: former.partitioned ?? now.partitioned,
  };
}

/** @throws TypeError for attributes that user agents would drop. */
export function checkDefinition(name: string, attributes: CookieAttributes, clock?: Clock): void {
  checkAttributes({ name, ...attributes, maxAge: secondsOf(attributes.maxAge) }, clock);
}
