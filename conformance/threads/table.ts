import { askAboutLog, askCommand } from './ask-command.ts';
import { askPanel } from './ask-panel.ts';
import type { Thread } from './thread.ts';
import { threads } from './threads.ts';

/** What each of the tools said of a thread: whether it named the cause; undefined where it has nothing to look at. */
export interface Asked {
  readonly thread: Thread;
  readonly command: boolean;
  /** True when the command points to the cause first of all. */
  readonly first: boolean;
  readonly panel: boolean | undefined;
}

export async function askAll(): Promise<Asked[]> {
  const asked: Asked[] = [];
  for (const thread of threads) asked.push(await ask(thread));
  return asked;
}

async function ask(thread: Thread): Promise<Asked> {
  const { input, cause } = thread;
  const { codes, pasted } = await askPanel(input);
  const named = await (input.kind === 'program' ? askAboutLog(pasted) : askCommand(input));
  // A journey happens at a later request, or in a script: an app does not see it before.
  const isLater = 'journey' in input && input.journey !== undefined;
  return {
    thread,
    command: named.includes(cause),
    first: named[0] === cause,
    panel: isLater ? undefined : codes.includes(cause),
  };
}

const kinds = {
  line: 'a Set-Cookie line',
  definition: 'the options of a cookie',
  curl: 'curl -v',
  har: 'a HAR file',
  program: 'a line of the log',
} as const;

const commands = { program: '`why`' } as const;

/** docs/threads.md as it should be. */
export function tableOf(asked: readonly Asked[]): string {
  const named = (count: (one: Asked) => boolean | undefined) => asked.filter(count).length;
  const yes = (value: boolean | undefined) => (value === undefined ? '–' : value ? 'yes' : '**no**');
  const rows = asked.map(({ thread: { source, complaint, input, cause }, command, panel }) => {
    const name = source.replace('https://github.com/', '').replace(/\/(?:issues|pull)\//, '#');
    const tool = input.kind === 'program' ? commands.program : '`lint`';
    return `| ${complaint} [${name}](${source}) | ${kinds[input.kind]} | [\`${cause}\`](why/${cause}.md) | ${tool}: ${yes(command)} | ${yes(panel)} |`;
  });
  return `# Forty questions

Forty public threads about cookies, sessions and credentials that went missing, made up again in our own words as small inputs, with the cause that each should be given. They were chosen and written down before the code that judges them, and stand in
\`conformance/threads\`. Each is asked of the command (\`hallpass lint\` what somebody could paste, or \`hallpass why\` what the server logged) and, where an app sees it happen, of [the panel](panel.md). The playground of the front desk asks the same questions of the same code, and has a test that says so.

The command names the right cause in ${named(({ command }) => command)} of ${asked.length}, and points to it first of all in ${named(({ first }) => first)}. The panel names it in ${named(({ panel }) => panel)} of ${named(({ panel }) => panel !== undefined)}; in the others it would have to know the future (–): a link of another
site, a script of the page.

| What was asked | What is pasted | The cause | The command names it | The panel names it |
| --- | --- | --- | --- | --- |
${rows.join('\n')}

This page is written by \`npm run docs\` from \`conformance/threads\`; the tests ask every time.
`;
}
