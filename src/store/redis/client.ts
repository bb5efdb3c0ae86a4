/** A script's reply: nested arrays of texts and integers. */
export type Reply = unknown;

/** A call of a script: by its name, or with its text. */
export interface Call {
  readonly by: 'name' | 'text';
  readonly script: string;
  readonly keys: readonly string[];
  readonly args: readonly string[];
}

/** What the store asks of a client. */
export interface Driver {
  /** True where keys live on several nodes, and a script may only touch keys of one. */
  readonly cluster: boolean;
  get(key: string): Promise<string | null>;
  run(call: Call): Promise<Reply>;
  /** Runs a script, then WAIT on the same connection: how many replicas have what it wrote. */
  runAndWait(
    call: Call,
    replicas: number,
    timeout: number,
  ): Promise<{ reply: Reply; acknowledgedBy: number }>;
  /** The keys that match a pattern, on every node, in pages. */
  scan(pattern: string): AsyncIterable<readonly string[]>;
}

interface ScriptInput {
  keys: string[];
  arguments: string[];
}

/** Commands of `redis` that go out together over one connection. */
export interface NodeRedisBatch {
  evalSha(sha: string, input: ScriptInput): NodeRedisBatch;
  eval(script: string, input: ScriptInput): NodeRedisBatch;
  wait(replicas: number, timeout: number): NodeRedisBatch;
  execAsPipeline(): Promise<unknown[]>;
}

/** A client, pool or cluster of `redis` 6, as far as it is used here. */
export interface NodeRedis {
  get(key: string): Promise<string | null>;
  evalSha(sha: string, input: ScriptInput): Promise<unknown>;
  eval(script: string, input: ScriptInput): Promise<unknown>;
  multi(): NodeRedisBatch;
  scan(
    cursor: string,
    options: { MATCH: string; COUNT: number },
  ): Promise<{ cursor: string; keys: string[] }>;
  on(event: 'error', listener: () => void): unknown;
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
export interface Ioredis extends IoredisNode {
  readonly isCluster: boolean;
  get(key: string): Promise<string | null>;
  evalsha(sha: string, keyCount: number, ...keysAndArguments: string[]): Promise<unknown>;
  eval(script: string, keyCount: number, ...keysAndArguments: string[]): Promise<unknown>;
  pipeline(commands: unknown[][]): { exec(): Promise<[error: Error | null, reply: unknown][] | null> };
  nodes?(role: 'master'): IoredisNode[];
  on(event: 'error', listener: () => void): unknown;
}

/** A client of Redis, known by its shape. */
export type RedisClient = NodeRedis | Ioredis;
