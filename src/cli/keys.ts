import { generateKey, keyRing } from '../seal/index.ts';
import { readArguments, wholeNumber } from './arguments.ts';
import { type Command, type ExitCode, type Io, Misuse } from './command.ts';
import { readPiped } from './input.ts';
import { printJson } from './terminal.ts';

const usage = `hallpass keys new [--json]
hallpass keys rotate [--next | --promote] [--keep N] [--env NAME] [--json]

Makes keys for HALLPASS_KEYS. What stands on standard output is secret: send it
to where secrets are kept.

  new             one new key
  rotate          the present list with a new key in front: the first key
                  seals, all of them open
  --next          the new key at the end: it opens and does not seal yet. Where
                  several processes run, give all of them this list first, and
                  then
  --promote       the last key moves to the front, and no new one is made
  --keep N        as many older keys stay behind the first (default: all); what
                  a dropped key sealed is lost
  --env NAME      the variable that holds the present list (default:
                  HALLPASS_KEYS); where it is not set, the list is read from
                  standard input. A list is never an argument: others can read
                  those.
  --json          the same as data

Exit: 0 done, 2 a wrong command line, or a list that is none.
`;

const options = {
  next: { type: 'boolean' },
  promote: { type: 'boolean' },
  keep: { type: 'string' },
  env: { type: 'string' },
  json: { type: 'boolean' },
} as const;

export const keys: Command = {
  usage,
  actions: ['new', 'rotate'],
  options,

  async run(args, io) {
    const { values, positionals } = readArguments(args, options);
    const [action, ...more] = positionals;
    if (more.length > 0) throw new Misuse('keys takes new or rotate, and never a key as an argument.');
    const { json, ...forRotate } = values;
    if (action === 'new') {
      if (Object.keys(forRotate).length > 0) throw new Misuse('keys new takes no option but --json.');
      const key = generateKey();
      if (json) printJson(io, { key }, 0);
      else io.stdout.write(`${key}\n`);
      return 0;
    }
    if (action !== 'rotate') throw new Misuse('keys takes new or rotate.');
    return rotate(forRotate, json === true, io);
  },
};

interface RotateOptions {
  readonly next?: boolean | undefined;
  readonly promote?: boolean | undefined;
  readonly keep?: string | undefined;
  readonly env?: string | undefined;
}

async function rotate(options: RotateOptions, json: boolean, io: Io): Promise<ExitCode> {
  const { next, promote, keep, env = 'HALLPASS_KEYS' } = options;
  if (next && promote) throw new Misuse('keys rotate takes one of --next and --promote.');
  const present = splitList(io.env[env] ?? (await readPiped(io, `set ${env}, or pipe the present keys in`)));
  const order = promote
    ? promoted(present)
    : next
      ? [...present, generateKey()]
      : [generateKey(), ...present];
  const most = keep === undefined ? order.length : 1 + wholeNumber('--keep', keep, 0, 999);
  if (next && most < order.length) throw new Misuse('--keep would drop the key that --next makes.');
  const kept = order.slice(0, most);
  const states = kept.map((_, index) =>
    index === 0 ? 'active' : next && index === kept.length - 1 ? 'next' : 'old',
  );
  const dropped = order.length - kept.length;
  if (json) {
    printJson(io, { keys: kept.join(','), states, dropped }, 0);
  } else {
    io.stdout.write(`${kept.join(',')}\n`);
    io.stderr.write(`In this order: ${states.join(', ')}.${dropped > 0 ? ` Dropped: ${dropped}.` : ''}\n`);
  }
  return 0;
}

/** The keys of a list, each of them fit for a ring. @throws Misuse, which repeats none of them. */
function splitList(text: string): string[] {
  const list = text.trim();
  try {
    keyRing(list);
  } catch (error) {
    throw new Misuse(`The present list is none. ${(error as TypeError).message}`);
  }
  return list.split(',').map((key) => key.trim());
}

function promoted(present: readonly string[]): string[] {
  const last = present.at(-1);
  if (last === undefined || present.length < 2)
    throw new Misuse('--promote needs a list of two keys or more.');
  return [last, ...present.slice(0, -1)];
}
