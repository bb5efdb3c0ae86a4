// `npm run docs` writes docs/llms.txt from the contents of docs/README.md; `npm run check` fails when the two differ.
import { readFileSync, writeFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { contentsOf, type Entry } from './contents.ts';

export const llmsTarget = 'docs/llms.txt';

const introduction = `# hallpass

> Cookies, sessions and credentials on both ends of HTTP, for TypeScript. One package with an entry point for each job: \`hallpass/session\`, \`hallpass/client\`, \`hallpass/express\` and others. ES modules; Node 22.19 and newer, Bun, Deno, Cloudflare Workers.

When you write code with hallpass:

- Write durations with their unit: \`'30m'\`, \`'12h'\`, \`'500ms'\`. A bare number is seconds, never milliseconds.
- A session is opened and written; the middleware commits it with the answer. There is no \`save()\` and no \`regenerate()\`: \`session.login(userId)\` changes the id.
- Count with \`session.update(key, fn)\`: two requests at once lose nothing. \`session.set\` keeps the last value.
- List the public address of the application in \`origins\`, as the browser shows it. Do not switch the check of cross-site requests off.
- Define a cookie once with \`defineCookie\`, and set, read and delete it by its definition.
- In the client, give a secret a scope: \`bearer(token, { for: 'https://api.example.com' })\`. Never strip or add Authorization in a hook, and do not follow redirects by hand: the client judges each secret at every hop.
- When something did not arrive, ask for the reason: \`traceOf(response)\`, \`npx hallpass trace URL\`, \`npx hallpass why CODE\`. Do not guess.
- A TypeError is a mistake in the program, and its sentence says the fix. A HallpassError has a \`code\`. What a rule refuses is a verdict.
- Test with \`createTestClient\` and \`testClock\` of \`hallpass/testing\`; do not wait for time to pass.

Everything below in one file: llms-full.txt, beside this one on the web site.
`;

/** Pages that a program that writes code has no use for as text: proofs, measurements, lists of tests. */
const leftOut = new Set([
  'promises',
  'asvs',
  'articles',
  'browsers',
  'performance',
  'threat-model',
  'mutation',
  'decisions/README',
]);

/** docs/llms.txt as it should be. */
export function expectedLlms(root: string): string {
  const chapters = contentsOf(root).map(({ title, entries }) => {
    const lines = entries.map((entry) => {
      const about = entry.about === '' ? '' : `: ${entry.about.replaceAll('`', '')}`;
      return `- [${entry.title}](${posix.relative('docs', entry.file)}${entry.anchor})${about}`;
    });
    return `## ${title}\n\n${lines.join('\n')}\n`;
  });
  return `${introduction}\n${chapters.join('\n')}`;
}

/** The README and the guides, one after another. */
export function fullText(root: string): string {
  const files = contentsOf(root)
    .flatMap(({ entries }) => entries)
    .filter(isForPrograms)
    .map(({ file }) => file);
  return ['README.md', ...new Set(files)]
    .map((file) => `<!-- ${file} -->\n\n${readFileSync(join(root, file), 'utf8')}`)
    .join('\n');
}

const isForPrograms = ({ file }: Entry) => !leftOut.has(file.replace(/^docs\/|\.md$/g, ''));

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  writeFileSync(`${root}/${llmsTarget}`, expectedLlms(root));
  console.log(`${llmsTarget} is written.`);
}
