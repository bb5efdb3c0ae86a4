/* What people hand over by mistake, and how a function takes it: for the test of misuse. */

export const odd: readonly unknown[] = [
  undefined,
  null,
  3,
  3n,
  'x',
  {},
  Object.create(null),
  [],
  [null],
  () => {},
  Symbol('odd'),
];
const inWordsOfTheEngine =
  /^Cannot |is not (a function|iterable|a constructor|defined|an object)|^Invalid (URL|time)|^Class |must be (of type|an instance)|receiver|private (field|member)|serialize a BigInt|circular|which has only a getter|could not be cloned|mix BigInt|\bof (undefined|null)\b|^Failed to |^Unexpected |Spread syntax|Received (type|an instance|undefined|null)|^Invalid (array|regular|base64|character|value)|^Method |^Reflect\.|^Object prototype|[Ss]ymbol\.(iterator|asyncIterator)/;

/** Good arguments with one of them odd, or cut off. */
export function argumentsLike(good: readonly unknown[]): unknown[][] {
  const lists: unknown[][] = [[]];
  for (let at = 0; at < Math.max(good.length, 1); at++) {
    lists.push([...good.slice(0, at)]);
    for (const value of odd) lists.push([...good.slice(0, at), value, ...good.slice(at + 1)]);
  }
  return lists;
}

/** The names in the sentence that refuses an option; `undefined` where none refuses it. */
export async function knownNames(run: () => Promise<unknown>): Promise<readonly string[] | undefined> {
  const sentence = await run().then(dispose, ({ message }: Error) => message);
  const [, one, all] =
    /has no option \S*zzzzzzzz: write (?:one of (.+)|(?:\S+\.)?(\w+))\.$/.exec(String(sentence)) ?? [];
  return (one ?? all)?.split(', ');
}

export async function dispose(result: unknown): Promise<undefined> {
  await (result as Partial<AsyncDisposable> | undefined)?.[Symbol.asyncDispose]?.();
}

/** A copy with this value at the end of the path. */
export function changed(options: object, [name = '', ...rest]: readonly string[], value: unknown): object {
  const inner = (options as Record<string, object | undefined>)[name];
  const isObject = typeof inner === 'object' && inner !== null;
  return { ...options, [name]: rest.length === 0 ? value : changed(isObject ? inner : {}, rest, value) };
}

const isClass = (made: unknown) => /^class\b/.test(Function.prototype.toString.call(made));

export function call(member: unknown, args: readonly unknown[]): unknown {
  const callable = member as { new (...args: unknown[]): unknown; (...args: unknown[]): unknown };
  return isClass(member) ? new callable(...args) : callable(...args);
}

/** What is wrong with the way in which it fails; nothing when it works, or fails well. */
export async function complaint(title: string, run: () => unknown): Promise<string[]> {
  try {
    const result = (await run()) as Partial<AsyncDisposable> | undefined;
    await result?.[Symbol.asyncDispose]?.();
    return [];
  } catch (error) {
    const { name, message, code = '' } = error as Error & { code?: string };
    const isOurs = error instanceof TypeError ? !code.startsWith('ERR_') : /^[a-z-]+$/.test(code);
    return isOurs && !inWordsOfTheEngine.test(message) ? [] : [`${title}: ${name} ${message}`];
  }
}

/** Methods that no published type has. */
const isInner = /^(constructor|line|textOf|validate|settle|demand|judge|refuseToWrite|fallback|openAgain)$/;

export function methodsOf(object: unknown): Set<string> {
  const names = new Set<string>();
  for (
    let at = object;
    at !== null && at !== Object.prototype && at !== Function.prototype;
    at = Object.getPrototypeOf(at)
  ) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(at))) {
      if (typeof value === 'function' && !isInner.test(name)) names.add(name);
    }
  }
  return names;
}

export const shown = (value: unknown): string =>
  typeof value === 'function' || typeof value === 'bigint' || typeof value === 'symbol'
    ? String(value)
    : (JSON.stringify(value)?.slice(0, 40) ?? 'undefined');

/** Arguments with which the methods of a store work. */
export function callsOfStore(title: string): Record<string, () => readonly unknown[]> {
  const now = { now: 0 };
  const record = {
    ...{ selector: 's', gen: 0, hash: 'h', userId: null, data: {}, createdAt: 0, authenticatedAt: null },
    ...{ seenAt: 0, idle: 1, idleAt: 1, absoluteAt: 1, remember: false },
  };
  const calls: Record<string, readonly unknown[]> = {
    create: [record, now],
    read: ['s', now],
    patch: ['s', { gen: 0, now: 0 }],
    touch: ['s', { gen: 0, now: 0 }],
    revoke: ['s', now],
    enlist: ['ada', 's', { now: 0, until: 1 }],
    listByUser: ['ada', now],
    revokeByUser: ['ada', now],
    sweep: [1, now],
  };
  return Object.fromEntries(Object.entries(calls).map(([name, args]) => [`${title}.${name}`, () => args]));
}
