/**
 * Lets the members of a class work on its objects alone, and says so where one was taken off: otherwise its private fields fail in
 * the words of the engine. To be called in a static block of the class, once.
 * @param isOne tells an object of the class from a copy or a Proxy of one: `(object) => #field in object`
 * @param holder what the object is called where it is used, as `context.cookies`
 * @param names of the members, where others are for subclasses. Default: all
 */
export function refuseDetached(
  { prototype }: { readonly prototype: object },
  isOne: (object: object) => boolean,
  holder: string,
  names: readonly string[] = Object.getOwnPropertyNames(prototype),
): void {
  for (const name of names) {
    if (name === 'constructor') continue;
    const member = Object.getOwnPropertyDescriptor(prototype, name) as PropertyDescriptor;
    const expectOne = (object: unknown) => {
      if (typeof object === 'object' && object !== null && isOne(object)) return;
      const use = typeof member.value === 'function' ? `${name}(…)` : name;
      throw new TypeError(
        `${name} was taken off its object: write ${holder}.${use}, not const { ${name} } = ${holder}, and pass on the object itself, no copy or Proxy of it.`,
      );
    };
    Object.defineProperty(prototype, name, guarded(member, expectOne));
  }
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
