/** A node of a ring of things in the order of their use. The head of a ring is a node that holds nothing of use. */
export class LruNode<T> {
  value: T;
  #before: LruNode<T> = this;
  #after: LruNode<T> = this;

  constructor(value: T) {
    this.value = value;
  }

  /** The one after this one; after the head that is the least recent, or the head itself where there is none. */
  get after(): LruNode<T> {
    return this.#after;
  }

  /** Leaves its ring and becomes the most recent one of another, or of the same. */
  moveTo(head: LruNode<T>): void {
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
