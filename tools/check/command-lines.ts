import type { NamedCommand } from '../../src/cli/command.ts';

/** Command lines of a document that name a command or an option that is not there. */
export async function commandLineProblems(
  page: string,
  text: string,
  commands: ReadonlyMap<string, NamedCommand>,
): Promise<string[]> {
  const problems: string[] = [];
  for (const [, name = '', rest = ''] of text.matchAll(
    /(?:`|\bnpx )hallpass ([a-z]+)\b((?:'[^'\n]*'|"[^"\n]*"|[^`|#)\n])*)/g,
  )) {
    const command = await commands.get(name)?.load();
    if (command === undefined) {
      if (name !== 'help') problems.push(`${page}: there is no command hallpass ${name}`);
      continue;
    }
    const known = new Set(['--help', '-h', '--json']);
    for (const [long, { short }] of Object.entries(command.options))
      known.add(`--${long}`).add(`-${short ?? 'h'}`);
    for (const [option] of rest.replaceAll(/'[^']*'|"[^"]*"/g, '').matchAll(/(?<=\s)--?[A-Za-z][\w-]*/g))
      if (!known.has(option)) problems.push(`${page}: hallpass ${name} has no option ${option}`);
  }
  return problems;
}
