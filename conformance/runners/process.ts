// Runs in Node, Bun and Deno: takes the world from its command line and prints the results as one line of JSON.
import { createRequire } from 'node:module';
import { runSuites } from '../run.ts';
import type { World } from '../world.ts';

// Express, Fastify and what they are made of are CommonJS: bundled, they still ask for Node's own modules in this way.
Object.assign(globalThis, { require: createRequire(import.meta.url) });

const world: World = JSON.parse(process.argv[2] ?? '{}');
console.log(JSON.stringify(await runSuites(world)));
process.exit();
