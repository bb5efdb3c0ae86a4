type AsyncHooks = typeof import('node:async_hooks');

/** Node's module, where there is one: Bun, Deno and workerd have it too. */
const hooks: AsyncHooks | undefined = globalThis.process?.getBuiltinModule?.('node:async_hooks');

/** What belongs to the request that is being answered, wherever its handler is by now. */
export class CurrentRequest<Value> {
  readonly #storage = hooks && new hooks.AsyncLocalStorage<Value>();

  get value(): Value | undefined {
    return this.#storage?.getStore();
  }

  /** From here on, in everything that this call goes on to do. */
  enter(value: Value): void {
    this.#storage?.enterWith(value);
  }
}
