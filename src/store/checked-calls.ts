import { expectType } from '../errors/misuse.ts';
import { atOnce, promised } from './at-once.ts';
import type { RevocationList, SessionStore } from './contract.ts';

type TypeName = 'string' | 'number' | 'object' | 'array';

/** What the arguments of each method are, by their names: of a type, or an object with these members. */
type Calls = Readonly<
  Record<string, Readonly<Record<string, TypeName | Readonly<Record<string, TypeName>>>>>
>;

const callsOfStore = {
  create: { record: { selector: 'string', data: 'object' }, o: { now: 'number' } },
  read: { selector: 'string', o: { now: 'number' } },
  readMany: { selectors: 'array', o: { now: 'number' } },
  patch: { selector: 'string', patch: { gen: 'number', now: 'number' } },
  touch: { selector: 'string', o: { gen: 'number', now: 'number' } },
  revoke: { selector: 'string', o: { now: 'number' } },
  enlist: { userId: 'string', selector: 'string', o: { now: 'number', until: 'number' } },
  listByUser: { userId: 'string', o: { now: 'number' } },
  revokeByUser: { userId: 'string', o: { now: 'number' } },
  sweep: { limit: 'number', o: { now: 'number' } },
} as const;

const callsOfList = {
  add: { id: 'string', until: 'number' },
  has: { id: 'string', now: 'number' },
} as const;

/** The store, whose methods say what is wrong with a call, before a database does in its own words. */
export const withCheckedCalls = <Store extends SessionStore>(store: Store): Store =>
  checked(store, callsOfStore, 'store');

/** The same of a list of revocations. */
export const listWithCheckedCalls = <List extends RevocationList>(list: List): List =>
  checked(list, callsOfList, 'revocations');

function checked<Methods extends object>(object: Methods, calls: Calls, noun: string): Methods {
  const methods = object as Record<string, (...given: unknown[]) => Promise<unknown>>;
  for (const [name, kinds] of Object.entries(calls)) {
    if (methods[name] === undefined) continue; // One that a store need not have.
    const written = `${noun}.${name}(${Object.keys(kinds).join(', ')})`;
    const call = atOnce(methods[name] as (...given: unknown[]) => Promise<unknown>);
    const checks = Object.entries(kinds).flatMap(([argument, kind], at) =>
      checksOf(at, argument, kind, written),
    );
    methods[name] = promised(call, (given) => {
      for (const { at, member, type, whose } of checks) {
        const value = given[at];
        expectType(member === undefined ? value : (value as Record<string, unknown>)[member], type, whose);
      }
    });
  }
  return object;
}

/** What is looked at in an argument: its sentence is made once, and not at every call. */
interface ArgumentCheck {
  readonly at: number;
  readonly member?: string;
  readonly type: TypeName;
  readonly whose: string;
}

function checksOf(
  at: number,
  argument: string,
  kind: TypeName | Readonly<Record<string, TypeName>>,
  written: string,
): ArgumentCheck[] {
  if (typeof kind === 'string') return [{ at, type: kind, whose: `${argument} of ${written}` }];
  const members = Object.entries(kind).map(([member, type]) => ({
    at,
    member,
    type,
    whose: `${argument}.${member} of ${written}`,
  }));
  return [{ at, type: 'object', whose: `${argument} of ${written}` }, ...members];
}
