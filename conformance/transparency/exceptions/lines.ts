import type { Program } from '../program.ts';

const filter = (lines: string, keep: (line: string) => boolean) => lines.split('\n').filter(keep).join('\n');

/** Steps of which something goes on beside those that follow. */
const beside = /^(try )?(pipe|send.*(File|Stream)|download|serveStatic)/;
const calm = /^(try )?(pause|seen|finish|leave|writeUntilFull|readBody)/;

/** True for a step that waits until nothing more happens. */
export const isCalm = (step: string): boolean => calm.test(step);

/**
 * The lines of the steps, as far as a wait makes no difference to them: an answer that waits is flushed later, and what goes
 * on beside the steps, as a pipe does, is met at another point after a tick.
 */
export function asSoon(lines: string, { steps }: Program): string {
  const tick = steps.findIndex(
    (step, at) => /tick|readBody/.test(step) && steps.slice(0, at).some((one) => beside.test(one)),
  );
  return (tick < 0 ? lines.split('\n') : lines.split('\n').slice(0, tick))
    .map((line) => line.replace('| true |', '| false |').replace(' destroyed', ''))
    .join('\n');
}

/** The lines of the steps, where an answer that has ended says so once it is there. */
export function endedAsIn(bare: string, hallpass: string): string {
  const others = bare.split('\n');
  return hallpass
    .split('\n')
    .map((line, at) => {
      const ended = /(un)?sent ended/.exec(others[at] ?? '')?.[0];
      return ended === undefined ? line : line.replace(/(un)?sent open/, ended);
    })
    .join('\n');
}

/** The lines of the steps up to the first at which another answer may have taken the place of the handler's. */
export function beforeWaits(lines: string, program: Program): string {
  const first = program.steps.findIndex((step) => calm.test(step) || /tick/.test(step));
  const soon = asSoon(lines, program).split('\n');
  return (first < 0 ? soon : soon.slice(0, first)).join('\n');
}

/** Events without those whose place depends on waiting, and without what has been flushed by then. */
export function withoutDrain(events: string): string {
  return filter(events, (line) => !/^(drain|unpipe)/.test(line)).replaceAll(/ flushed=\w+| \d{3}$/gm, '');
}

/** What happened, in its order. */
export function names(events: string): string {
  return withoutDrain(events).replaceAll(/ \|.*$/gm, '');
}

/** The lines that begin as the pattern says, in their order. */
export function only(pattern: string, lines: string): string {
  return lines.match(new RegExp(`^${pattern}.*`, 'gm'))?.join('\n') ?? '';
}

/** True where the lines that begin as a pattern says are the same in their order, for each pattern. */
export const isSameIn = (patterns: readonly string[], bare: string, hallpass: string): boolean =>
  patterns.every((pattern) => only(pattern, bare) === only(pattern, hallpass));

/** The lines in no order. */
export const sorted = (lines: string) => lines.split('\n').sort().join('\n');

/** The lines of the steps, as far as a wait makes no difference, and without who has ended. */
export const asOpen = (lines: string, program: Program) =>
  asSoon(lines, program).replaceAll('sent ended', 'sent open');
