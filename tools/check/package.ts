import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { linksOf } from '../docs/links.ts';
import { placeOf } from '../release/page.ts';
import { layOut, ownerOf, pack } from '../release/stage.ts';
import { type Check, problemsOf, run } from './check.ts';
import { olderPeersProblems } from './older-peers.ts';

interface Manifest {
  bin: Record<string, string>;
  exports: Record<string, string>;
}

/** What a published package holds besides dist/ and the pages of docs/; npm always adds package.json, README and LICENSE. */
const besideDist = ['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md'];

/** What is published is whole and clean, its doors and types resolve for every consumer, and it installs beside older frameworks. */
export const packageTruth: Check = {
  name: 'package',
  async run(root) {
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
    const folder = mkdtempSync(join(tmpdir(), 'hallpass-pack-'));
    try {
      const content = layOut(root, folder, ownerOf(root));
      const { tarball, files } = pack(content, folder);
      return {
        problems: [
          ...contentProblems(manifest, files),
          ...pageProblems(files, (file) => readFileSync(join(content, file), 'utf8')),
          ...binProblems(root, manifest),
          ...(await publintProblems(tarball)),
          ...(await typesProblems(root, tarball)),
          ...(await olderPeersProblems(folder, tarball)),
        ],
      };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** Files that are missing from the package, and files that have no business in it. */
export function contentProblems(manifest: Manifest, files: readonly string[]): string[] {
  const packed = new Set(files);
  const promised = [...Object.values(manifest.exports), ...Object.values(manifest.bin)]
    .map((file) => file.replace(/^\.\//, ''))
    .flatMap((file) => (file.endsWith('.js') ? [file, file.replace(/\.js$/, '.d.ts')] : [file]));
  const missing = [...new Set([...promised, ...besideDist])].filter((file) => !packed.has(file));
  const expected =
    /^dist\/(?!.*\.test\.).+\.(js|js\.map|d\.ts)$|^docs\/.+\.md$|^docs\/llms\.txt$|^examples\/[^/]+\/README\.md$/;
  const strange = files.filter((file) => !expected.test(file) && !besideDist.includes(file));
  return [
    ...missing.map((file) => `the package lacks ${file}`),
    ...strange.map(
      (file) =>
        `the package holds ${file}, which is neither code, nor a page, nor one of ${besideDist.join(', ')}`,
    ),
  ];
}

/** Links of the packed pages to what was not packed. */
export function pageProblems(files: readonly string[], read: (file: string) => string): string[] {
  const published = new Set(files);
  return files
    .filter((file) => /\.(md|txt)$/.test(file))
    .flatMap((file) =>
      linksOf(read(file))
        .map((link) => placeOf(file, link))
        .filter((place) => place !== undefined && !published.has(place))
        .map((place) => `${file}: a link leads to ${place}, which is not in the package`),
    );
}

/** A command starts with the line that makes Node run it. */
function binProblems(root: string, manifest: Manifest): string[] {
  return Object.entries(manifest.bin).flatMap(([name, file]) => {
    const path = join(root, file);
    const begin = existsSync(path) ? readFileSync(path, 'utf8') : '';
    return begin.startsWith('#!/usr/bin/env node')
      ? []
      : [`the command ${name} (${file}) lacks #!/usr/bin/env node`];
  });
}

async function publintProblems(tarball: string): Promise<string[]> {
  const file = readFileSync(tarball);
  const data = file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength);
  const { messages, pkg } = await publint({ pack: { tarball: data }, level: 'warning', strict: true });
  return messages.map(
    (message) => `publint: ${formatMessage(message, pkg, { color: false }) ?? message.code}`,
  );
}

/**
 * Are the types wrong? The package is ESM only: `esm-only` leaves out what a consumer by `require` without `require(esm)`
 * and one with TypeScript's `node10` resolution would see, for neither of which it is meant.
 */
async function typesProblems(root: string, tarball: string): Promise<string[]> {
  const { code, output } = await run(root, 'attw', [
    tarball,
    '--profile',
    'esm-only',
    '--no-emoji',
    '--format',
    'ascii',
  ]);
  if (code === 0) return [];
  // Its JSON is cut off at the size of a pipe, so read the lists: a door in quotation marks, then a line for each resolution.
  const problems: string[] = [];
  let door = '';
  for (const line of output.split('\n')) {
    if (line.startsWith('"')) door = line;
    else if (/^(node16 \(from ESM\)|bundler): (?!OK)/.test(line)) problems.push(`attw: ${door}, ${line}`);
  }
  return problems.length > 0 ? problems : problemsOf('attw', code, output);
}
