/** A property of requests, under a symbol of its own: it collides with nothing. */
export class RequestProperty<Value> {
  readonly #key = Symbol('hallpass');

  set(request: object, value: Value): void {
    (request as Record<symbol, Value>)[this.#key] = value;
  }

  find(request: object): Value | undefined {
    return (request as Record<symbol, Value> | null | undefined)?.[this.#key];
  }

  /** @param fix what to do about a request that has none @throws TypeError */
  get(request: object, fix: string): Value {
    const value = this.find(request);
    if (value === undefined) throw new TypeError(`This request has no context: ${fix}`);
    return value;
  }
}
