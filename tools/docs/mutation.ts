// `npm run docs` writes docs/mutation.md from what the last campaigns of tools/mutate and tools/fuzz left; `npm run check` fails when they differ.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { folderNames } from '../mutate/folders.ts';
import type { Campaign, Survivors } from '../mutate/survivors.ts';

export const mutationTarget = 'docs/mutation.md';

/** docs/mutation.md as it should be. */
export function expectedMutationPage(root: string): string {
  const json = (file: string) => JSON.parse(readFileSync(join(root, file), 'utf8'));
  const { campaigns, reasons } = json('tools/mutate/survivors.json') as Survivors;
  const fuzz = json('tools/fuzz/hours.json') as { date: string; seconds: number; texts: number };
  return `# Mutations and fuzzing

A line that a test runs is not yet a line that a test looks at. \`npm run mutate\` changes the code in one place at a time, as \`<\` to \`<=\` or a condition to \`true\`, and asks which tests fail.
A change that none notices is a hole of the tests, or one that nobody needs to notice: then it has a reason below. Before it judges anything it judges code of its own, whose every
change but one must be noticed.

## What was noticed

| Folder | Changes | Judged | Noticed | Of them by time | Not noticed, for a reason | For none | When |
| --- | --: | --: | --: | --: | --: | --: | --- |
${Object.entries(campaigns).map(rowFor(reasons)).join('\n')}

${notJudged(campaigns)} ${unexplained(campaigns, reasons)}A sample is drawn at random by its seed, and drawn again from the same seed and the same code it is the same. By time: a test waited in vain. Only the tests that stand beside the code, and some suites about it, are asked:
the browsers, runtimes, databases and frameworks that other tests start see none of the changes. \`npm run mutate -- scope\` judges a folder whole, and without a name all eight in a night.

## Why a change need not be noticed

| Changes | Reason |
| --: | --- |
${reasons.map(({ why, changes }) => `| ${changes.length} | ${why} |`).join('\n')}

Each stands in \`tools/mutate/survivors.json\` with its line, and a test fails when the line is gone.

## Fuzzing

\`npm run fuzz -- --minutes 10\` changes texts of the vectors by chance and gives them to everything that reads what strangers send: Cookie and Set-Cookie lines, dates, scopes, origins, the jar, saved
cookies, recordings, seals, session cookies and access tokens. It knows nothing of which code a text reaches. Until ${fuzz.date} it gave them ${fuzz.texts.toLocaleString('en-US')} texts in ${(fuzz.seconds / 3600).toFixed(2)} hours of the processor. A text that
breaks something is kept in \`tools/fuzz/found\` and is part of every test run from then on.
`;
}

function notJudged(campaigns: Survivors['campaigns']): string {
  const missing = folderNames.filter((name) => campaigns[name] === undefined);
  if (missing.length === 0) return 'Every folder was judged.';
  return `Not judged yet: ${missing.map((name) => `\`${name}\``).join(', ')}.`;
}

const rowFor =
  (reasons: Survivors['reasons']) =>
  ([name, one]: [string, Campaign]): string => {
    const end = one.drawn === undefined ? '' : ` of ${one.drawn}, not ended`;
    const judged = `${one.judged}${end}, ${one.seed === undefined ? 'all' : `seed ${one.seed}`}`;
    const share = Math.round((one.noticed / one.judged) * 100);
    const none = withoutReason(one, reasons).length;
    const counts = `${one.noticed} (${share} %) | ${one.late.length} | ${one.missed.length - none} | ${none}`;
    return `| \`${name}\` | ${one.changes} | ${judged} | ${counts} | ${one.date}, ${one.commit} |`;
  };

/** What a campaign did not notice, and nobody has said why it need not be. */
function withoutReason({ missed }: Campaign, reasons: Survivors['reasons']): string[] {
  const explained = new Set(reasons.flatMap(({ changes }) => changes));
  return missed.filter((id) => !explained.has(id));
}

/** What stands under the table where there is something to say of it. */
function unexplained(campaigns: Survivors['campaigns'], reasons: Survivors['reasons']): string {
  const all = Object.values(campaigns);
  const halves = all.some(({ drawn }) => drawn !== undefined)
    ? 'A campaign that has not ended judged the first files of its folder. '
    : '';
  const holes = all.flatMap((one) => withoutReason(one, reasons)).length;
  return holes === 0 ? halves : `${halves}What had no reason was a hole of the tests on that day. `;
}

const [, script] = process.argv;
if (script === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  writeFileSync(join(root, mutationTarget), expectedMutationPage(root));
  console.log(`${mutationTarget} is written.`);
}
