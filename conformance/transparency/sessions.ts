import type { RequestContext } from './hallpass.ts';
import {
  createSessions,
  defineCookie,
  generateKey,
  keyRing,
  memoryStore,
  type SessionStore,
  sealed,
} from './hallpass.ts';
import type { Lab } from './lab.ts';
import type { Program, SessionUse, StoreKind } from './program.ts';
import { sourceOf } from './steps/steps.ts';
import type { Answer, Transcript } from './transcript.ts';

/** Turns of the event loop that a store takes, and that a session waits for one. */
const turns = { quick: 1, slow: 12, late: 30, deadline: 16 } as const;
const start = 1_800_000_000_000;
const tenMinutes = 600_000;

const theme = defineCookie('theme');
const note = defineCookie('note', { codec: sealed(keyRing(generateKey())) });
const anySchema = {
  '~standard': { version: 1, vendor: 'conformance', validate: (value: unknown) => ({ value }) },
} as const;

/** How slow a program without hallpass is: in opening its session, as an app with other sessions is, and in sending its answer. */
export interface Pace {
  /** Turns of the event loop until its session is open. */
  readonly turns: number;
  /** Then ticks of promises. */
  readonly ticks: number;
  /** Turns that what is first written to a connection waits for its network. Default: none. */
  readonly held?: number;
}

type Data = Record<string, unknown>;
type Sessions = ReturnType<typeof createSessions<Data>>;

/** The sessions of one run, and what its handler does with them. */
export class Visit {
  readonly sessions: Sessions;
  /** What the visitor's browser sends. */
  readonly cookie: string | undefined;
  readonly #program: Program;
  readonly #transcript: Transcript;
  readonly #open: () => Promise<void>;
  /** True once all was done that the program does with its session. */
  #written = false;

  private constructor(
    program: Program,
    sessions: Sessions,
    cookie: string | undefined,
    transcript: Transcript,
    open: () => Promise<void>,
  ) {
    this.#transcript = transcript;
    this.#open = open;
    this.#program = program;
    this.sessions = sessions;
    this.cookie = cookie;
  }

  /** @param pace at which a session is opened without hallpass */
  static async prepare(program: Program, lab: Lab, pace?: Pace): Promise<Visit> {
    let now = start;
    let kind: StoreKind = 'memory';
    const sessions = createSessions<Data>({
      store: program.store === 'memory' ? memoryStore() : storeOf(() => kind, lab),
      ...(program.session === 'schema' ? { schema: anySchema as never } : {}),
      clock: { now: () => now, delay: (_ms, signal) => deadline(kind, lab, signal) },
    });
    let cookie: string | undefined;
    if (program.visitor === 'ada') {
      const session = await sessions.open('');
      session.login('ada');
      session.set('n', 0);
      cookie = (await sessions.commit(session))[0]?.split(';')[0];
    }
    if (program.session === 'renew') now += tenMinutes;
    kind = program.store;
    return new Visit(program, sessions, cookie, lab.transcript, () => take(lab, pace));
  }

  /**
   * Does with the session what the program says, and gives a promise where that is waited for.
   * @param context `undefined` in the program without hallpass: it waits all the same
   */
  use(context: (() => RequestContext) | undefined): Promise<void> | undefined {
    const { session: use } = this.#program;
    if (use === 'none') return undefined;
    if (context === undefined) return atOnce.has(use) ? undefined : this.#open();
    this.#transcript.used = true;
    const work = uses[use](context());
    const done = () => {
      this.#written = true;
    };
    if (work instanceof Promise && !atOnce.has(use)) return work.then(done);
    done();
    return undefined;
  }

  /** What the program without hallpass waits for where the other one opens its session unasked. */
  open(): Promise<void> {
    return this.#open();
  }

  #failed(status: string): boolean {
    const threw = this.#transcript.handler.some((line) => /\| threw /.test(line) && !line.startsWith('try '));
    if (this.#program.around.includes('failing payload hook inside')) return true;
    // An error was recovered from, where the answer is below 400.
    if (this.#program.around.includes('an optional step fails') && Number(status.slice(0, 3)) >= 400)
      return true;
    return threw || this.#transcript.failed || this.#program.steps.some((step) => failing.test(step));
  }

  /** True when there is something that the store must take. */
  get #writes(): boolean {
    const { session, visitor } = this.#program;
    return /^(set|login|schema)$/.test(session) || (/^(logout|rotate)$/.test(session) && visitor === 'ada');
  }

  /** True where an error handler has made a success of the failure. */
  get #isRecovered(): boolean {
    const { around } = this.#program;
    const isAsked = this.#transcript.around.some((line) => line.startsWith('error handler:'));
    return isAsked && around.includes('errors answered with 200');
  }

  /** What was promised with this answer and is not so. */
  async check(answer: Answer | undefined): Promise<string[]> {
    const { session: use, store } = this.#program;
    // An ETag of Hono's that was put round hallpass leaves no cookie on a 304.
    if (answer?.status.startsWith('304') && this.#program.around.includes('etag outside')) return [];
    const isGood = answer?.complete === true && Number(answer.status.slice(0, 3)) < 500;
    const hasLine = answer?.headers.some(
      ([name, value]) => name.toLowerCase() === 'set-cookie' && isOurCookie(value),
    );
    // An error handler may make anything of a cookie that cannot be set.
    const isHandled =
      this.#program.steps.includes('next') ||
      this.#transcript.around.some((line) => line.startsWith('error handler: TypeError'));
    if (this.#written && isGood && !isHandled && /cookie/.test(use) && !hasLine)
      return [`${answer.status}, and the ${use} is lost`];
    if (answer?.complete === true && Number(answer.status.slice(0, 3)) >= 500)
      return this.#checkFailure(answer);
    if (!this.#written || !isGood || !mayWait(use) || this.#failed(answer.status)) return [];
    if (store === 'failing' || store === 'late') {
      const isLie = Number(answer.status.slice(0, 3)) < 400 && this.#writes && !this.#isRecovered;
      return isLie ? [`${answer.status}, and the commit has failed`] : [];
    }
    const line = answer.headers.find(([name, value]) => /^set-cookie$/i.test(name) && isOurCookie(value));
    const cookie = line?.[1].split(';')[0] ?? this.cookie;
    const session = await this.sessions.open(cookie);
    const kept = {
      set: session.get('n') === 1,
      login: session.user === 'eve',
      logout: session.user === undefined,
    };
    if (use in kept && !kept[use as keyof typeof kept]) return [`${answer.status}, and the ${use} is lost`];
    return use === 'rotate' && line === undefined && this.cookie !== undefined
      ? ['the rotation is lost']
      : [];
  }

  /** What an answer of 500 or above keeps that it must drop, or drops that it must keep. */
  async #checkFailure(answer: Answer): Promise<string[]> {
    const { session: use, store } = this.#program;
    if (!this.#written || isRefusing(store)) return [];
    const line = answer.headers.find(([name, value]) => /^set-cookie$/i.test(name) && isOurCookie(value));
    const session = await this.sessions.open(line?.[1].split(';')[0] ?? this.cookie);
    const isKept = { set: session.get('n') === 1, login: session.user === 'eve' };
    if (use in isKept && isKept[use as keyof typeof isKept])
      return [`${answer.status}, and the ${use} is kept`];
    if (use === 'logout' && session.user !== undefined) return [`${answer.status}, and the logout is lost`];
    return [];
  }
}

/** True for a store that takes nothing. */
const isRefusing = (store: StoreKind) => store === 'failing' || store === 'late';

/** Steps by which a handler fails: what it wrote is dropped then. */
const failing =
  /throw|next(Error|Status|Text)|sendError|Missing|Broken|Breaks|Circular|badHeaderName|badDisposition|badCode/;

const uses: Record<Exclude<SessionUse, 'none'>, (context: RequestContext) => unknown> = {
  read: (context) => context.session().then((session) => session.get('n')),
  renew: (context) => context.session().then((session) => session.get('n')),
  set: (context) => context.session().then((session) => session.set('n', 1)),
  login: (context) => context.session().then((session) => session.login('eve')),
  logout: (context) => context.session().then((session) => session.logout()),
  rotate: (context) => context.session().then((session) => session.rotate()),
  schema: (context) => context.session().then((session) => session.set('n', 1)),
  unawaited: (context) => void context.session(),
  cookie: (context) => context.cookies.set(theme, 'dark'),
  'sealed cookie': (context) => void context.cookies.set(note, 'n'),
  'large cookie': (context) => void context.cookies.set(note, 'n'.repeat(5_000)),
};
const atOnce: ReadonlySet<SessionUse> = new Set(['unawaited', 'cookie', 'sealed cookie', 'large cookie']);

/** True when an answer may have to wait. */
export function mayWait(use: SessionUse): boolean {
  return !['none', 'read', 'cookie'].includes(use);
}

export function isOurCookie(line: string): boolean {
  return /^(__Host-session|theme|note)=/.test(line);
}

/** What the handler would say in a program of its own. */
export function showUse(use: Exclude<SessionUse, 'none'>): string {
  return sourceOf(uses[use])
    .replace(/^void /, '')
    .replace(/^context\.session\(\)\.then\(\(session\) => session(.*)\)$/, '(await context.session())$1');
}

const reads: ReadonlySet<string> = new Set(['read', 'enlist', 'listByUser']);

function storeOf(kind: () => StoreKind, lab: Lab): SessionStore {
  return new Proxy(memoryStore(), {
    get(target, name: keyof SessionStore & string) {
      const method = target[name];
      if (typeof method !== 'function') return method;
      return async (...given: unknown[]) => {
        const present = kind();
        const isRead = reads.has(name);
        if (present !== 'memory') {
          await lab.pause(
            present === 'slow' || (present === 'late' && !isRead) ? turns[present] : turns.quick,
          );
        }
        if (present === 'failing' && !isRead) throw new Error('The disk is full.');
        return Reflect.apply(method, target, given);
      };
    },
  });
}

async function take(
  lab: Lab,
  { turns, ticks }: Pick<Pace, 'turns' | 'ticks'> = { turns: 0, ticks: 0 },
): Promise<void> {
  if (turns > 0) await lab.pause(turns);
  for (let i = 0; i < ticks; i++) await undefined;
}

/** Only a late store's calls run out of time. */
async function deadline(kind: StoreKind, lab: Lab, signal: AbortSignal | undefined): Promise<void> {
  if (kind !== 'late') return new Promise(() => {});
  for (let i = 0; i < turns.deadline; i++) {
    await lab.pause(1);
    signal?.throwIfAborted();
  }
}
