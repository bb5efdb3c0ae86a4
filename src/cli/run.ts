import { HallpassError } from '../errors.ts';
import { type Command, type ExitCode, Failure, type Io, Misuse } from './command.ts';
import { jar } from './jar.ts';
import { keys } from './keys.ts';
import { lab } from './lab.ts';
import { lint } from './lint.ts';
import { sessions } from './sessions.ts';
import { trace } from './trace.ts';

const commands: ReadonlyMap<string, Command> = new Map([
  ['trace', trace],
  ['lint', lint],
  ['jar', jar],
  ['keys', keys],
  ['sessions', sessions],
  ['lab', lab],
]);

const usage = `hallpass <command> [options]

${[...commands].map(([name, { summary }]) => `  ${name.padEnd(10)}${summary}`).join('\n')}

hallpass <command> --help tells more. Exit: 0 clean, 1 findings or a failure, 2 a wrong command line.
`;

/** Runs one command line, without the program's name. */
export async function run(argv: readonly string[], io: Io): Promise<ExitCode> {
  const [name = '', ...args] = argv;
  if (name === '--help' || name === '-h') {
    io.stdout.write(usage);
    return 0;
  }
  const command = commands.get(name);
  if (command === undefined) {
    io.stderr.write(`${name === '' ? 'Which command?' : 'There is no such command.'}\n\n${usage}`);
    return 2;
  }
  if (args.includes('--help') || args.includes('-h')) {
    io.stdout.write(command.usage);
    return 0;
  }
  try {
    return await command.run(args, io);
  } catch (error) {
    if (error instanceof Failure || error instanceof HallpassError) {
      io.stderr.write(`${error.message}\n`);
      return 1;
    }
    if (!(error instanceof Misuse)) throw error;
    io.stderr.write(`${error.message}\n\n${command.usage}`);
    return 2;
  }
}
