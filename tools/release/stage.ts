import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { publishedPage } from './page.ts';

/** The addresses of the project. They stand in owner.json, which whoever publishes fills: none is made up here. */
export interface Owner {
  readonly repository: string;
  readonly homepage: string;
  readonly bugs: string;
}

export function ownerOf(root: string): Owner {
  return JSON.parse(readFileSync(join(root, 'tools/release/owner.json'), 'utf8')) as Owner;
}

export type Manifest = Record<string, unknown> & {
  readonly name: string;
  readonly version: string;
  readonly scripts?: Readonly<Record<string, string>>;
};

/** What only those need who work in the repository. */
const ofTheRepository = ['devDependencies', 'workspaces', 'scripts'];

/** The manifest as it is published. */
export function publishedManifest(manifest: Manifest, owner: Owner): Manifest {
  const kept = Object.entries(manifest).filter(([key]) => !ofTheRepository.includes(key));
  const addresses = Object.entries(owner).filter(([, address]) => address !== '');
  return Object.fromEntries([...kept, ...addresses]) as Manifest;
}

/** Builds the package and packs it, exactly as it is published. */
export function stage(root: string, folder: string, owner: Owner): string {
  rmSync(folder, { recursive: true, force: true });
  npm(root, ['run', 'build']);
  return pack(layOut(root, folder, owner), folder).tarball;
}

/** Lays out in a folder what is published of what stands built. Returns where it lies, for {@link pack}. */
export function layOut(root: string, folder: string, owner: Owner): string {
  const { files } = packed(npm(root, ['pack', '--dry-run', '--json', '--ignore-scripts']));
  const manifest = publishedManifest(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')), owner);
  const content = join(folder, manifest.name);
  const published = new Set(files);
  for (const path of files) {
    mkdirSync(dirname(join(content, path)), { recursive: true });
    if (!path.endsWith('.md')) cpSync(join(root, path), join(content, path));
    else
      writeFileSync(
        join(content, path),
        publishedPage(path, readFileSync(join(root, path), 'utf8'), published),
      );
  }
  writeFileSync(join(content, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  return content;
}

/** Packs what lies in a folder. Returns the path of the tarball, and those of its files. */
export function pack(content: string, folder: string): { tarball: string; files: string[] } {
  const { filename, files } = packed(
    npm(content, ['pack', '--json', '--ignore-scripts', '--pack-destination', folder]),
  );
  return { tarball: join(folder, filename), files };
}

/** npm 11 prints a list of packages, npm 12 an object by package name. */
function packed(json: string): { filename: string; files: string[] } {
  const [one] = Object.values(
    JSON.parse(json) as Record<string, { filename: string; files: { path: string }[] }>,
  );
  if (one === undefined) throw new Error('npm pack named no package');
  return { filename: one.filename, files: one.files.map(({ path }) => path) };
}

/** The bill of materials, in CycloneDX, of what was laid out in a folder: npm calls the component as the folder is called. */
export function billOfMaterials(content: string): string {
  npm(content, [
    'install',
    '--package-lock-only',
    '--ignore-scripts',
    '--omit=dev',
    '--omit=optional',
    '--no-audit',
  ]);
  try {
    return npm(content, ['sbom', '--package-lock-only', '--omit=dev', '--sbom-format=cyclonedx']);
  } finally {
    rmSync(join(content, 'package-lock.json'), { force: true });
  }
}

function npm(cwd: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync('npm', args, { cwd, encoding: 'utf8', maxBuffer: 64 << 20 });
  if (status !== 0) throw new Error(`npm ${args.join(' ')} ended with ${status}:\n${stdout}${stderr}`);
  return stdout;
}
