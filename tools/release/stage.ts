import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The addresses of the project. They stand in owner.json, which whoever publishes fills: none is made up here. */
export interface Owner {
  readonly repository: string;
  readonly homepage: string;
  readonly bugs: string;
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

/** Lays the package out in a folder, exactly as it is published, and packs it. */
export function stage(root: string, folder: string, owner: Owner): string {
  rmSync(folder, { recursive: true, force: true });
  npm(root, ['run', 'build']);
  const [{ files }] = JSON.parse(npm(root, ['pack', '--dry-run', '--json', '--ignore-scripts'])) as [
    { files: { path: string }[] },
  ];
  const content = join(folder, 'package');
  for (const { path } of files) {
    mkdirSync(dirname(join(content, path)), { recursive: true });
    cpSync(join(root, path), join(content, path));
  }
  const manifest = publishedManifest(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')), owner);
  writeFileSync(join(content, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  const [packed] = JSON.parse(
    npm(content, ['pack', '--json', '--ignore-scripts', '--pack-destination', folder]),
  ) as [{ filename: string }];
  return join(folder, packed.filename);
}

/** The bill of materials of the staged package, in CycloneDX. */
export function billOfMaterials(folder: string): string {
  const content = join(folder, 'package');
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
