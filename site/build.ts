// `npm run site`: the documents as a web site in site/dist/html, with search, an API reference and llms.txt. The front desk serves it under /docs.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { playgroundFiles } from '../examples/front-desk/playground/files.ts';
import { fullText } from '../tools/docs/llms.ts';
import type { Owner } from '../tools/release/stage.ts';
import { deadLinks } from './dead-links.ts';
import { frontPage } from './front-page.ts';
import { namelessMarks } from './marks.ts';
import { navigation } from './navigation.ts';
import { pagesOf } from './pages.ts';
import { withReferenceLinks } from './reference-links.ts';
import { searchProblems } from './search-problems.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const site = join(root, 'site');
const pages = join(site, 'dist/pages');
const html = join(site, 'dist/html');

installPackages();
rmSync(join(site, 'dist'), { recursive: true, force: true });

const { repository } = JSON.parse(readFileSync(join(root, 'tools/release/owner.json'), 'utf8')) as Owner;
const sources = repository === '' ? undefined : `${repository.replace(/^git\+|\.git$/g, '')}/blob/main`;
const documents = pagesOf(root, sources);
for (const [place, text] of documents) write(join(pages, place), text);
// Its tables need the whole width.
write(join(pages, 'comparison.md'), `---\naside: false\n---\n\n${documents.get('comparison.md')}`);
write(join(pages, 'index.md'), frontPage(documents.get('index.md') ?? ''));
copyLogo();
writeReference();
write(join(pages, 'api.md'), withReferenceLinks(documents.get('api.md') ?? '', referenceOf));
const reference = globSync('reference/**/*.md', { cwd: pages }).map((file) => file.replace(/\.md$/, ''));
write(join(site, 'dist/navigation.json'), JSON.stringify(navigation(root, reference.sort())));

run('VitePress', 'vitepress/bin/vitepress.js', ['build', site]);
for (const [place, text] of documents) write(join(html, place), text); // each page as it was written, too
write(join(html, 'llms-full.txt'), fullText(root));
copyPlayground();
const base = process.env.SITE_BASE ?? '/docs/';
const dead = deadLinks(html, base);
const misled = await searchProblems(html, base);
const nameless = namelessMarks(html);
for (const problem of [...dead, ...misled, ...nameless]) console.log(`✗ ${problem}`);
console.log(
  `${html}: ${globSync('**/*.html', { cwd: html }).length} pages, ${dead.length} dead links, ${misled.length} searches that mislead, ${nameless.length} with marks that have no name`,
);
process.exitCode = dead.length + misled.length + nameless.length === 0 ? 0 : 1;

/** The page that judges what is pasted, as the front desk has it: it needs no server. */
function copyPlayground() {
  const from = join(root, 'examples/front-desk/playground');
  if (!existsSync(join(from, playgroundFiles['playground.js'])))
    throw new Error('The script of the playground is not there: npm run build comes first.');
  mkdirSync(join(html, 'playground'), { recursive: true });
  for (const [path, file] of Object.entries(playgroundFiles))
    copyFileSync(join(from, file), join(html, 'playground', path));
}

/** The hall pass of the front desk: the site's mark, and its icon in browsers. */
function copyLogo() {
  mkdirSync(join(pages, 'public'), { recursive: true });
  copyFileSync(join(root, 'examples/front-desk/public/favicon.svg'), join(pages, 'public/logo.svg'));
}

function referenceOf(entryPoint: string): string | undefined {
  const file = join(pages, `reference/${entryPoint}.md`);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/** A page for each entry point, from the docstrings. TypeDoc needs a TypeScript with an interface for programs, which 7 has not. */
function writeReference() {
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    exports: Record<string, string>;
  };
  const files = Object.values(exports)
    .filter((file) => file.endsWith('.js'))
    .map((file) => join(root, file.replace('./dist/', 'src/').replace(/\.js$/, '.ts')));
  const options = {
    entryPoints: files,
    tsconfig: join(site, 'tsconfig.json'),
    plugin: ['typedoc-plugin-markdown', join(site, 'reference.mjs')],
    out: join(pages, 'reference'),
    name: 'Entry points',
    readme: 'none',
    outputFileStrategy: 'modules',
    entryFileName: 'index',
    groupOrder: ['Functions', 'Classes', 'Variables', 'Interfaces', 'Type Aliases'],
    ...{ skipErrorChecking: true, disableSources: true, excludePrivate: true, excludeInternal: true },
    ...{ hidePageHeader: true, hideBreadcrumbs: true, useCodeBlocks: true },
    ...{ parametersFormat: 'table', interfacePropertiesFormat: 'table', typeDeclarationFormat: 'table' },
    validation: { notExported: false, invalidLink: false },
    logLevel: 'Warn',
  };
  const file = join(site, 'dist/typedoc.json');
  write(file, JSON.stringify(options));
  run('TypeDoc', 'typedoc/bin/typedoc', ['--options', file]);
}

/** Those of site/package-lock.json, unless they stand. No script of them runs. */
function installPackages() {
  const lock = readFileSync(join(site, 'package-lock.json'), 'utf8');
  const stamp = join(site, 'node_modules/.installed');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  console.log('Installing VitePress and TypeDoc.');
  const { status, stdout, stderr } = spawnSync(
    'npm',
    ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'],
    { cwd: site, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`npm ci in site/ ended with ${status}:\n${stdout}${stderr}`);
  writeFileSync(stamp, lock);
}

function run(name: string, file: string, args: readonly string[]) {
  const begin = performance.now();
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(site, 'node_modules', file), ...args],
    {
      cwd: site,
      encoding: 'utf8',
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' },
      maxBuffer: 64 << 20,
    },
  );
  if (status !== 0) throw new Error(`${name} ended with ${status}:\n${stdout}${stderr}`);
  if (stderr.trim() !== '') console.log(stderr.trim());
  console.log(`${name}: ${((performance.now() - begin) / 1000).toFixed(1)} s`);
}

function write(file: string, text: string) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
