import {
  codeSyntax,
  codesIn,
  type Explained,
  explainedCodes,
  explainedGroups,
  nearestCodes,
} from '../why/index.ts';
import { readArguments } from './arguments.ts';
import { type Command, Misuse } from './command.ts';
import { print, printJson } from './terminal.ts';

const usage = `hallpass why [CODE …] [--json]

Tells of a code that hallpass gave, of a reason, a finding or an error: what
happened, what to do about it, where the rule comes from, and a program of a
few lines that shows it. Without a code: all there are.

  hallpass why same-site-lax
  hallpass why "HallpassError … code: 'csrf-refused'"      a pasted line will do

  --json              the same as data

Exit: 0 done, 2 no such code, or a wrong command line.
`;

const options = { json: { type: 'boolean' } } as const;

export const why: Command = {
  usage,
  actions: [...explainedCodes.keys()],
  options,

  async run(args, io) {
    const { values, positionals } = readArguments(args, options);
    const codes = readCodes(positionals);
    if (values.json)
      printJson(io, { codes: positionals.length === 0 ? [...explainedCodes.values()] : codes });
    else print(io, positionals.length === 0 ? listText() : codes.map(text).join('\n\n'));
    return 0;
  },
};

/** Codes, each of which must be one, or else a text that was pasted. @throws Misuse that repeats nothing that may be a secret */
function readCodes(words: readonly string[]): readonly Explained[] {
  const asCodes = words.map((word) => word.toLowerCase().replaceAll('_', '-'));
  if (!asCodes.every((word) => codeSyntax.test(word))) {
    const codes = codesIn(words.join(' '));
    if (codes.length > 0) return codes;
    throw new Misuse('None of the codes is named there; hallpass why lists them.');
  }
  return [...new Set(asCodes)].map((code, at) => {
    const explained = explainedCodes.get(code);
    if (explained === undefined)
      throw new Misuse(noCode(code, words.length === 1 ? '' : ` of word ${at + 1}`));
    return explained;
  });
}

/** Says what may have been meant. The word itself is not repeated: it may be anything. */
function noCode(code: string, where: string): string {
  const nearest = nearestCodes(code);
  const meant = nearest.length === 0 ? 'hallpass why lists them.' : `Nearest: ${nearest.join(', ')}.`;
  return `There is no code${where} like that. ${meant}`;
}

function text({ code, level, sentence, source, why, fix, guide, example }: Explained): string {
  return `${code}${level === undefined ? '' : ` (${level})`}
  it says        ${sentence}

  what happened  ${why}

  what to do     ${fix}

  source         ${source}
  read on        docs/${guide}

${example.replaceAll(/^(?=.)/gm, '    ')}`;
}

/** Where the sentences of the list begin, and how long they may be. */
const [listIndent, lineLength] = [30, 80];

function listText(): string {
  const groups = explainedGroups.map(({ title, explained }) => {
    const lines = explained.map(
      ({ code, sentence }) => `  ${code.padEnd(listIndent - 2)}${shortened(sentence)}`,
    );
    return `${title}\n${lines.join('\n')}\n`;
  });
  return `${groups.join('\n')}\nhallpass why CODE tells more.`;
}

/** As much of a sentence as stands in one line. */
function shortened(sentence: string): string {
  const room = lineLength - listIndent;
  if (sentence.length <= room) return sentence;
  return `${sentence.slice(0, sentence.lastIndexOf(' ', room - 2))} …`;
}
