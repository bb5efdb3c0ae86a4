// `npm run docs` writes docs/threat-model.md from threats.ts and the titles of the tests; `npm run check` fails when they differ.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Attacker, attackers, notPromised } from './threats.ts';
import { partsOf, proofCell, type Title, titlesBelow } from './titles.ts';

export const threatModelTarget = 'docs/threat-model.md';

const introduction = `# Threat model

What hallpass protects, from whom, what it promises against each, and the test that proves it; then what it does not promise. A hole in a row of these tables is a vulnerability:
[SECURITY.md](../SECURITY.md) says where to report it.

**What is worth protecting**: that a visitor is who the session says; that a session ends when it should; what sessions hold; credentials of a client, and where they go; the keys that seal and sign.

**What is trusted**: the process and its configuration, the keys, the store to do what its contract says, the browser to keep cookies as rfc6265bis says, TLS, the runtime's random numbers and clock.

This page is written by \`npm run docs\` from tools/docs/threats.ts. A row whose test is gone fails \`npm run check\`.
`;

/** docs/threat-model.md as it should be, for the repository at `root`. */
export function expectedThreatModel(root: string): string {
  return renderThreatModel(titlesBelow(root, /./), attackers);
}

/** @throws Error for a row that names no test, and for a test that is not there */
export function renderThreatModel(titles: readonly Title[], all: readonly Attacker[]): string {
  const bySentence = new Map<string, Title[]>();
  for (const title of titles) {
    const { sentence } = partsOf(title.text);
    if (title.file.endsWith('.test.ts') || title.file.startsWith('conformance/')) {
      bySentence.set(sentence, [...(bySentence.get(sentence) ?? []), title]);
    }
  }
  const sections = all.map(({ who, can, threats }) => {
    const rows = threats.map(({ tries, holds, proofs }) => {
      if (proofs.length === 0) throw new Error(`"${tries}" names no test.`);
      const cells = proofs.flatMap((proof) => {
        const found = bySentence.get(proof);
        if (found === undefined) throw new Error(`"${tries}" names "${proof}", and no test has that title.`);
        return found.map(proofCell);
      });
      return `| ${tries} | ${holds} | ${cells.join('<br>')} |`;
    });
    return [
      `## ${who}`,
      '',
      can,
      '',
      '| Tries to | What holds | What proves it |',
      '| --- | --- | --- |',
      ...rows,
      '',
    ];
  });
  const not = notPromised.map(([what, why]) => `| ${what} | ${why} |`);
  const last = [
    '## What is not promised',
    '',
    '| Do not count on it that … | because |',
    '| --- | --- |',
    ...not,
    '',
  ];
  return `${introduction}\n${[...sections.flat(), ...last].join('\n')}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  writeFileSync(`${root}/${threatModelTarget}`, expectedThreatModel(root));
  console.log(`${threatModelTarget} is written.`);
}
