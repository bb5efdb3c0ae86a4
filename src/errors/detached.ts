/**
 * Lets the members of a class work on its objects alone, and says so where one was taken off: otherwise its private fields fail in
 * the words of the engine. To be called in a static block of the class, once.
 * @param isOne tells an object of the class from a copy or a Proxy of one: `(object) => #field in object`
 * @param holder what the object is called where it is used, as `context.cookies`
 * @param members `only` some, where others are for subclasses, or all `but` those that see to it themselves, by {@link detached}
 */
export function refuseDetached(
  { prototype }: { readonly prototype: object },
  isOne: (object: object) => boolean,
  holder: string,
  { only, but = [] }: { readonly only?: readonly string[]; readonly but?: readonly string[] } = {},
): void {
  for (const name of only ?? Object.getOwnPropertyNames(prototype)) {
    if (name === 'constructor' || but.includes(name)) continue;
    const member = Object.getOwnPropertyDescriptor(prototype, name) as PropertyDescriptor;
    const use = typeof member.value === 'function' ? `${name}(…)` : name;
    const expectOne = (object: unknown) => {
      if (typeof object === 'object' && object !== null && isOne(object)) return;
      throw detached(use, holder);
    };
    Object.defineProperty(prototype, name, guarded(member, expectOne));
  }
}

/**
 * The error of a member without its object. A member that is called with every request catches the engine's own and throws this: a
 * function around it takes longer than some members do. Bench row: `sessions.open`, a value read.
 * @param use as it is used, `open(…)` or `user`
 */
export function detached(use: string, holder: string): TypeError {
  const name = use.replace('(…)', '');
  return new TypeError(
    `${name} was taken off its object: write ${holder}.${use}, not const { ${name} } = ${holder}, and pass on the object itself, no copy or Proxy of it.`,
  );
}

type Member = (this: unknown, ...args: never[]) => unknown;

/** The same member, asked only on what is expected. */
function guarded(member: PropertyDescriptor, expectOne: (object: unknown) => void): PropertyDescriptor {
  const on = <Given extends Member | undefined>(own: Given): Given => {
    if (typeof own !== 'function') return own;
    const call = function (this: unknown, ...args: never[]): unknown {
      expectOne(this);
      return Reflect.apply(own, this, args);
    };
    for (const fact of ['name', 'length']) Object.defineProperty(call, fact, { value: own[fact as 'name'] });
    return call as Given;
  };
  const { value, get, set } = member;
  if (value !== undefined) return { ...member, value: on(value) };
  return { ...member, get: on(get), set: on(set) };
}
