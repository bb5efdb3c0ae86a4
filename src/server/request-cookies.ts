import { findCookie } from '../cookie/header.ts';
import { replaceLines } from '../cookie/set-lines.ts';
import type { AsyncCookieDefinition, CookieDefinition, CookieOverrides } from '../cookie/types.ts';
import { refuseDetached } from '../errors/detached.ts';
import type { Reason, Verdict } from '../scope/verdict.ts';
import { isPromised } from '../time/is-promised.ts';

/** The defined cookies of one request and its answer. What is set is sent on every outcome: redirects, errors, a 500. */
export interface RequestCookies {
  /** What the visitor sent, or what this request has set since; checked by the definition. */
  get<In, Out>(definition: CookieDefinition<In, Out>): Out;
  get<In, Out>(definition: AsyncCookieDefinition<In, Out>): Promise<Out>;
  /**
   * A cookie with a purpose (`consent` of its definition) is sent if the visitor agrees to that when the answer begins.
   * @throws TypeError when browsers would drop the cookie, or the answer's head has been sent.
   */
  set<In>(definition: CookieDefinition<In, unknown>, value: In, per?: CookieOverrides): void;
  set<In>(definition: AsyncCookieDefinition<In, unknown>, value: In, per?: CookieOverrides): Promise<void>;
  /** Expires the cookie, and every former variant of it. */
  delete(definition: Pick<CookieDefinition<unknown, unknown>, 'name' | 'serializeDelete'>): void;
}

type Either = CookieDefinition<unknown, unknown> | AsyncCookieDefinition<unknown, unknown>;
/** What is needed of a definition to take its cookie back. */
type Deletable = Pick<Either, 'name' | 'consent' | 'serializeDelete'>;

/** Who is told of the cookies of a request. */
export interface CookieListeners {
  /** Of a defined cookie that came with a value which its definition refuses. */
  readonly invalid?: (name: string, reasons: readonly Reason[]) => void;
  /** Of a cookie that was not set, for want of consent to its purpose. */
  readonly withheld?: (name: string, purpose: string) => void;
}

/** What one answer does to the visitor's cookies. */
export class CookieRun implements RequestCookies {
  /** What a handler gets: nothing else is on it. */
  readonly context: RequestCookies = new HandlerCookies(this);
  /** The definitions of those that hold secrets. */
  readonly sensitive: Either[] = [];
  /** True once the answer depends on a cookie of the request. */
  wasRead = false;
  // Private, as everything here that holds values: no log of a context shows them.
  #lines: readonly string[] = [];
  readonly #sent: string | undefined;
  readonly #changed = new Map<string, string | undefined>();
  /** What was set for a purpose, by name: sent if the visitor agrees to that. */
  readonly #forPurpose = new Map<string, { definition: Either; lines: readonly string[] }>();
  readonly #sealing = new Set<CookieBeingSealed>();
  readonly #listeners: CookieListeners;
  readonly #read = new Set<string>();
  /** The purposes that the visitor agrees to; `undefined` until the handler is done. */
  #agreed: ReadonlySet<string> | undefined;
  #closed = false;

  /** @param sent the request's Cookie header */
  constructor(sent: string | undefined, listeners: CookieListeners = {}) {
    this.#sent = sent;
    this.#listeners = listeners;
  }

  /** The lines to send, one for each name, domain and path: what has a purpose, if the visitor agreed to that. */
  get lines(): readonly string[] {
    let all = this.#lines;
    for (const { definition, lines } of this.#forPurpose.values()) {
      if (this.#agreed?.has(definition.consent ?? '')) all = replaceLines(all, lines);
      else all = this.#withdrawn(all, definition);
    }
    return all;
  }

  /**
   * Once the handler is done: takes what it has set without the visitor's consent off the answer.
   * @param agreed the purposes that the visitor agrees to
   * @param watched cookies that are expired, too, when the visitor sent them and does not agree
   */
  settleConsent(agreed: ReadonlySet<string>, watched: readonly Deletable[]): void {
    this.#agreed = agreed;
    for (const { definition } of this.#forPurpose.values()) this.#warnIfWithheld(definition, agreed);
    for (const definition of watched) {
      if (definition.consent !== undefined && !agreed.has(definition.consent)) {
        this.#lines = this.#withdrawn(this.#lines, definition);
      }
    }
  }

  #warnIfWithheld({ name, consent = '' }: Deletable, agreed: ReadonlySet<string>): void {
    if (!agreed.has(consent)) this.#listeners.withheld?.(name, consent);
  }

  /** With the deletion of a cookie that the visitor has and does not agree to. */
  #withdrawn(lines: readonly string[], definition: Deletable): readonly string[] {
    const came = this.#sent !== undefined && findCookie(this.#sent, definition.name) !== undefined;
    return came ? replaceLines(lines, definition.serializeDelete()) : lines;
  }

  get<In, Out>(definition: CookieDefinition<In, Out>): Out;
  get<In, Out>(definition: AsyncCookieDefinition<In, Out>): Promise<Out>;
  get(definition: Either): unknown {
    expectDefinition(definition, 'get');
    this.wasRead = true;
    const { name } = definition;
    if (this.#changed.has(name)) return definition.read(this.#changed.get(name));
    if (this.#listeners.invalid !== undefined) this.#reportInvalid(definition, this.#listeners.invalid);
    return definition.read(this.#sent);
  }

  #reportInvalid(definition: Either, listener: NonNullable<CookieListeners['invalid']>): void {
    const { name } = definition;
    if (this.#read.has(name)) return;
    this.#read.add(name);
    const report = ({ reasons }: Verdict) => {
      const invalid = reasons.filter(({ code }) => code === 'cookie-invalid');
      if (invalid.length > 0) listener(name, invalid);
    };
    const verdict = definition.explain(this.#sent);
    if (isPromised(verdict)) verdict.then(report, () => {});
    else report(verdict);
  }

  set<In>(definition: CookieDefinition<In, unknown>, value: In, per?: CookieOverrides): void;
  set<In>(definition: AsyncCookieDefinition<In, unknown>, value: In, per?: CookieOverrides): Promise<void>;
  set(definition: Either, value: unknown, per?: CookieOverrides): unknown {
    expectDefinition(definition, 'set');
    this.assertOpen();
    if (definition.sensitive) this.sensitive.push(definition);
    const line = definition.serialize(value, per);
    if (typeof line === 'string') return this.#put(definition, line);
    const sealing = new CookieBeingSealed((resolve, reject) => {
      line.then((sealed) => resolve(this.#put(definition, sealed))).catch(reject);
    });
    this.#sealing.add(sealing);
    return sealing;
  }

  delete(definition: Pick<Either, 'name' | 'serializeDelete'>): void {
    expectDefinition(definition, 'delete');
    this.assertOpen();
    this.#lines = replaceLines(this.#lines, definition.serializeDelete());
    this.#forPurpose.delete(definition.name);
    this.#changed.set(definition.name, undefined);
  }

  /** Adds the line of a cookie that others have written. */
  append(line: string): void {
    this.assertOpen();
    this.#lines = replaceLines(this.#lines, [line]);
  }

  /** @throws TypeError once the head has been sent */
  assertOpen(): void {
    if (this.#closed)
      throw new TypeError(
        'The head of the answer has been sent, or there is no answer, as to an upgrade: set cookies before.',
      );
  }

  /**
   * Takes no more cookies; a promise while some are still being sealed.
   * @throws what one of them cannot be set for, where nobody has asked for its outcome
   */
  close(): Promise<unknown> | undefined {
    this.#closed = true;
    return this.#sealing.size === 0 ? undefined : Promise.all([...this.#sealing].map((one) => one.outcome()));
  }

  #put(definition: Either, line: string): void {
    const lines = [...definition.serializeFormer(), line];
    if (definition.consent === undefined) this.#lines = replaceLines(this.#lines, lines);
    else {
      this.#forPurpose.set(definition.name, { definition, lines });
      // A cookie that was still being sealed when the handler was done.
      if (this.#agreed !== undefined) this.#warnIfWithheld(definition, this.#agreed);
    }
    this.#changed.set(definition.name, line.split(';', 1)[0]);
  }
}

/** A name alone says neither how a cookie is read nor what its lines are. */
function expectDefinition(definition: Partial<Either> | undefined, method: 'get' | 'set' | 'delete'): void {
  if (typeof definition?.serializeDelete === 'function') return;
  throw new TypeError(
    `cookies.${method} takes a defined cookie: write const theme = defineCookie('theme'), and cookies.${method}(theme${method === 'set' ? ', value' : ''}).`,
  );
}

/** A cookie on its way: one that fails is the request's failure, unless the handler awaits it and hears for itself. */
class CookieBeingSealed extends Promise<unknown> {
  #isAwaited = false;

  constructor(executor: ConstructorParameters<typeof Promise<unknown>>[0]) {
    super(executor);
    super.then(undefined, () => {});
  }

  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }

  // biome-ignore lint/suspicious/noThenProperty: it is a promise.
  override then<A = unknown, B = never>(
    onDone?: ((value: unknown) => A | PromiseLike<A>) | null,
    onFailure?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.#isAwaited = true;
    return super.then(onDone, onFailure);
  }

  outcome(): Promise<unknown> {
    return super.then(undefined, (error) => {
      if (!this.#isAwaited) throw error;
    });
  }
}

class HandlerCookies implements RequestCookies {
  readonly #run: CookieRun;

  constructor(run: CookieRun) {
    this.#run = run;
  }

  static {
    refuseDetached(HandlerCookies, (object) => #run in object, 'context.cookies');
  }

  get<In, Out>(definition: CookieDefinition<In, Out>): Out;
  get<In, Out>(definition: AsyncCookieDefinition<In, Out>): Promise<Out>;
  get(definition: Either): unknown {
    return this.#run.get(definition as CookieDefinition<unknown, unknown>);
  }

  set<In>(definition: CookieDefinition<In, unknown>, value: In, per?: CookieOverrides): void;
  set<In>(definition: AsyncCookieDefinition<In, unknown>, value: In, per?: CookieOverrides): Promise<void>;
  set(definition: Either, value: unknown, per?: CookieOverrides): unknown {
    return this.#run.set(definition as CookieDefinition<unknown, unknown>, value, per);
  }

  delete(definition: Pick<CookieDefinition<unknown, unknown>, 'name' | 'serializeDelete'>): void {
    this.#run.delete(definition);
  }
}
