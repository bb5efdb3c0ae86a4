/** Reads what a box holds. */
let open: <Value>(box: Box<Value>) => Value;

/** Holds a value of which nobody outside this file gets hold, whoever finds the box. */
class Box<Value> {
  readonly #value: Value;

  constructor(value: Value) {
    this.#value = value;
  }

  static {
    open = (box) => box.#value;
    // Whoever finds a box can make none with another value.
    Object.defineProperty(Box.prototype, 'constructor', { value: Object });
  }
}

/**
 * A property of requests or responses, under a symbol of its own: it collides with nothing. Handlers hold the same object, so the
 * value is in a box that tells them nothing. No WeakMap: what is put round a request, as a Proxy, has its properties too, and a
 * property of another kind than this costs each request more. Bench row: Express, hallpass.
 */
export class HiddenProperty<Value> {
  readonly #key = Symbol('hallpass');

  set(object: object, value: Value): void {
    (object as Record<symbol, Box<Value>>)[this.#key] = new Box(value);
  }

  find(object: object): Value | undefined {
    const box = (object as Record<symbol, Box<Value>> | null | undefined)?.[this.#key];
    return box && open(box);
  }

  /** @param fix what to do about a request that has none @throws TypeError */
  get(request: object, fix: string): Value {
    const value = this.find(request);
    if (value === undefined) throw new TypeError(`This request has no context: ${fix}`);
    return value;
  }
}
