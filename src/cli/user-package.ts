import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Failure } from './command.ts';

/** A package by the name that was found. */
interface Found<Name extends string> {
  readonly name: Name;
  readonly exports: unknown;
}

/**
 * The first of these packages that the user's project has, or else one that is installed beside hallpass: drivers are theirs,
 * and hallpass depends on none.
 * @throws Failure, which says what to install
 */
export function userPackage<const Name extends string>(names: readonly Name[], needs: string): Found<Name> {
  for (const from of [join(process.cwd(), 'package.json'), import.meta.url]) {
    const load = createRequire(from);
    for (const name of names) {
      try {
        load.resolve(name);
      } catch {
        continue;
      }
      return { name, exports: load(name) };
    }
  }
  throw new Failure(`${needs} needs the package ${names.join(' or ')}: npm install ${names[0]}.`);
}
