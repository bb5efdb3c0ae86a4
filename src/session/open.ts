import type { StandardSchemaV1 } from '@standard-schema/spec';
import { type CookiePair, readCookie } from '../cookie/header.ts';
import type { RequestSource } from '../cookie/request-source.ts';
import { type Awaitable, after } from '../crypto/index.ts';
import { checkOptions, expectType, type Shape } from '../errors/misuse.ts';
import { safeCause } from '../errors/safe-cause.ts';
import { HttpError } from '../errors.ts';
import { allowed, type Reason, type ReasonCode, reason, verdict } from '../scope/verdict.ts';
import type { Backend, Refusal } from './backend.ts';
import { readBySchema } from './data-schema.ts';
import type { Report } from './events.ts';
import { type Foreign, foreignSession } from './foreign.ts';
import type { LoadedSession, Opened, SessionFacts } from './request-session.ts';
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
  const { cookie, report, anomalies, adopt, onStoreFailure } = settings;
  const address = facts.address ?? undefined;
  const device = facts.device?.toWellFormed();
  const { cookies, count, joined } = cookie.find(from);
  const warnings = () => oddities(cookie.name, count, joined);
  if (count > 1) report({ type: 'duplicate-cookie', count });
  if (joined) report({ type: 'comma-joined-cookie' });
  const cookieCame = cookies.length > 0;
  const askForeign =
    adopt &&
    (() =>
      after(
        adopt((name) => readCookie(from, name), at),
        (adopted): Awaitable<Foreign | NotAdopted | undefined> => {
          if (adopted === undefined) return undefined;
          expectType(adopted, 'object', 'What adopt gives');
          if (!('refused' in adopted)) return foreignSession(adopted, cookie.name);
          const { cookie: name, refused, cause } = adopted;
          const why = cause === undefined ? {} : { cause: safeCause(cause) };
          report({ type: 'not-adopted', cookie: name, reason: refused, ...why });
          return adopted;
        },
      ));
  const nobody = (code: ReasonCode, facts?: Record<string, string>): Opened<Loaded> => {
    const storeAway = code === 'session-store-away';
    const why = verdict([reason(code, facts)], warnings());
    return { at, device, cookieCame, storeAway, values: new Values(), verdict: why, askForeign };
  };
  const refuse = (code: ReasonCode, selector?: string): Opened<Loaded> => {
    report({ type: 'refused', reason: code }, selector);
    return nobody(code);
  };
  const unlessAway = <T>(answer: Awaitable<T>): Awaitable<T | 'away'> =>
    onStoreFailure === 'anonymous' && answer instanceof Promise
      ? answer.catch((error: unknown) => {
          if (error instanceof HttpError) return 'away' as const;
          throw error;
        })
      : answer;

  const open = (
    found: Loaded | Refusal,
    others: readonly CookiePair[],
    foreign?: Foreign,
  ): Awaitable<Opened<Loaded>> => {
    if ('refused' in found) {
      anomalies?.refused(address, at);
      const late = found.late ? found.selector : undefined;
      return { ...refuse(found.refused, found.selector), late, others };
    }
    const { row } = found;
    anomalies?.seen(row.selector, { address, device: facts.device ?? undefined }, at);
    const opened = (values: Values): Opened<Loaded> => ({
      at,
      device,
      cookieCame,
      storeAway: false,
      values,
      verdict: count > 1 || joined ? verdict([], warnings()) : allowed,
      loaded: found,
      others,
      foreign,
      askForeign,
    });
    return after(valuesOf(settings, row), opened);
  };

  if (!cookieCame) {
    if (askForeign === undefined) return nobody('session-no-cookie');
    return after(unlessAway(askForeign()), (foreign): Awaitable<Opened<Loaded>> => {
      if (foreign === 'away') return refuse('session-store-away');
      if (foreign === undefined) return nobody('session-no-cookie');
      if ('refused' in foreign) {
        anomalies?.refused(address, at);
        return nobody('session-not-adopted', { name: foreign.cookie, why: foreign.refused });
      }
      return after(unlessAway(backend.findAdopted(foreign, at)), (found): Awaitable<Opened<Loaded>> => {
        if (found === 'away') return refuse('session-store-away');
        if (found !== undefined) return open(found, [], foreign);
        return after(valuesOf(settings, foreign), (values) => ({
          ...nobody('session-no-cookie'),
          values,
          foreign,
        }));
      });
    });
  }
  return after(
    unlessAway(findFirst(backend, cookies, at)),
    (first): Awaitable<Opened<Loaded>> =>
      first === 'away' ? refuse('session-store-away') : open(first.found, first.rest),
  );
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

/** The first session that one of these cookies stands for, or why there is none; and the cookies behind it. */
function findFirst<Loaded extends LoadedSession>(
  backend: Backend<Loaded>,
  cookies: readonly CookiePair[],
  now: number,
): Awaitable<{ found: Loaded | Refusal; rest: readonly CookiePair[] }> {
  const possible = cookies.length === 1 ? cookies : cookies.filter(({ value }) => backend.mayOpen(value));
  const [only, other] = possible;
  if (only === undefined) return { found: { refused: 'session-malformed' }, rest: [] };
  if (other === undefined) return after(backend.find(only, now), (found) => ({ found, rest: [] }));
  return firstOf(possible.slice(0, mostLookedUp), (cookie) => backend.find(cookie, now));
}

/** Looks all of them up at once. */
async function firstOf<Loaded extends LoadedSession>(
  cookies: readonly CookiePair[],
  find: (cookie: CookiePair) => Awaitable<Loaded | Refusal>,
): Promise<{ found: Loaded | Refusal; rest: readonly CookiePair[] }> {
  const finding = cookies.map(async (cookie) => find(cookie));
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

function oddities(name: string, count: number, joined: boolean): Reason[] {
  return [
    ...(count > 1 ? [reason('duplicate-cookie', { name })] : []),
    ...(joined ? [reason('comma-joined-cookie', { name })] : []),
  ];
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
  const { refused, keys, value } = await readBySchema(schema, data);
  if (refused) report({ type: 'data-refused', keys }, selector);
  for (const key of keys) {
    if (refused) values.hide(key);
    else values.present(key, value(key));
  }
  return values;
}
