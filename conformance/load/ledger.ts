import { selectorOf } from '../races/visitor.ts';

/** What was written under one key. Its value is a number that each write raises. */
interface Written {
  /** The value of the last write that was acknowledged, or the count of them: what is found is no less. */
  acknowledged: number;
  /** The same of all that may have been carried out: what is found is no more. */
  sent: number;
}

/**
 * A cookie that was given out. `good`: nothing has ended it. `doubtful`: something that ends it was sent, and nobody knows
 * yet what came of it. `dead`: that was acknowledged.
 */
export interface Issued {
  readonly cookie: string;
  readonly row: Row;
  state: 'good' | 'doubtful' | 'dead';
}

/** One session, as those know it who wrote to it. */
export interface Row {
  readonly selector: string;
  readonly user: string;
  readonly written: Map<string, Written>;
  readonly issued: Issued[];
  /** `unknown`: its end was sent, and may or may not have come. */
  state: 'live' | 'unknown' | 'ended';
}

/** What went wrong, by kind. */
export type Fault = 'lost' | 'resurrected' | 'another user' | 'signed out' | 'refused' | 'broken';

/** A list of all that was acknowledged, and of all that was found to contradict it. */
export class Ledger {
  readonly rows = new Map<string, Row>();
  readonly cookies = new Map<string, Issued>();
  readonly dead: Issued[] = [];
  readonly faults: { readonly fault: Fault; readonly text: string }[] = [];
  writes = 0;
  endings = 0;

  blame(fault: Fault, text: string): void {
    this.faults.push({ fault, text });
  }

  /** A cookie came with a response. */
  issue(cookie: string, user: string): Issued {
    const known = this.cookies.get(cookie);
    if (known !== undefined) return known;
    const row = this.#row(selectorOf(cookie), user);
    // What is under way to end the ones before may end this one too.
    const state = row.issued.some((one) => one.state === 'doubtful') ? 'doubtful' : 'good';
    const issued: Issued = { cookie, row, state };
    row.issued.push(issued);
    this.cookies.set(cookie, issued);
    return issued;
  }

  /** A write goes out. Tells what to do when the answer is there. */
  write(row: Row, key: string, raises: 'to' | 'by'): { value: number; kept(): void; refused(): void } {
    const written = row.written.get(key) ?? { acknowledged: 0, sent: 0 };
    row.written.set(key, written);
    written.sent += 1;
    const value = written.sent;
    return {
      value,
      kept: () => {
        this.writes += 1;
        written.acknowledged = raises === 'to' ? value : written.acknowledged + 1;
      },
      refused: () => {
        if (raises === 'by') written.sent -= 1;
      },
    };
  }

  /** What a read that goes out now has to find at the least. */
  promised(row: Row): ReadonlyMap<string, number> {
    return new Map([...row.written].map(([key, { acknowledged }]) => [key, acknowledged]));
  }

  /** Compares what was found with what was promised when the question was asked. */
  check(row: Row, promised: ReadonlyMap<string, number>, found: Readonly<Record<string, number>>): void {
    for (const [key, least] of promised) {
      const value = found[key] ?? 0;
      const most = row.written.get(key)?.sent ?? 0;
      if (value >= least && value <= most) continue;
      this.blame('lost', `${key} of ${row.selector} is ${value}, not ${least} to ${most}`);
    }
  }

  /** Something that ends these cookies goes out. */
  doubt(cookies: readonly Issued[]): void {
    for (const issued of cookies) if (issued.state === 'good') issued.state = 'doubtful';
  }

  /** It was acknowledged. */
  bury(cookies: readonly Issued[]): void {
    this.endings += 1;
    for (const issued of cookies) {
      if (issued.state === 'dead') continue;
      issued.state = 'dead';
      this.dead.push(issued);
    }
  }

  rowsOf(user: string): Row[] {
    return [...this.rows.values()].filter((row) => row.user === user && row.state !== 'ended');
  }

  #row(selector: string, user: string): Row {
    const known = this.rows.get(selector);
    if (known !== undefined) return known;
    const row: Row = { selector, user, written: new Map(), issued: [], state: 'live' };
    this.rows.set(selector, row);
    return row;
  }
}
