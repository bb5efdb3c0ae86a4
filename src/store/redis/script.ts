/** A Lua script, which Redis runs as one step. Redis knows it by the SHA-1 of its text once it has seen it. */
export class Script {
  readonly text: string;
  #name: string | undefined;

  constructor(text: string) {
    this.text = text;
  }

  /** The same for a Redis that is full. */
  whenFull(): Script {
    return new Script(`#!lua flags=allow-oom\n${this.text}`);
  }

  /** The name, once it has been asked for: nobody waits for it then. */
  get knownName(): string | undefined {
    return this.#name;
  }

  async name(): Promise<string> {
    if (this.#name === undefined) {
      const digest = await crypto.subtle.digest('SHA-1', new TextEncoder().encode(this.text));
      this.#name = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
    }
    return this.#name;
  }
}
