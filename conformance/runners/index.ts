import { bun } from './bun.ts';
import { deno } from './deno.ts';
import { nodes } from './node.ts';
import type { Runtime } from './runtime.ts';
import { workers } from './workerd.ts';

/** Every runtime that hallpass promises to run on. */
export const runtimes: readonly Runtime[] = [...nodes, bun, deno, ...workers];
