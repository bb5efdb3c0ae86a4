// Runs in Node, Bun and Deno: takes the world from its command line and prints the results as one line of JSON.
import { runSuites } from '../run.ts';
import type { World } from '../world.ts';

const world: World = JSON.parse(process.argv[2] ?? '{}');
console.log(JSON.stringify(await runSuites(world)));
process.exit();
