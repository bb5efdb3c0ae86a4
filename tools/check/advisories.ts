import { type Title, titlesIn } from '../docs/titles.ts';

const heading = '### Security: faults that were found before 0.2.0';

/** Faults of the changelog whose last column names no test, or one that is not there: a title, and its file in brackets. */
export function advisoryProblems(changelog: string, read: (file: string) => string | undefined): string[] {
  const section = changelog.split(`${heading}\n`)[1]?.split('\n### ')[0];
  if (section === undefined) return [`CHANGELOG.md has no "${heading}".`];
  const titles = new Map<string, Title[]>();
  const has = (file: string, text: string) => {
    const found = titles.get(file) ?? titlesIn(file, read(file) ?? '');
    titles.set(file, found);
    return found.some((title) => title.text === text);
  };
  const rows = section.split('\n').filter((line) => line.startsWith('| '));
  return rows.slice(2).flatMap((row) => {
    const cells = row.split(' | ');
    const named = [...(cells[3] ?? '').matchAll(/(?:^|<br>)(.+?) \(`([^`]+)`\)/g)];
    const fault = (cells[0] ?? '').slice(2);
    if (named.length === 0) return [`CHANGELOG.md: "${fault}" names no test.`];
    return named.flatMap(([, text = '', file = '']) =>
      has(file, text) ? [] : [`CHANGELOG.md: "${fault}" names "${text}" in ${file}, and it is not there.`],
    );
  });
}
