import type { Case } from '../case.ts';
import { drive } from './drive.ts';
import { driveNext } from './drive-next.ts';
import { driveNuxt } from './drive-nuxt.ts';

/** An application on somebody's framework: a folder of apps/, with the exact versions in its package.json. */
export interface App {
  readonly name: string;
  /** As the table of the guide calls it. */
  readonly title: string;
  /** The package whose version the table tells. */
  readonly framework: string;
  /** What it is mounted with. */
  readonly entryPoint: string;
  /** The files that make the pipeline and mount it. */
  readonly glue: readonly string[];
  /** The command of Node that makes the production build. Default: it has none. */
  readonly build?: readonly string[];
  /** What serves it. Default: Node. */
  readonly runtime?: 'bun';
  /** The command of Node, or Bun, that serves it. `PORT` and `ORIGIN` are set. */
  readonly start: readonly string[];
  cases(base: string): Case[];
}

export const apps: readonly App[] = [
  {
    name: 'next',
    title: 'Next.js, app router',
    framework: 'next',
    entryPoint: 'hallpass/next',
    glue: ['lib/pass.ts', 'proxy.ts'],
    build: ['node_modules/next/dist/bin/next', 'build'],
    start: ['node_modules/next/dist/bin/next', 'start'],
    cases: (base) => [...drive(base), ...driveNext(base)],
  },
  {
    name: 'h3',
    title: 'h3 2',
    framework: 'h3',
    entryPoint: 'hallpass/h3',
    glue: ['pass.ts'],
    start: ['app.ts'],
    cases: drive,
  },
  {
    name: 'elysia',
    title: 'Elysia, on Bun',
    framework: 'elysia',
    entryPoint: 'hallpass/server',
    glue: ['pass.ts'],
    runtime: 'bun',
    start: ['app.ts'],
    cases: drive,
  },
  {
    name: 'nuxt',
    title: 'Nuxt 4 (Nitro 2, h3 1)',
    framework: 'nuxt',
    entryPoint: 'hallpass/h3',
    glue: ['server/utils/pass.ts', 'server/middleware/0.hallpass.ts', 'server/plugins/hallpass.ts'],
    build: ['node_modules/nuxt/bin/nuxt.mjs', 'build'],
    start: ['.output/server/index.mjs'],
    cases: (base) => [...drive(base), ...driveNuxt(base)],
  },
  {
    name: 'sveltekit',
    title: 'SvelteKit',
    framework: '@sveltejs/kit',
    entryPoint: 'hallpass/server',
    glue: ['src/lib/server/pass.ts', 'src/hooks.server.ts', 'src/app.d.ts'],
    build: ['node_modules/vite/bin/vite.js', 'build'],
    start: ['build/index.js'],
    cases: drive,
  },
  {
    name: 'koa',
    title: 'Koa',
    framework: 'koa',
    entryPoint: 'hallpass/node',
    glue: ['pass.ts'],
    start: ['app.ts'],
    cases: drive,
  },
];
