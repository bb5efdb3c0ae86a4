import type { Manifest, Owner } from './stage.ts';

/** Scripts that npm would run on the machine of whoever installs the package. */
const installScripts = ['preinstall', 'install', 'postinstall', 'preprepare', 'prepare', 'postprepare'];

/**
 * What stands between this repository and a release; each a sentence that says what to do.
 * @param tag the tag that asks for the release, where one does
 * @param newestList the newest version of tldts, whose Public Suffix List the jar has packed; `undefined` where nobody could say
 */
export function releaseFindings(
  manifest: Manifest,
  owner: Owner,
  changelog: string,
  tarballs: readonly [Uint8Array, Uint8Array],
  newestList: string | undefined,
  tag?: string,
): string[] {
  const { version, scripts = {} } = manifest;
  const list = (manifest.devDependencies as Record<string, string> | undefined)?.tldts;
  const dependencies = Object.entries((manifest.dependencies ?? {}) as Record<string, string>);
  return [
    ...Object.entries(owner)
      .filter(([, address]) => !/^(git\+)?https:\/\/[^/]+\/./.test(address))
      .map(([key]) => `tools/release/owner.json: fill "${key}" with its https address.`),
    ...installScripts
      .filter((name) => name in scripts)
      .map((name) => `package.json: the script ${name} would run at an install; take it out.`),
    ...dependencies
      .filter(([, range]) => !range.startsWith('^'))
      .map(
        ([name]) => `package.json: ${name} is not taken by caret, so its fixes would not reach our users.`,
      ),
    ...(changelog.includes(`\n## [${version}]`)
      ? []
      : [`CHANGELOG.md: no heading "## [${version}]"; write what has changed under it.`]),
    ...(list === newestList
      ? []
      : [
          `The Public Suffix List is that of tldts ${list}, and the newest is ${newestList ?? 'unknown: npm did not answer'}: npm install --save-dev --save-exact tldts@latest && npm run suffixes.`,
        ]),
    ...(tag === undefined || tag === `v${version}`
      ? []
      : [
          `The tag ${tag} is not that of package.json, which is v${version}: set the version, or another tag.`,
        ]),
    ...(Buffer.compare(...tarballs) === 0
      ? []
      : ['Two builds made two different packages: something in them depends on the time or the machine.']),
  ];
}
