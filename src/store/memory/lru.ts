/** Something in a ring in the order of its use. The head of a ring is a node that is nothing else. */
export class LruNode {
  #before: LruNode = this;
  #after: LruNode = this;

  /** The one after this one; after the head that is the least recent, or the head itself where there is none. */
  get after(): LruNode {
    return this.#after;
  }

  /** Leaves its ring and becomes the most recent one of another, or of the same. */
  moveTo(head: LruNode): void {
    this.leave();
    this.#after = head;
    this.#before = head.#before;
    head.#before.#after = this;
    head.#before = this;
  }

  leave(): void {
    this.#before.#after = this.#after;
    this.#after.#before = this.#before;
    this.#before = this;
    this.#after = this;
  }
}
