import { readFileSync } from 'node:fs';
import { type ExitCode, Failure, type Io, Misuse } from './command.ts';
import { commands } from './commands.ts';

const usage = `hallpass <command> [options]

${[...commands].map(([name, { summary }]) => `  ${name.padEnd(12)}${summary}`).join('\n')}
  help        tell more of a command; the same as hallpass <command> --help

  --version   print the version

Exit: 0 clean, 1 findings or a failure, 2 a wrong command line.
`;

/** Runs one command line, without the program's name. */
export async function run(argv: readonly string[], io: Io): Promise<ExitCode> {
  const { text, name, args } = await readCommand(argv);
  if (text !== undefined) {
    io.stdout.write(text);
    return 0;
  }
  const command = commands.get(name);
  try {
    if (command === undefined) throw new Misuse(noCommand(name));
    return await (await command.load()).run(args, io);
  } catch (error) {
    const isMisuse = error instanceof Misuse;
    if (!isMisuse && !(error instanceof Failure) && !(await isOfLibrary(error))) throw error;
    const more = `hallpass ${command === undefined ? '' : `${name} `}--help tells more.\n`;
    // The sentence is the last line: what it says is seen whatever the size of the terminal.
    io.stderr.write(`${isMisuse ? more : ''}hallpass: ${(error as Error).message}\n`);
    return isMisuse ? 2 : 1;
  }
}

/** The library's own failures; most command lines need nothing of it. */
async function isOfLibrary(error: unknown): Promise<boolean> {
  const { HallpassError } = await import('../errors.ts');
  return error instanceof HallpassError;
}

/** A command and its arguments, or what is printed in place of a run. */
async function readCommand([name = '', ...args]: readonly string[]): Promise<{
  text?: string | undefined;
  name: string;
  args: readonly string[];
}> {
  if (['--version', '-V', 'version'].includes(name)) return { text: `${version()}\n`, name, args };
  if (['--help', '-h', 'help'].includes(name)) {
    const [about = ''] = args;
    return { text: about === '' ? usage : await usageOf(about), name: about, args };
  }
  const wantsHelp = args.includes('--help') || args.includes('-h');
  return { text: wantsHelp ? await usageOf(name) : undefined, name, args };
}

const usageOf = async (name: string): Promise<string | undefined> =>
  (await commands.get(name)?.load())?.usage;

/** Named where it is a word: what was put in its place may be a secret. */
function noCommand(name: string): string {
  if (name === '') return 'Which command?';
  return /^-{0,2}[a-z]{1,12}$/.test(name) ? `There is no command ${name}.` : 'There is no such command.';
}

/** That of the package. Its manifest is two folders up from here, in the sources as in the package. */
function version(): string {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return `hallpass ${manifest.version}`;
}
