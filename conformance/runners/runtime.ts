import { howToGet, locate, type PartName } from '../../tools/setup/parts.mjs';
import type { Result } from '../index.ts';
import type { World } from '../world.ts';
import type { Bundle } from './bundle.ts';

export type RuntimeName =
  | 'Node 22'
  | 'Node 24'
  | 'Node 26'
  | 'Bun'
  | 'Deno'
  | 'workerd'
  | 'workerd, nodejs_compat';

/** What runs the suites. */
export interface Runtime {
  readonly name: RuntimeName;
  /** The part that set-up brings; absent = package-lock.json does. */
  readonly part?: PartName;
  /** @param ca the certificate of the lab, PEM. */
  run(bundle: Bundle, world: World, ca: string): Promise<readonly Result[]>;
}

/** The path of a part. @throws Error that says how to get it. */
export function requirePart(part: PartName): string {
  const path = locate(part);
  if (path === undefined) throw new Error(`${part} is missing: type ${howToGet(part)}.`);
  return path;
}
