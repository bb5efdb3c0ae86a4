import { types } from 'node:util';
import { isPlainObject } from '../../errors/misuse.ts';

/** Reads what a box holds, and whose it is. */
let contentOf: <Value>(box: Box<Value>) => Value;
let ownerOf: (box: Box<unknown>) => object;

/** Holds a value of which nobody outside this file gets hold, whoever finds the box. */
export class Box<Value> {
  readonly #owner: object;
  readonly #value: Value;

  constructor(owner: object, value: Value) {
    this.#owner = owner;
    this.#value = value;
  }

  static {
    contentOf = (box) => box.#value;
    ownerOf = (box) => box.#owner;
    hideClass(Box);
  }
}

/** Whoever finds a box can make none with another value. */
export function hideClass({ prototype }: { readonly prototype: object }): void {
  Object.defineProperty(prototype, 'constructor', { value: Object });
}

/**
 * A property of requests or responses, under a symbol of its own: it collides with nothing. Handlers hold the same object, so the
 * value is in a box that tells them nothing, and that counts for nobody but its owner and what is put round it. No WeakMap: what is put round a request, as a Proxy, has its properties too, and a
 * property of another kind than this costs each request more. Bench row: Express, hallpass.
 */
export class HiddenProperty<Value> {
  readonly #key = Symbol('hallpass');

  set(object: object, value: Value): void {
    (object as Record<symbol, Box<Value>>)[this.#key] = new Box(object, value);
  }

  /** @throws TypeError where it was taken from another object, for it is not this one's */
  find(object: object): Value | undefined {
    const box = (object as Record<symbol, Box<Value>> | null | undefined)?.[this.#key];
    return box === undefined ? undefined : unboxed(box, object, this.#key);
  }

  /** @param fix what to do about a request that has none @throws TypeError */
  get(request: object, fix: string): Value {
    const value = this.find(request);
    if (value === undefined) throw new TypeError(`This request has no context: ${fix}`);
    return value;
  }
}

/** @throws TypeError where the box was taken from another object */
export function unboxed<Value>(box: Box<Value>, object: object, key: symbol): Value {
  if (ownerOf(box) !== object && isTaken(object, key))
    throw new TypeError(
      'This request or response has properties of another, as Object.assign(res, other) gives them: hand the other one on itself.',
    );
  return contentOf(box);
}

/** True for an object that got a property of another: what is put round that, as by a Proxy or Object.create, or is a plain copy of it, stands for it. */
const isTaken = (object: object, key: symbol) =>
  Object.hasOwn(object, key) && !types.isProxy(object) && !isPlainObject(object);
