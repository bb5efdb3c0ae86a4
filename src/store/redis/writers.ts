import { randomText } from '../../crypto/index.ts';
import { HallpassError } from '../../errors.ts';
import { lateness } from '../record.ts';
import { numberFromLine, numberToLine } from './text.ts';

/** A write as a row knows it: whose it is, and which. */
export interface Write {
  readonly writer: string;
  /** Counts the writes of a writer. */
  readonly serial: number;
  /** The first of its writes into this row that is still under way: those before it are never sent again. */
  readonly first: number;
  /** What the row remembers of it: a few random characters, so that a copy of a process is not taken for it, and the serial. */
  readonly mark: string;
}

const nameBytes = 3;
const nameLength = 4;
const randomBytes = 2;
const randomLength = 3;

/** How many writes into one row may follow one that is under way, before that is given up: some 7 octets of the row each. */
const mostBehind = 1_000;

interface Begun {
  readonly at: number;
  isUnderWay: boolean;
}

/**
 * The writes of one store, so that a row knows one that a driver sends again. Each carries a serial, and the first serial that is
 * still under way: what came before it has been answered, and need not be remembered. So a row remembers what may be sent
 * again, and no number of other writes in between displaces it. One whose answer does not come for longer than a call may be
 * late, or behind which very many have begun, is given up: should it arrive yet, it comes too late, and is refused.
 */
export class Writer {
  #name: string | undefined;
  #last = 0;
  #random: string | undefined;
  /** By selector, those from the first that is under way on, in the order in which they began. */
  readonly #begun = new Map<string, Map<number, Begun>>();

  /** Makes a write into the row of a selector, which is under way until its promise settles. @param now in ms */
  async write<T>(selector: string, now: number, make: (write: Write) => Promise<T>): Promise<T> {
    // Not before it is needed: a snapshot of the process would give it to many.
    this.#name ??= randomText(nameBytes);
    this.#last += 1;
    const serial = this.#last;
    this.#forgetOldest(now);
    const begun = this.#begun.get(selector) ?? new Map<number, Begun>();
    const write = { at: now, isUnderWay: true };
    this.#begun.set(selector, begun.set(serial, write));
    giveUp(begun, now);
    const [first = serial] = begun.keys();
    const mark = this.#randomOfTurn() + numberToLine(serial);
    try {
      return await make({ writer: this.#name, serial, first, mark });
    } finally {
      write.isUnderWay = false;
      giveUp(begun, now);
      if (begun.size === 0 && this.#begun.get(selector) === begun) this.#begun.delete(selector);
    }
  }

  /**
   * Drawn once for all writes that begin before the runtime turns to its next job, a draw being half of what a write takes here. A copy
   * made in between goes on with the very same writes: it may not make them a second time.
   */
  #randomOfTurn(): string {
    if (this.#random === undefined) {
      this.#random = randomText(randomBytes);
      queueMicrotask(() => {
        this.#random = undefined;
      });
    }
    return this.#random;
  }

  /** One row for each write: those of a row that nobody writes any more are not kept for one that never settles. */
  #forgetOldest(now: number): void {
    const [oldest] = this.#begun;
    if (oldest === undefined) return;
    const [selector, begun] = oldest;
    this.#begun.delete(selector);
    giveUp(begun, now);
    if (begun.size > 0) this.#begun.set(selector, begun);
  }

  /**
   * For a write that a row says comes too late. One that was given up does; where this one was not, another process goes by this
   * name, as one that was copied while it ran does, and from now on this one has another name.
   */
  refused(selector: string, { serial }: Write): HallpassError {
    if (this.#begun.get(selector)?.has(serial) !== true) {
      return new HallpassError(
        'store-unavailable',
        'This write had no answer for so long, or so many came after it, that it was given up: load the session again.',
      );
    }
    this.#name = undefined;
    return new HallpassError(
      'store-unavailable',
      'Another process writes under the name of this one, as a copy of its memory does: nothing was written, try again.',
    );
  }
}

/** Takes out, from the first on, what has been answered, and what is not waited for any longer. */
function giveUp(begun: Map<number, Begun>, now: number): void {
  for (const [serial, { at, isUnderWay }] of begun) {
    if (isUnderWay && now - at < lateness && begun.size <= mostBehind) return;
    begun.delete(serial);
  }
}

/** A write as scripts take it. */
export const writeText = ({ writer, first, mark }: Write): string =>
  `${writer}${numberToLine(first)},${mark}`;

/**
 * The line of a row's writers once it has this write, as the script below has it. Each has an entry, `;`, its name, when it wrote
 * last, in seconds, `!` and its first write that is under way, unless that is the first of those that follow, and `,` before
 * the mark of each that may be sent again. Who has written nothing for longer than a call may be late is left out.
 * `undefined` where the write is there already, or comes too late.
 * @param now in ms
 */
export function withWrite(line: string, write: Write, now: number): string | undefined {
  let { first } = write;
  const marks = [write.mark];
  const others: string[] = [];
  for (const entry of line.split(';').slice(1)) {
    const [head = '', ...known] = entry.split(',');
    const [at = '', under] = head.slice(nameLength).split('!');
    if (!head.startsWith(write.writer)) {
      if (now - 1_000 * numberFromLine(at) < lateness) others.push(entry);
      continue;
    }
    const serials = known.map(serialOf);
    first = Math.max(first, under === undefined ? Math.min(...serials) : numberFromLine(under));
    if (write.serial < first || serials.includes(write.serial)) return undefined;
    marks.push(...known.filter((_, index) => (serials[index] as number) >= first));
  }
  const at = numberToLine(Math.floor(now / 1_000));
  const under = first < Math.min(...marks.map(serialOf)) ? `!${numberToLine(first)}` : '';
  return ['', [`${write.writer}${at}${under}`, ...marks].join(), ...others].join(';');
}

const serialOf = (mark: string) => numberFromLine(mark.slice(randomLength));

/** The line of a row that this write creates. */
export const firstWrite = (write: Write, now: number): string => withWrite('', write, now) as string;

/** For scripts, behind `rowFunctions`: what became of a write, `'done'`, `'late'` or nothing yet, and then the line with it. */
export const withWriteFunction: string = `
local function serialOf(mark) return number(string.sub(mark, ${randomLength + 1})) end

local function withWrite(line, write)
  local writer, under, mark = string.match(write, '^(${'.'.repeat(nameLength)})([^,]+),(.+)$')
  local first, serial = number(under), serialOf(mark)
  local marks, least, others = { mark }, serial, {}
  for entry in string.gmatch(line, ';([^;]+)') do
    local other, at, under, rest = string.match(entry, '^(${'.'.repeat(nameLength)})([^,!]+)!?([^,]*)(,.+)$')
    if other == writer then
      local known, serials, before = {}, {}, nil
      for one in string.gmatch(rest, '[^,]+') do
        if one == mark then return 'done' end
        local its = serialOf(one)
        if its == serial then return 'late' end
        before = math.min(before or its, its)
        known[#known + 1], serials[#serials + 1] = one, its
      end
      first = math.max(first, under == '' and before or number(under))
      if serial < first then return 'late' end
      for i = 1, #serials do
        if serials[i] >= first then
          marks[#marks + 1] = known[i]
          least = math.min(least, serials[i])
        end
      end
    elseif at and now - 1000 * number(at) < ${lateness} then
      others[#others + 1] = ';' .. entry
    end
  end
  local mine = writer .. numberLine(math.floor(now / 1000))
  if first < least then mine = mine .. '!' .. numberLine(first) end
  return nil, ';' .. mine .. ',' .. table.concat(marks, ',') .. table.concat(others)
end
`;
