/** A script's reply: nested arrays of texts and integers. */
export type Reply = unknown;

/** A call of a script: by its name, or with its text. */
export interface ScriptCall {
  readonly by: 'name' | 'text';
  readonly script: string;
  readonly keys: readonly string[];
  readonly args: readonly string[];
}

/** A connection that nobody else uses. */
export interface OwnConnection {
  run(call: ScriptCall): Promise<Reply>;
  /** WAIT: how many replicas have what this connection wrote so far. */
  wait(replicas: number, timeout: number): Promise<number>;
  /** WAITAOF: the same of those that have it on their disks, behind a one when the server itself has. */
  waitForDisks(replicas: number, timeout: number): Promise<readonly number[]>;
}

/** What the store asks of a client. */
export interface Driver {
  /** True where keys live on several nodes, and a script may only touch keys of one. */
  readonly cluster: boolean;
  get(key: string): Promise<string | null>;
  run(call: ScriptCall): Promise<Reply>;
  /**
   * A connection of the store's own to the node that holds a key: what waits there holds nobody else up. One a node, made
   * when it is first needed; it ends with the client. A pool has none.
   */
  own?(key: string): Promise<OwnConnection>;
  /** Ends those connections. */
  endOwn(): Promise<void>;
  /** The keys that match a pattern, on every node, in pages. */
  scan(pattern: string): AsyncIterable<readonly string[]>;
}

interface ScriptInput {
  keys: string[];
  arguments: string[];
}

interface NodeRedisScripts {
  evalSha(sha: string, input: ScriptInput): Promise<unknown>;
  eval(script: string, input: ScriptInput): Promise<unknown>;
  on(event: 'error' | 'end', listener: () => void): unknown;
}

/** A client, pool or cluster of `redis` 6, as far as it is used here. */
export interface NodeRedis extends NodeRedisScripts {
  get(key: string): Promise<string | null>;
  scan(
    cursor: string,
    options: { MATCH: string; COUNT: number },
  ): Promise<{ cursor: string; keys: string[] }>;
  /** A client's: another {@link NodeRedisConnection}, for `wait`. */
  duplicate?(): unknown;
  /** A cluster's: the client of one node. */
  getNodeClientForKey?(key: string): Promise<unknown>;
}

/** One connection of `redis`. */
export interface NodeRedisConnection extends NodeRedisScripts {
  readonly isOpen: boolean;
  connect(): Promise<unknown>;
  wait(replicas: number, timeout: number): Promise<number>;
  sendCommand(words: string[]): Promise<unknown>;
  destroy(): void;
  duplicate(): NodeRedisConnection;
}

interface IoredisScripts {
  evalsha(sha: string, keyCount: number, ...keysAndArguments: string[]): Promise<unknown>;
  eval(script: string, keyCount: number, ...keysAndArguments: string[]): Promise<unknown>;
  on(event: 'error' | 'end', listener: () => void): unknown;
}

/** One server of `ioredis`. */
export interface IoredisNode {
  scan(
    cursor: string,
    match: 'MATCH',
    pattern: string,
    count: 'COUNT',
    length: number,
  ): Promise<[cursor: string, keys: string[]]>;
}

/** A `Redis` or `Cluster` of `ioredis` 6, as far as it is used here. */
export interface Ioredis extends IoredisNode, IoredisScripts {
  readonly isCluster: boolean;
  get(key: string): Promise<string | null>;
  nodes?(role: 'master'): IoredisNode[];
  /** A cluster's: the addresses of the nodes of each slot, the master first. */
  readonly slots?: readonly (readonly string[])[];
}

/** One connection of `ioredis`. */
export interface IoredisConnection extends IoredisScripts {
  readonly status: string;
  readonly options: { readonly host?: string; readonly port?: number };
  connect(): Promise<unknown>;
  wait(replicas: number, timeout: number): Promise<number>;
  call(command: string, ...words: string[]): Promise<unknown>;
  disconnect(): void;
  duplicate(override: { lazyConnect: true }): IoredisConnection;
}

/** A client of Redis, known by its shape. */
export type RedisClient = NodeRedis | Ioredis;
