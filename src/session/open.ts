import type { StandardSchemaV1 } from '@standard-schema/spec';
import { type CookiePair, readCookie } from '../cookie/header.ts';
import type { RequestSource } from '../cookie/request-source.ts';
import { type Awaitable, after } from '../crypto/index.ts';
import { checkOptions, expectType, type Shape } from '../errors/misuse.ts';
import { safeCause } from '../errors/safe-cause.ts';
import { HttpError } from '../errors.ts';
import { allowed, type Reason, type ReasonCode, reason, verdict } from '../scope/verdict.ts';
import { isPromised } from '../time/is-promised.ts';
import type { Backend, Refusal } from './backend.ts';
import { readBySchema } from './data-schema.ts';
import type { Report } from './events.ts';
import { type Foreign, foreignSession } from './foreign.ts';
import { isDataKey } from './keys.ts';
import { warnOfRefusedData } from './refused-data.ts';
import type { LoadedSession, Opened, SessionFacts } from './request-session.ts';
import type { FoundCookie } from './session-cookie.ts';
import type { Settings } from './settings.ts';
import type { NotAdopted, RequestFacts } from './types.ts';
import { Values } from './values.ts';

const factsShape: Shape<RequestFacts> = { device: 'string|null', address: 'string|null' };

/** Finds the visitor's session. Any cookie at all is an answer, never an error. */
export function openSession<Loaded extends LoadedSession>(
  settings: Settings,
  backend: Backend<Loaded>,
  from: RequestSource,
  at: number,
  facts: RequestFacts,
): Awaitable<Opened<Loaded>> {
  checkOptions(facts, factsShape, 'sessions.open');
  return new Opening(settings, backend, from, at, facts).open();
}

/** One request's way to its session. */
class Opening<Loaded extends LoadedSession> {
  readonly #settings: Settings;
  readonly #backend: Backend<Loaded>;
  readonly #from: RequestSource;
  readonly #at: number;
  readonly #address: string | undefined;
  readonly #device: string | undefined;
  readonly #came: FoundCookie;
  readonly #askForeign: Opened['askForeign'];

  constructor(
    settings: Settings,
    backend: Backend<Loaded>,
    from: RequestSource,
    at: number,
    { address, device }: RequestFacts,
  ) {
    this.#settings = settings;
    this.#backend = backend;
    this.#from = from;
    this.#at = at;
    this.#address = address ?? undefined;
    this.#device = device?.toWellFormed();
    this.#came = settings.cookie.find(from);
    this.#askForeign = settings.adopt && (() => this.#adopt());
  }

  open(): Awaitable<Opened<Loaded>> {
    const { report } = this.#settings;
    const { name } = this.#settings.cookie;
    const { cookies, count, formerName = name, joined } = this.#came;
    if (count > 1) report({ type: 'duplicate-cookie', name: formerName, count });
    if (joined) report({ type: 'comma-joined-cookie', name });
    if (cookies.length === 0) return this.#openForeign(() => this.#nobody('session-no-cookie'));
    return after(
      this.#unlessAway(findFirst(this.#backend, cookies, this.#at)),
      (first): Awaitable<Opened<Loaded>> => {
        if (first === 'away') return this.#refuse('session-store-away');
        const { found, rest } = first;
        const isOurs = !('refused' in found) || found.refused !== 'session-malformed';
        // What has not our form may be the other library's, whose cookie had this name.
        return isOurs ? this.#opened(found, rest) : this.#openForeign(() => this.#opened(found, rest));
      },
    );
  }

  /** By the session of another library, or as it is said where there is none of that. */
  #openForeign(otherwise: () => Awaitable<Opened<Loaded>>): Awaitable<Opened<Loaded>> {
    if (this.#askForeign === undefined) return otherwise();
    return after(this.#unlessAway(this.#askForeign()), (foreign): Awaitable<Opened<Loaded>> => {
      if (foreign === 'away') return this.#refuse('session-store-away');
      if (foreign === undefined) return otherwise();
      if ('refused' in foreign) {
        this.#settings.anomalies?.refused(this.#address, this.#at);
        return this.#nobody('session-not-adopted', { name: foreign.cookie, why: foreign.refused });
      }
      const finding = this.#unlessAway(this.#backend.findAdopted(foreign, this.#at));
      return after(finding, (found): Awaitable<Opened<Loaded>> => {
        if (found === 'away') return this.#refuse('session-store-away');
        if (found !== undefined) return this.#opened(found, noCookies, foreign);
        return after(valuesOf(this.#settings, foreign), (values) => ({
          ...this.#nobody('session-no-cookie'),
          values,
          foreign,
        }));
      });
    });
  }

  /** Asks for the session of another library. */
  #adopt(): Awaitable<Foreign | NotAdopted | undefined> {
    const { adopt, cookie, report } = this.#settings;
    return after(
      adopt?.((name) => readCookie(this.#from, name), this.#at),
      (adopted): Awaitable<Foreign | NotAdopted | undefined> => {
        if (adopted === undefined) return undefined;
        expectType(adopted, 'object', 'What adopt gives');
        if (!('refused' in adopted))
          return foreignSession(adopted, [cookie.name, ...cookie.formerNames], this.#at);
        const { cookie: name, refused, cause } = adopted;
        const why = cause === undefined ? {} : { cause: safeCause(cause) };
        report({ type: 'not-adopted', cookie: name, reason: refused, ...why });
        return adopted;
      },
    );
  }

  #opened(
    found: Loaded | Refusal,
    others: readonly CookiePair[],
    foreign?: Foreign,
  ): Awaitable<Opened<Loaded>> {
    const { anomalies } = this.#settings;
    if ('refused' in found) {
      anomalies?.refused(this.#address, this.#at);
      const late = found.late ? found.selector : undefined;
      return { ...this.#refuse(found.refused, found.selector), late, others };
    }
    const { row } = found;
    anomalies?.seen(row.selector, { address: this.#address, device: this.#device }, this.#at);
    const values = valuesOf(this.#settings, row);
    return isPromised(values)
      ? values.then((read) => this.#known(found, read, others, foreign))
      : this.#known(found, values, others, foreign);
  }

  #known(
    loaded: Loaded,
    values: Values,
    others: readonly CookiePair[],
    foreign: Foreign | undefined,
  ): Opened<Loaded> {
    const { count, joined } = this.#came;
    return {
      at: this.#at,
      device: this.#device,
      cookieCame: this.#came.cookies.length > 0,
      storeAway: false,
      values,
      verdict: count > 1 || joined ? verdict([], this.#warnings()) : allowed,
      loaded,
      others,
      foreign,
      askForeign: this.#askForeign,
    };
  }

  #nobody(code: ReasonCode, facts?: Record<string, string>): Opened<Loaded> {
    return {
      at: this.#at,
      device: this.#device,
      cookieCame: this.#came.cookies.length > 0,
      storeAway: code === 'session-store-away',
      values: new Values(),
      verdict: verdict([reason(code, facts)], this.#warnings()),
      askForeign: this.#askForeign,
    };
  }

  #refuse(code: ReasonCode, selector?: string): Opened<Loaded> {
    this.#settings.report({ type: 'refused', reason: code }, selector);
    return this.#nobody(code);
  }

  #warnings(): Reason[] {
    const { name } = this.#settings.cookie;
    const { count, formerName = name, joined } = this.#came;
    return [
      ...(count > 1 ? [reason('duplicate-cookie', { name: formerName })] : []),
      ...(joined ? [reason('comma-joined-cookie', { name })] : []),
    ];
  }

  #unlessAway<T>(answer: Awaitable<T>): Awaitable<T | 'away'> {
    if (this.#settings.onStoreFailure !== 'anonymous' || !isPromised(answer)) return answer;
    return answer.then(undefined, (error: unknown) => {
      if (error instanceof HttpError) return 'away' as const;
      throw error;
    });
  }
}

/** How many cookies are looked up: two scopes of a name happen, more are somebody's doing. */
const mostLookedUp = 3;

/** Why a cookie stands for nothing here, so that the next is looked at. One that ended stops the search. */
const opensNothing: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  'session-malformed',
  'session-unknown',
  'session-wrong-verifier',
  'session-broken-seal',
  'session-unknown-key',
]);

const noCookies: readonly CookiePair[] = [];

/** The first session that one of these cookies stands for, or why there is none; and the cookies behind it. */
function findFirst<Loaded extends LoadedSession>(
  backend: Backend<Loaded>,
  cookies: readonly CookiePair[],
  now: number,
): Awaitable<{ found: Loaded | Refusal; rest: readonly CookiePair[] }> {
  const possible = cookies.length === 1 ? cookies : cookies.filter(({ value }) => backend.mayOpen(value));
  const only = possible[0];
  if (only === undefined) return { found: { refused: 'session-malformed' }, rest: noCookies };
  if (possible.length === 1) return after(backend.find(only, now), (found) => ({ found, rest: noCookies }));
  return firstOf(backend, possible.slice(0, mostLookedUp), now);
}

/** Looks all of them up at once. */
async function firstOf<Loaded extends LoadedSession>(
  backend: Backend<Loaded>,
  cookies: readonly CookiePair[],
  now: number,
): Promise<{ found: Loaded | Refusal; rest: readonly CookiePair[] }> {
  const looking = backend.findAll?.(cookies, now) ?? cookies.map((cookie) => backend.find(cookie, now));
  const finding = looking.map(async (one) => one);
  // One that does not count may fail: an event already.
  for (const one of finding) one.catch(() => {});
  let refusal: Refusal | undefined;
  for (const [at, one] of finding.entries()) {
    const found = await one;
    const opens = !('refused' in found) || !opensNothing.has(found.refused);
    if (opens) return { found, rest: cookies.slice(at + 1) };
    refusal = refusal === undefined || found.late ? found : refusal;
  }
  return { found: refusal ?? { refused: 'session-malformed' }, rest: [] };
}

/** What a handler sees of data: with a schema, as that gives it. Refused data is hidden, and deleted with the next write. */
export function valuesOf(
  { schema, report }: Settings,
  { data, selector }: Pick<SessionFacts, 'data' | 'selector'>,
): Awaitable<Values> {
  return schema === undefined ? new Values(data) : checked(schema, data, selector, report);
}

async function checked(
  schema: StandardSchemaV1,
  data: SessionFacts['data'],
  selector: string,
  report: Report,
): Promise<Values> {
  const values = new Values(data, (stored) => readBySchema(schema, stored));
  // A session without data is not refused for what it has not yet.
  if (!Object.keys(data).some(isDataKey)) return values;
  const read = await readBySchema(schema, data);
  if (read.refused !== undefined) {
    report({ type: 'data-refused', keys: read.keys, ...read.refused }, selector);
    warnOfRefusedData(read.refused);
  }
  values.show(read);
  return values;
}
