import { HallpassError } from '../errors.ts';
import { createSessions, type SessionSummary, type StoredSessions } from '../session/index.ts';
import type { SessionStore } from '../store/index.ts';
import { systemClock } from '../time.ts';
import { readArguments, wholeNumber } from './arguments.ts';
import { type Command, type ExitCode, type Io, Misuse } from './command.ts';
import { readVariable } from './input.ts';
import { openStore } from './open-store.ts';
import { instant, print, printJson } from './terminal.ts';

const usage = `hallpass sessions list --user USER
hallpass sessions revoke --id ID [--user USER]
hallpass sessions revoke --user USER --all [--except ID]
hallpass sessions sweep [--max-rows N]

Looks after the sessions in a store. Each takes

  --store URL       sqlite:FILE, redis://…, rediss://… or postgres://…
  --store-env NAME  the same from this environment variable; the better way for
                    a URL with a password, as others can read arguments
  --prefix TEXT     the prefix of the keys, where the application gave one to
                    redisStore
  --cluster         the URL is one node of a Redis Cluster
  --table NAME      the table, where the application gave one to postgresStore
  --json            the same as data, times in ms since 1970

  list              the user's sessions, the latest first. An id names a session
                    and is no secret
  revoke            ends one session, or one if it is this user's, or all of a
                    user's (--except: but for this one)
  sweep             removes rows that are past every deadline, at most
                    --max-rows N (default: 10000)

redis:// is opened by the package redis or ioredis of your project, postgres://
by pg or postgres.
Exit: 0 done, 1 no such session, or a failure, 2 a wrong command line. No secret
is ever printed.
`;

const options = {
  store: { type: 'string' },
  'store-env': { type: 'string' },
  prefix: { type: 'string' },
  cluster: { type: 'boolean' },
  table: { type: 'string' },
  json: { type: 'boolean' },
  user: { type: 'string' },
  id: { type: 'string' },
  all: { type: 'boolean' },
  except: { type: 'string' },
  'max-rows': { type: 'string' },
} as const;

export const sessions: Command = {
  usage,
  actions: ['list', 'revoke', 'sweep'],
  options,

  async run(args, io) {
    const asked = readAsked(args, io);
    await using opened = await openStore(asked);
    const { store } = opened;
    const all = createSessions({ store, storeTimeout: longest });
    const { data, text, code = 0 } = await asked.act({ store, sessions: all }).catch(failed);
    if (asked.json) printJson(io, data);
    else print(io, text);
    return code;
  },
};

/** A sweep of many rows may take its time. */
const longest = '10m';

/** What the store itself says: sessions tell visitors less than the operator needs to know. */
function failed(error: unknown): never {
  const { cause } = error as Error;
  throw cause instanceof HallpassError ? cause : error;
}

interface Opened {
  readonly store: SessionStore;
  readonly sessions: StoredSessions;
}

interface Outcome {
  readonly data: object;
  readonly text: string;
  readonly code?: ExitCode;
}

interface Asked {
  readonly url: string;
  readonly prefix: string | undefined;
  readonly cluster: boolean | undefined;
  readonly table: string | undefined;
  readonly json: boolean;
  act(opened: Opened): Promise<Outcome>;
}

type Values = ReturnType<typeof readArguments<typeof options>>['values'];

/** By the name of the action: the options that it takes, and what it does. */
const actions = new Map<string, { takes: readonly string[]; plan(values: Values): Asked['act'] }>([
  ['list', { takes: ['user'], plan: planList }],
  ['revoke', { takes: ['user', 'id', 'all', 'except'], plan: planRevoke }],
  ['sweep', { takes: ['max-rows'], plan: planSweep }],
]);
const common = ['store', 'store-env', 'prefix', 'cluster', 'table', 'json'];

function readAsked(args: readonly string[], io: Io): Asked {
  const { values, positionals } = readArguments(args, options);
  const [name, ...more] = positionals;
  const action = actions.get(name ?? '');
  if (action === undefined || more.length > 0) throw new Misuse('sessions takes list, revoke or sweep.');
  const stray = Object.keys(values).find((option) => ![...common, ...action.takes].includes(option));
  if (stray !== undefined) throw new Misuse(`sessions ${name} takes no --${stray}.`);
  const { prefix, cluster, table: tableName, json } = values;
  const act = action.plan(values);
  return { url: storeUrl(values, io), prefix, cluster, table: tableName, json: json === true, act };
}

function storeUrl({ store, 'store-env': name }: Values, io: Io): string {
  if ((store === undefined) === (name === undefined))
    throw new Misuse('sessions takes one of --store and --store-env.');
  return store ?? readVariable('--store-env', name ?? '', io);
}

function planList({ user }: Values): Asked['act'] {
  if (!user) throw new Misuse('sessions list takes --user: sessions are listed by user.');
  return async ({ sessions }) => {
    const found = await sessions.list(user);
    return { data: { sessions: found }, text: textOf(found) };
  };
}

function textOf(found: readonly SessionSummary[]): string {
  if (found.length === 0) return 'No sessions.';
  return found.map(textOfSession).join('\n');
}

function textOfSession({ id, createdAt, seenAt, expiresAt, remember, device }: SessionSummary): string {
  const times = `created ${instant(createdAt)}, last seen ${instant(seenAt)}, expires ${instant(expiresAt)}`;
  const title = device === undefined ? id : `${id}  ${device}`;
  return `${title}\n  ${times}${remember ? ', remembered' : ''}`;
}

function planRevoke({ user, id, all, except }: Values): Asked['act'] {
  if (all) {
    if (!user || id !== undefined) throw new Misuse('--all goes with --user, and without --id.');
    const spared = except === undefined ? {} : { except: readId('--except', except) };
    return async ({ sessions }) => outcomeOf(await sessions.revokeAll(user, spared));
  }
  if (id === undefined) throw new Misuse('sessions revoke takes --id, or --user with --all.');
  if (except !== undefined) throw new Misuse('--except goes with --all.');
  const selector = readId('--id', id);
  return async ({ store, sessions }) => {
    const now = systemClock.now();
    const row = user === undefined ? await store.read(selector, { now }) : undefined;
    const ended =
      user === undefined
        ? typeof row === 'object' && (await store.revoke(selector, { now }))
        : await sessions.revoke(selector, { user });
    return ended ? outcomeOf(1) : { data: { revoked: 0 }, text: 'No such session lives.', code: 1 };
  };
}

const outcomeOf = (revoked: number): Outcome => ({ data: { revoked }, text: `revoked: ${revoked}` });

/** A whole cookie holds a secret and is no id, so it is not repeated. */
function readId(option: string, text: string): string {
  if (!/[^\w-]/.test(text)) return text;
  throw new Misuse(`${option} takes an id, as sessions list prints it: letters, digits, - and _.`);
}

function planSweep({ 'max-rows': limit = '10000' }: Values): Asked['act'] {
  const most = wholeNumber('--max-rows', limit, 1, 10_000_000);
  return async ({ sessions }) => {
    const swept = await sessions.sweep(most);
    return { data: { swept }, text: `swept: ${swept}` };
  };
}
