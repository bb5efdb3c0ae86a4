import type { OwnConnection } from './client.ts';

interface Opened {
  readonly connection: OwnConnection;
  isOpen(): boolean;
  end(): void;
}

/** A client of one node, which says when it has ended. */
interface Node {
  on(event: 'end', listener: () => void): unknown;
}

/** The connections of the store's own: one for each node, which ends with the client of the node. */
export class OwnConnections<Client extends Node> {
  readonly #open: (node: Client) => Promise<Opened>;
  readonly #opened = new Map<Client, Promise<Opened>>();
  readonly #watched = new WeakSet<Client>();

  constructor(open: (node: Client) => Promise<Opened>) {
    this.#open = open;
  }

  async to(node: Client): Promise<OwnConnection> {
    const before = await this.#opened.get(node);
    if (before?.isOpen()) return before.connection;
    if (before !== undefined) this.#end(node);
    const opening = this.#opened.get(node) ?? this.#open(node);
    this.#opened.set(node, opening);
    if (!this.#watched.has(node)) {
      this.#watched.add(node);
      node.on('end', () => this.#end(node));
    }
    try {
      return (await opening).connection;
    } catch (error) {
      if (this.#opened.get(node) === opening) this.#opened.delete(node);
      throw error;
    }
  }

  async endAll(): Promise<void> {
    for (const node of [...this.#opened.keys()]) await this.#end(node);
  }

  async #end(node: Client): Promise<void> {
    const opened = this.#opened.get(node);
    this.#opened.delete(node);
    await opened?.then(
      ({ end }) => end(),
      () => {},
    );
  }
}
