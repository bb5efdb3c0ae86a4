import { readArguments } from './arguments.ts';
import { type Command, Misuse, type NamedCommand } from './command.ts';

const usage = `hallpass completion bash|zsh|fish

Prints what makes the shell complete commands and options after hallpass:

  bash   eval "$(hallpass completion bash)"      in ~/.bashrc
  zsh    eval "$(hallpass completion zsh)"       in ~/.zshrc, after compinit
  fish   hallpass completion fish | source       in config.fish

Exit: 0 done, 2 a wrong command line.
`;

/** The command that prints completions for these commands. */
export const completionOf = (commands: ReadonlyMap<string, NamedCommand>): Command => ({
  usage,
  actions: [...shells.keys()],
  options: {},

  async run(args, io) {
    const [shell = '', ...more] = readArguments(args, {}).positionals;
    const script = shells.get(shell);
    if (script === undefined || more.length > 0) throw new Misuse('completion takes bash, zsh or fish.');
    io.stdout.write(script(await Promise.all([...commands].map(wordsOf))));
    return 0;
  },
});

interface Words {
  readonly name: string;
  readonly summary: string;
  readonly actions: readonly string[];
  /** Without dashes. */
  readonly flags: readonly string[];
  /** Those that take a value. */
  readonly valued: readonly string[];
}

async function wordsOf([name, { summary, load }]: readonly [string, NamedCommand]): Promise<Words> {
  const { actions = [], options } = await load();
  const all = Object.keys(options);
  const valued = all.filter((option) => options[option]?.type === 'string');
  return { name, summary, actions, flags: [...all.filter((one) => !valued.includes(one)), 'help'], valued };
}

const shells = new Map<string, (words: readonly Words[]) => string>([
  ['bash', bash],
  ['zsh', zsh],
  ['fish', fish],
]);

const dashed = ({ flags, valued }: Words) => [...valued, ...flags].map((option) => `--${option}`);
const first = (words: readonly Words[]) => [...words.map(({ name }) => name), 'help', '--version', '--help'];

function bash(words: readonly Words[]): string {
  const cases = words.map(
    (one) => `    ${one.name}) words='${[...one.actions, ...dashed(one)].join(' ')}' ;;\n`,
  );
  return `_hallpass() {
  local words='' at=\${COMP_WORDS[COMP_CWORD]}
  if [ "$COMP_CWORD" -eq 1 ]; then words='${first(words).join(' ')}'; fi
  if [ "$COMP_CWORD" -gt 1 ]; then case \${COMP_WORDS[1]} in
    help) words='${words.map(({ name }) => name).join(' ')}' ;;
${cases.join('')}  esac; fi
  COMPREPLY=($(compgen -W "$words" -- "$at"))
}
complete -o default -F _hallpass hallpass
`;
}

function zsh(words: readonly Words[]): string {
  const cases = words.map(
    (one) => `    ${one.name}) offered=(${[...one.actions, ...dashed(one)].join(' ')}) ;;\n`,
  );
  return `_hallpass() {
  local -a offered
  if (( CURRENT == 2 )); then
    offered=(${first(words).join(' ')})
  else case \${words[2]} in
    help) offered=(${words.map(({ name }) => name).join(' ')}) ;;
${cases.join('')}  esac; fi
  compadd -a offered
  [[ \${words[CURRENT]} == -* ]] || _files
}
compdef _hallpass hallpass
`;
}

function fish(words: readonly Words[]): string {
  const quoted = (text: string) => `'${text.replaceAll("'", "\\'")}'`;
  const ofCommand = ({ name, summary, actions, flags, valued }: Words) => [
    `complete -c hallpass -n __fish_use_subcommand -f -a ${name} -d ${quoted(summary)}`,
    ...actions.map(
      (action) => `complete -c hallpass -n ${quoted(`__fish_seen_subcommand_from ${name}`)} -a ${action}`,
    ),
    ...flags.map(
      (flag) => `complete -c hallpass -n ${quoted(`__fish_seen_subcommand_from ${name}`)} -l ${flag}`,
    ),
    ...valued.map(
      (option) => `complete -c hallpass -n ${quoted(`__fish_seen_subcommand_from ${name}`)} -l ${option} -r`,
    ),
  ];
  const general = [
    'complete -c hallpass -n __fish_use_subcommand -f -a help',
    'complete -c hallpass -n __fish_use_subcommand -l version',
  ];
  return `${[...words.flatMap(ofCommand), ...general].join('\n')}\n`;
}
