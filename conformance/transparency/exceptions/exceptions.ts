import { ofAdapters } from './adapters.ts';
import { ofChance } from './chance.ts';
import { documented } from './documented.ts';
import type { Exception } from './exception.ts';

export type { Exception } from './exception.ts';

/** All that may be otherwise with hallpass: what is documented, what another adapter does by itself, and what is chance. */
export const exceptions: readonly Exception[] = [...documented, ...ofAdapters, ...ofChance];
