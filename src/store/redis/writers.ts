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

/**
 * The writes of one store, so that a row knows one that a driver sends again. Each carries a serial, and the first serial that is
 * still under way: what came before it has been answered, and need not be remembered. So a row remembers what may be sent
 * again, and no number of other writes in between displaces it.
 */
export class Writer {
  #name: string | undefined;
  #last = 0;
  /** By selector, in the order in which they began. */
  readonly #underWay = new Map<string, Set<number>>();

  /** Makes a write into the row of a selector, which is under way until its promise settles. */
  async write<T>(selector: string, make: (write: Write) => Promise<T>): Promise<T> {
    // Not before it is needed: a snapshot of the process would give it to many.
    this.#name ??= randomText(nameBytes);
    this.#last += 1;
    const serial = this.#last;
    const underWay = this.#underWay.get(selector) ?? new Set<number>();
    this.#underWay.set(selector, underWay.add(serial));
    const [first = serial] = underWay;
    const mark = randomText(randomBytes) + numberToLine(serial);
    try {
      return await make({ writer: this.#name, serial, first, mark });
    } finally {
      underWay.delete(serial);
      if (underWay.size === 0) this.#underWay.delete(selector);
    }
  }

  /**
   * For a write under way that a row says comes too late: another process goes by this name, as one that was copied while it ran does.
   * From now on this one has another name.
   */
  copied(): HallpassError {
    this.#name = undefined;
    return new HallpassError(
      'store-unavailable',
      'Another process writes under the name of this one, as a copy of its memory does: nothing was written, try again.',
    );
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
