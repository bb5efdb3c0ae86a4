import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memoryStore } from '../../src/store/memory/index.ts';
import { storeContract } from '../../src/testing/store-contract/index.ts';
import { examplesBelow } from '../../tools/docs/examples.ts';
import { exampleFiles } from '../../tools/test/example-programs.ts';
import { ofTwo, raceSuite } from '../races/suite.ts';
import { overStore, overStoreOfUsers } from '../sessions/over-stores/suite.ts';
import { type EdgeRuntime, startEdge } from './edge-runtime.ts';
import { laterVersion } from './later-version.ts';

const timeout = 120_000;
const store = memoryStore();
const open = async () => store;
const contract = storeContract(async () => ({ open, close: async () => {} }));
const later = laterVersion(
  () => store,
  async () => {},
);
/** `npm run edge` runs the other races, and those of three: thousands of orders, and each call goes from one thread to another. */
const ofUsers = {
  contract,
  'races of two': raceSuite(
    ofTwo.filter((_, index) => index % 6 === 0),
    open,
  ),
  ...overStoreOfUsers(open),
};
const suites = { ...ofUsers, ...overStore(open), 'a later version': later };

/** Examples of docstrings: each is a worker of its own, which answers here at the place where it stands. */
const root = new URL('../..', import.meta.url).pathname;
const examples = examplesBelow(root, 'src/store').filter(({ on }) => on === 'workerd');
const files = exampleFiles(examples);

/** The worker beside this file, with the examples. */
function entry(): string {
  const worker = join(import.meta.dirname, 'worker.ts');
  const imports = examples.map(
    (one, index) => `import * as e${index} from ${JSON.stringify(files.fileOf(one))};`,
  );
  const places = examples.map(({ at }, index) => `${JSON.stringify(`/${at}`)}: e${index}`);
  const file = join(dirname(files.fileOf(examples[0]!)), 'entry.ts');
  writeFileSync(
    file,
    `${imports.join('\n')}
import worker, { clear, SessionShard } from ${JSON.stringify(worker)};
const examples = { ${places.join(', ')} };
export { SessionShard };
export default {
  async fetch(request, env) {
    const example = examples[new URL(request.url).pathname];
    if (example === undefined) return worker.fetch(request, env);
    await clear(env);
    return example.default.fetch(request, env);
  },
};
`,
  );
  return pathToFileURL(file).href;
}

let edge: EdgeRuntime;
beforeAll(async () => {
  edge = await startEdge(entry());
}, timeout);
afterAll(async () => {
  files[Symbol.dispose]();
  await edge?.[Symbol.asyncDispose]();
});

it('the examples of the docstrings run', { timeout }, async () => {
  const answers: Record<string, string> = {};
  for (const { at } of examples) answers[at.replace(/:.*/, '')] = await (await edge.fetch(`/${at}`)).text();
  expect(answers).toEqual({
    'src/store/d1/d1-store.ts': 'nobody',
    'src/store/durable-object/durable-store.ts': 'nobody',
    'src/store/durable-object/session-shard.ts': '0 sessions',
  });
});

it('the alarm of an object takes away what has expired, and is set again', { timeout }, async ({ task }) => {
  expect(await edge.ask(['one object', 'by itself', task.name])).toBe('');
});

for (const [name, stores] of [
  ['durableStore in workerd', ['one object', 'three objects']],
  ['d1Store in workerd', ['D1']],
] as const) {
  describe.each(stores)(`${name}: %s`, (place) => {
    // Of several objects each is as one is; `npm run edge` runs all.
    const all = place === 'three objects' ? ofUsers : suites;
    for (const [suite, cases] of Object.entries(all)) {
      describe(suite, () => {
        for (const { name } of cases)
          it(name, { timeout }, async () => {
            expect(await edge.ask([place, suite, name])).toBe('');
          });
      });
    }
  });
}
