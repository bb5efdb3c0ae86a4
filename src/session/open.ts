import type { StandardSchemaV1 } from '@standard-schema/spec';
import { readCookie } from '../cookie/header.ts';
import type { RequestSource } from '../cookie/request-source.ts';
import { type Awaitable, after } from '../crypto/index.ts';
import { allowed, type Reason, type ReasonCode, reason, verdict } from '../scope/verdict.ts';
import type { Backend, Refusal } from './backend.ts';
import { readBySchema } from './data-schema.ts';
import type { Report } from './events.ts';
import type { LoadedSession, Opened, SessionFacts } from './request-session.ts';
import type { Settings } from './settings.ts';
import type { RequestFacts } from './types.ts';
import { Values } from './values.ts';

/** Finds the visitor's session. Any cookie at all is an answer, never an error. */
export function openSession<Loaded extends LoadedSession>(
  settings: Settings,
  backend: Backend<Loaded>,
  from: RequestSource,
  at: number,
  facts: RequestFacts,
): Awaitable<Opened<Loaded>> {
  const { cookie, report, anomalies, adopt, onStoreFailure } = settings;
  const { address } = facts;
  const device = facts.device?.toWellFormed();
  const { value, others, count, joined } = cookie.find(from);
  const warnings = () => oddities(cookie.name, count, joined);
  if (count > 1) report({ type: 'duplicate-cookie', count });
  if (joined) report({ type: 'comma-joined-cookie' });
  const cookieCame = value !== undefined;
  const nobody = (code: ReasonCode): Opened<Loaded> => {
    const storeAway = code === 'session-store-away';
    const why = verdict([reason(code)], warnings());
    return { at, device, cookieCame, storeAway, values: new Values(), verdict: why };
  };
  const refuse = (code: ReasonCode, selector?: string): Opened<Loaded> => {
    report({ type: 'refused', reason: code }, selector);
    return nobody(code);
  };
  const unlessAway = <T>(answer: Awaitable<T>): Awaitable<T | 'away'> =>
    onStoreFailure === 'anonymous' && answer instanceof Promise
      ? answer.catch(() => 'away' as const)
      : answer;

  if (value === undefined) {
    if (adopt === undefined) return nobody('session-no-cookie');
    return after(unlessAway(adopt((name) => readCookie(from, name))), (foreign) =>
      foreign === 'away' ? refuse('session-store-away') : { ...nobody('session-no-cookie'), foreign },
    );
  }
  return after(unlessAway(findFirst(backend, [value, ...others], at)), (first): Awaitable<Opened<Loaded>> => {
    if (first === 'away') return refuse('session-store-away');
    const { found, rest } = first;
    if ('refused' in found) {
      anomalies?.refused(address, at);
      return { ...refuse(found.refused, found.selector), late: found.late ? found.selector : undefined };
    }
    const { row } = found;
    anomalies?.seen(row.selector, facts, at);
    const opened = (values: Values): Opened<Loaded> => ({
      at,
      device,
      cookieCame,
      storeAway: false,
      values,
      verdict: count > 1 || joined ? verdict([], warnings()) : allowed,
      loaded: found,
      others: rest,
    });
    if (settings.schema === undefined) return opened(new Values(row.data));
    return checked(settings.schema, row, report).then(opened);
  });
}

/** How many cookies of one name are looked up: two scopes of a name happen, more are somebody's doing. */
const mostLookedUp = 3;

/** Why a cookie stands for nothing here, so that the next is looked at. One that ended stops the search. */
const opensNothing: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  'session-malformed',
  'session-unknown',
  'session-wrong-verifier',
  'session-broken-seal',
  'session-unknown-key',
]);

/** The first session that one of these values stands for, or why there is none; and the values behind it. */
function findFirst<Loaded extends LoadedSession>(
  backend: Backend<Loaded>,
  values: readonly string[],
  now: number,
): Awaitable<{ found: Loaded | Refusal; rest: readonly string[] }> {
  const look = (at: number, lookedUp: number, before?: Refusal): ReturnType<typeof findFirst<Loaded>> =>
    after(backend.find(values[at] ?? '', now), (found) => {
      const rest = values.slice(at + 1, at + mostLookedUp);
      if (!('refused' in found) || !opensNothing.has(found.refused)) return { found, rest };
      const refusal = before === undefined || found.late ? found : before;
      const soFar = lookedUp + (found.refused === 'session-malformed' ? 0 : 1);
      if (rest.length === 0 || soFar === mostLookedUp) return { found: refusal, rest: [] };
      return look(at + 1, soFar, refusal);
    });
  return look(0, 0);
}

function oddities(name: string, count: number, joined: boolean): Reason[] {
  return [
    ...(count > 1 ? [reason('duplicate-cookie', { name })] : []),
    ...(joined ? [reason('comma-joined-cookie', { name })] : []),
  ];
}

/** Stored data as the schema gives it. Refused data is hidden, and deleted with the next write. */
async function checked(schema: StandardSchemaV1, row: SessionFacts, report: Report): Promise<Values> {
  const values = new Values(row.data, (stored) => readBySchema(schema, stored));
  const { refused, keys, value } = await readBySchema(schema, row.data);
  if (refused) report({ type: 'data-refused', keys }, row.selector);
  for (const key of keys) {
    if (refused) values.hide(key);
    else values.present(key, value(key));
  }
  return values;
}
