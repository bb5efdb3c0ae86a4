import { existsSync, readFileSync } from 'node:fs';

/** The versions that the bench asks for, by name. */
export const pinned: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
).dependencies;

/** `name@version` of an installed package, for the record. @throws Error for one that is another than the version pinned */
export function versionOf(name: string): string {
  // The bench's own packages, then those of the repository; Bun has no findPackageJSON.
  const manifest = ['../node_modules', '../../node_modules']
    .map((folder) => new URL(`${folder}/${name}/package.json`, import.meta.url))
    .find((file) => existsSync(file));
  if (manifest === undefined) throw new Error(`${name} is not installed.`);
  const { version } = JSON.parse(readFileSync(manifest, 'utf8'));
  const asked = pinned[name] ?? version;
  if (/^\d/.test(asked) && asked !== version)
    throw new Error(`${name} is installed as ${version}, and pinned as ${asked}: npm install.`);
  return `${name}@${version}`;
}
