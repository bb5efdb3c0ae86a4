import { setTimeout as delay } from 'node:timers/promises';
import { type Answer, Connection } from './connection.ts';
import type { Issued, Ledger, Row } from './ledger.ts';

/** What a tab may do next. Those of the second line concern the whole browser, and one tab alone does them. */
type Deed = 'read' | 'write' | 'count' | 'return' | 'rotate' | 'sign in' | 'sign out' | 'revoke';

const ofEveryTab: readonly Deed[] = deeds({ read: 50, write: 25, count: 20, return: 5 });
const ofTheFirst: readonly Deed[] = deeds({
  read: 48,
  write: 20,
  count: 15,
  return: 3,
  rotate: 7,
  'sign in': 3,
  'sign out': 2,
  revoke: 2,
});

function deeds(weights: Partial<Record<Deed, number>>): Deed[] {
  return Object.entries(weights).flatMap(([deed, weight]) => Array<Deed>(weight).fill(deed as Deed));
}

/** How long a tab waits before it asks a server again that is out of order, which takes the processor to come back, or for a sign-in in another tab, in ms. */
const pause = 500;
const pauseOfNobody = 250;

/** What browsers know of the world around them. */
export interface Surroundings {
  readonly ledger: Ledger;
  readonly stopped: boolean;
  /** The port of a process that is alive, this one if it is. */
  portNear(process: number): number;
  /** Takes note of an answer. */
  note(answer: Answer, port: number, from: number): void;
}

/** A browser of one user: a cookie, and tabs that share it, each with a connection to a process of its own. */
export class Browser {
  readonly user: string;
  readonly #around: Surroundings;
  readonly #number: number;
  /** The cookies that requests under way were sent with. */
  readonly #underWay: (Issued | undefined)[] = [];
  #cookie: Issued | undefined;
  /** Counts sign-ins and sign-outs: what answers a request from before one comes too late to change the cookie. */
  #era = 0;
  /** True from a 503 to the next answer that is none. Meanwhile tabs only ask again, so that little is left in doubt. */
  #away = false;

  constructor(number: number, around: Surroundings) {
    this.user = `user ${number}`;
    this.#number = number;
    this.#around = around;
  }

  get cookie(): Issued | undefined {
    return this.#cookie;
  }

  /** One request after the other, until all is stopped. */
  async runTab(tab: number): Promise<void> {
    const connection = new Connection();
    const key = `tab ${tab}`;
    const call = (method: 'GET' | 'POST', path: string, cookie = this.#cookie) =>
      this.#call(connection, this.#number + tab, method, path, cookie);
    const possible = tab === 0 ? ofTheFirst : ofEveryTab;
    let state = 1 + tab + 31 * this.#number;
    while (!this.#around.stopped) {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      const deed = possible[(state >>> 8) % possible.length] as Deed;
      if (this.#away) await this.#askAgain(call);
      else if (this.#cookie === undefined)
        await (tab === 0 ? this.#signIn(call) : this.#askAgain(call, pauseOfNobody));
      else if (deed === 'read') await this.#read(call, this.#cookie);
      else if (deed === 'write') await this.#write(call, this.#cookie.row, key);
      else if (deed === 'return') await this.#return(call);
      else if (deed === 'sign in') await this.#signIn(call);
      else if (deed === 'sign out') await this.#signOut(call, this.#cookie.row);
      else if (deed === 'revoke') await this.#revoke(call);
      else if (deed === 'rotate' && this.#isSettled()) await call('POST', '/rotate');
      else await this.#write(call, this.#cookie.row, 'count');
    }
    connection.close();
  }

  async #askAgain(call: Call, ms = pause): Promise<void> {
    await delay(ms);
    await call('GET', '/read');
  }

  /** True when no answer under way can hold a cookie older than the last one. */
  #isSettled(): boolean {
    return this.#underWay.every((issued) => issued === this.#cookie);
  }

  async #call(
    connection: Connection,
    near: number,
    method: 'GET' | 'POST',
    path: string,
    sent: Issued | undefined,
  ): Promise<Answer> {
    const { ledger } = this.#around;
    const port = this.#around.portNear(near);
    const [era, from] = [this.#era, performance.now()];
    this.#underWay.push(sent);
    const answer = await connection.call(port, method, path, sent?.cookie ?? '');
    this.#underWay.splice(this.#underWay.indexOf(sent), 1);
    this.#around.note(answer, port, from);
    if (answer.outcome !== 'answered') return answer;
    const { status, cookie, body } = answer;
    this.#away = status === 503;
    if (body.user !== undefined && body.user !== sent?.row.user)
      ledger.blame('another user', `${path} of ${sent?.row.user} was answered for ${body.user}`);
    const turnedAway =
      status === 401 ||
      (status === 409 && body.error !== crowded) ||
      (path === '/read' && status === 200 && answer.body.user === undefined);
    if (turnedAway && sent?.state === 'good') {
      ledger.blame(
        'signed out',
        `${path} of ${sent.row.selector} was answered ${status} ${body.error} (${body.message}), and nothing had ended it`,
      );
    }
    if (status === 401 && era === this.#era) this.#cookie = undefined;
    if (cookie === '' && path !== '/logout') ledger.blame('signed out', `${path} cleared the cookie`);
    if (cookie !== undefined && cookie !== '' && era === this.#era)
      this.#cookie = ledger.issue(cookie, this.user);
    return answer;
  }

  async #read(call: Call, { row }: Issued): Promise<void> {
    const { ledger } = this.#around;
    const promised = ledger.promised(row);
    const answer = await call('GET', '/read');
    if (answer.outcome !== 'answered' || answer.status !== 200 || answer.body.user === undefined) return;
    ledger.check(row, promised, answer.body.data ?? {});
  }

  async #write(call: Call, row: Row, key: string): Promise<void> {
    const counts = key === 'count';
    const write = this.#around.ledger.write(row, key, counts ? 'by' : 'to');
    const path = counts ? '/count' : `/write?key=${encodeURIComponent(key)}&value=${write.value}`;
    const answer = await call('POST', path);
    if (isDone(answer)) write.kept();
    else if (wasNotDone(answer)) write.refused();
  }

  /** Comes back with a cookie that is dead. */
  async #return(call: Call): Promise<void> {
    const { ledger } = this.#around;
    const dead = ledger.dead.at(-1 - (ledger.writes % Math.min(100, ledger.dead.length || 1)));
    if (dead === undefined) return;
    const answer = await call('GET', '/read', dead);
    if (answer.outcome === 'answered' && answer.body.user !== undefined) {
      ledger.blame('resurrected', `a dead cookie of ${dead.row.selector} was let in`);
    }
  }

  async #signIn(call: Call): Promise<void> {
    const { ledger } = this.#around;
    const before = this.#cookie === undefined ? [] : [...this.#cookie.row.issued];
    ledger.doubt(before);
    const answer = await call('POST', `/login?user=${encodeURIComponent(this.user)}`);
    if (!isDone(answer)) return;
    this.#era += 1;
    if (before.length > 0) ledger.bury(before);
    if (this.#cookie?.state === 'doubtful') this.#cookie.state = 'good';
  }

  async #signOut(call: Call, row: Row): Promise<void> {
    const { ledger } = this.#around;
    // A cookie in doubt may stand for nothing: then this sign-out ends nothing either.
    const known = this.#cookie?.state === 'good';
    const before = [...row.issued];
    row.state = 'unknown';
    ledger.doubt(before);
    if (!(await this.#insist(() => call('POST', '/logout')))) return;
    if (known) row.state = 'ended';
    ledger.bury(before);
    this.#forget();
  }

  async #revoke(call: Call): Promise<void> {
    const { ledger } = this.#around;
    const rows = ledger.rowsOf(this.user);
    for (const row of rows) {
      row.state = 'unknown';
      ledger.doubt(row.issued);
    }
    const before = rows.flatMap(({ issued }) => issued);
    const path = `/revoke?user=${encodeURIComponent(this.user)}`;
    if (!(await this.#insist(() => call('POST', path)))) return;
    for (const row of rows) row.state = 'ended';
    ledger.bury(before);
    this.#forget();
  }

  /** Sends a request until it is done. False when all was stopped before. */
  async #insist(send: () => Promise<Answer>): Promise<boolean> {
    while (!isDone(await send())) {
      if (this.#around.stopped) return false;
      await delay(pause);
    }
    return true;
  }

  #forget(): void {
    this.#cookie = undefined;
    this.#era += 1;
  }
}

type Call = (method: 'GET' | 'POST', path: string, cookie?: Issued) => Promise<Answer>;

/** The code of what may be sent again as it is: too many wrote the session at once. Nothing has ended it. */
const crowded = 'session-conflict';

const isDone = (answer: Answer) => answer.outcome === 'answered' && answer.status < 300;

/** What nobody heard, and what was refused by name, was not carried out. A 503 and a cut connection say nothing. */
const wasNotDone = (answer: Answer) =>
  answer.outcome === 'unreached' ||
  (answer.outcome === 'answered' && (answer.status === 401 || answer.status === 409));
