/* What people hand over by mistake, and how a function takes it: for the tests of misuse. */
import { readFileSync } from 'node:fs';

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

/** What is wrong with arguments of the test itself: refused themselves, they prove nothing of the odd ones. */
async function refused(title: string, run: () => unknown): Promise<string[]> {
  try {
    await dispose(await run());
    return [];
  } catch (error) {
    // Where nobody answers, a fetch says so by a TypeError of these words.
    const isRefusal = error instanceof TypeError && error.message !== 'fetch failed';
    return isRefusal ? [`${title} refuses what it is to take: ${error.message}`] : [];
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

/** Arguments with which a function works. */
export type Arguments = () => readonly unknown[] | Promise<readonly unknown[]>;

/**
 * What is wrong with the ways in which a public function refuses what is none of its arguments or options.
 * @param isData the objects that hold no options, by function and place, as `open(0`
 */
export async function complaintsOfFunction(
  name: string,
  member: unknown,
  good: readonly unknown[],
  isData: RegExp,
  isLeftOut: (args: readonly unknown[]) => boolean = () => false,
): Promise<string[]> {
  const found = await refused(name, () => call(member, good));
  for (const args of argumentsLike(good)) {
    if (isLeftOut(args)) continue;
    found.push(...(await complaint(`${name}(${args.map(shown).join(', ')})`, () => call(member, args))));
  }
  const options = await complaintsOfOptions(
    name,
    () => good,
    (args) => call(member, args),
    isData,
  );
  return [...found, ...options];
}

/**
 * The same of the methods of an object, which say too what is wrong where one is taken off it.
 * @param methods arguments with which they work, by object and name: the others are called with each odd value alone
 */
export async function complaintsOfMethods(
  title: string,
  make: () => unknown,
  methods: Readonly<Record<string, Arguments>>,
  isData: RegExp,
): Promise<string[]> {
  const found: string[] = [];
  for (const name of methodsOf(await make())) {
    const method = `${title}.${name}`;
    const goodOf = methods[method] ?? (() => [undefined]);
    const run = async (args: readonly unknown[]) => {
      const object = (await make()) as Record<string, unknown>;
      return (object[name] as (...args: unknown[]) => unknown).apply(object, [...args]);
    };
    if (method in methods) found.push(...(await refused(method, async () => run(await goodOf()))));
    const detached = ((await make()) as Record<string, (...args: unknown[]) => unknown>)[name];
    found.push(
      ...(await complaint(`const { ${name} } = ${title}`, async () => detached?.(...(await goodOf())))),
    );
    for (const args of argumentsLike(await goodOf())) {
      found.push(...(await complaint(`${method}(${args.map(shown).join(', ')})`, () => run(args))));
    }
    if (method in methods) found.push(...(await complaintsOfOptions(method, goodOf, run, isData)));
  }
  return found;
}

/** `null` says something of these: that an attribute is not there, or that nothing is known. */
const takesNull =
  /(path|domain|maxAge|expires|secure|httpOnly|sameSite|partitioned|default|device|address|signal|body|json|window|for|user|headers|keepalive|referrer|integrity)$/;

/** Every object of options among the arguments, with an option that nobody knows, and each known one with odd values. */
async function complaintsOfOptions(
  name: string,
  goodOf: Arguments,
  run: (args: readonly unknown[]) => unknown,
  isData: RegExp,
): Promise<string[]> {
  const found: string[] = [];
  for (const [at, one] of (await goodOf()).entries()) {
    if (typeof one !== 'object' || one === null || Array.isArray(one) || isData.test(`${name}(${at}`))
      continue;
    const withOption = async (path: readonly string[], value: unknown) => {
      const good = [...(await goodOf())];
      good[at] = changed(good[at] as object, path, value);
      return run(good);
    };
    found.push(...(await complaintsAbout(`${name}(${at})`, withOption, [])));
  }
  return found;
}

/** What is wrong with options at this path, and with those below. */
async function complaintsAbout(
  title: string,
  run: (path: readonly string[], value: unknown) => Promise<unknown>,
  path: readonly string[],
): Promise<string[]> {
  const names = await knownNames(() => run([...path, 'zzzzzzzz'], 1));
  if (names === undefined) return path.length > 0 ? [] : [`${title} takes an option that it does not know`];
  const found: string[] = [];
  for (const name of names) {
    const inner = [...path, name];
    const option = `${title} ${inner.join('.')}`;
    for (const value of odd)
      found.push(...(await complaint(`${option} ${shown(value)}`, () => run(inner, value))));
    const isRefused = await run(inner, null).then(dispose, () => true);
    if (isRefused !== true && !takesNull.test(name)) found.push(`${option} may be null`);
    found.push(...(await complaintsAbout(title, run, inner)));
  }
  return found;
}

/** The files of the entry points that hold code. */
export function entryPoints(): Record<string, string> {
  const { exports } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    exports: Record<string, string | { default: string }>;
  };
  return Object.fromEntries(
    Object.entries(exports)
      .map(([entry, target]) => [entry, typeof target === 'string' ? target : target.default] as const)
      .filter(([, target]) => target.endsWith('.js'))
      .map(([entry, target]) => [entry, target.replace('/dist/', '/src/').replace(/\.js$/, '.ts')]),
  );
}
