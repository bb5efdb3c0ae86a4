/** What the files of one room of src/ may bring in. `errors` and `time` are open to every room. */
export interface Room {
  /** Other rooms. */
  readonly rooms: readonly string[];
  /** True: every published door too. */
  readonly doors?: boolean;
  /** Rooms of which only the types may be imported. */
  readonly types?: readonly string[];
  /** Packages of the registry. */
  readonly packages?: readonly string[];
  /** `any`: imports of `node:`. `builtin`: its types, and its code only by process.getBuiltinModule. */
  readonly node?: 'any' | 'builtin';
  /** No clock, network, randomness or timer of its own: they are arguments. */
  readonly pure?: boolean;
}

/**
 * The import table of the design. A key is a file (without its ending) or a folder of src/, and the longest key that fits
 * a file names its room. A folder inside a room that has a key of its own (`store/sqlite`) is another room.
 */
export const rooms: Readonly<Record<string, Room>> = {
  index: { rooms: ['cookie', 'scope'], pure: true },

  // the ground
  errors: { rooms: ['scope'] },
  time: { rooms: ['scope'] },
  scope: { rooms: [], pure: true },

  // pure rooms
  cookie: { rooms: ['scope'], types: ['seal'], pure: true },
  jar: { rooms: ['cookie', 'scope'], pure: true },
  'jar/file': { rooms: ['jar', 'cookie', 'scope'], node: 'any' },

  // secrets and sessions
  crypto: { rooms: [], node: 'builtin' },
  seal: { rooms: ['crypto'] },
  store: { rooms: ['crypto'] },
  'store/memory': { rooms: ['store', 'crypto'] },
  'store/sqlite': { rooms: ['store', 'crypto'], node: 'any' },
  'store/durable-object': { rooms: ['store', 'store/sqlite'] },
  'store/d1': { rooms: ['store', 'store/sqlite'] },
  'store/redis': { rooms: ['store', 'crypto'] },
  'store/postgres': { rooms: ['store', 'crypto'] },
  session: { rooms: ['store', 'store/memory', 'cookie', 'seal', 'scope', 'crypto'] },
  adopt: { rooms: ['session', 'cookie', 'crypto'], packages: ['jose'] },
  tokens: { rooms: ['store', 'cookie', 'seal', 'scope', 'crypto'], packages: ['jose'] },

  // the two ends
  client: { rooms: ['cookie', 'scope'], types: ['jar'], node: 'builtin' },
  'client/index': { rooms: ['client', 'jar'] },
  'client/undici': { rooms: ['client', 'jar', 'cookie', 'scope'], packages: ['undici'], node: 'any' },
  server: { rooms: ['cookie', 'scope', 'crypto'], types: ['session', 'tokens', 'seal'] },
  adapters: { rooms: ['server'] },
  'adapters/node': { rooms: ['server'], node: 'any' },
  'adapters/next': { rooms: ['server', 'cookie'], types: ['session'], packages: ['next'] },
  'adapters/hono': { rooms: ['server'], packages: ['hono'] },
  'adapters/h3': { rooms: ['server', 'adapters/node'], packages: ['h3'] },
  'adapters/express': { rooms: ['server', 'adapters/node'], packages: ['express'] },
  'adapters/fastify': { rooms: ['server', 'adapters/node'], packages: ['fastify'] },

  // for operators
  opentelemetry: {
    rooms: ['scope'],
    types: ['client', 'server', 'session', 'tokens'],
    packages: ['@opentelemetry/api'],
  },

  // tools for users
  why: { rooms: ['scope'], pure: true },
  panel: {
    rooms: ['server', 'cookie', 'crypto', 'scope', 'why'],
    types: ['client', 'session', 'tokens'],
    node: 'builtin',
  },
  testing: { rooms: ['client', 'client/index', 'scope', 'adapters/node'] },
  'testing/lab': { rooms: [], types: ['client'], node: 'any' },
  'testing/store-contract': { rooms: ['store', 'session'] },
  cli: { rooms: ['scope'], doors: true, node: 'any' },
};

/** Open to every room. */
export const ground: readonly string[] = ['errors', 'time'];

/** Packages that consist of types, open to every room as types. */
export const typePackages: readonly string[] = ['@standard-schema/spec'];

/** Pairs of which no room but the command line may hold both, directly or through others. */
export const strangers: readonly (readonly [string, string])[] = [['client', 'session']];

/** The room of a file, given by its path below src/ or dist/; undefined when the table knows none. */
export function roomOf(file: string): string | undefined {
  const path = file.replace(/(\.d)?\.(ts|js)$/, '');
  let room: string | undefined;
  for (const key of Object.keys(rooms)) {
    const fits = path === key || path.startsWith(`${key}/`);
    if (fits && key.length > (room?.length ?? -1)) room = key;
  }
  return room;
}

/** Every room whose code may end up in a bundle of this one: itself, what it imports as values, and so on. */
export function reach(room: string): Set<string> {
  const reached = new Set<string>([...ground]);
  const queue = [room];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (reached.has(next) && next !== room) continue;
    reached.add(next);
    const row = rooms[next];
    if (row !== undefined) queue.push(...row.rooms.filter((name) => !reached.has(name)));
  }
  return reached;
}
