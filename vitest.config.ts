import { configDefaults, defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import manifest from './package.json' with { type: 'json' };
import { TallyReporter } from './tools/test/reporter.ts';

/** Tests import the doors by their published names and run the source, without a build. */
const doors = Object.entries(manifest.exports)
  .filter(([, file]) => file.endsWith('.js'))
  .map(([door, file]) => ({
    find: new RegExp(`^hallpass${door.slice(1)}$`),
    replacement: new URL(file.replace('./dist/', './src/').replace(/\.js$/, '.ts'), import.meta.url).pathname,
  }));

/** The files that take longest. Begun last, one of them would run alone at the end while the other cores have nothing to do. */
const long =
  /\/(conformance\/(runtimes|frameworks\/frameworks)|e2e\/(front-desk|front-desk-journeys|cookie-attributes|clean-clone))\.test\.ts$/;

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification) => long.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

export default defineConfig({
  resolve: { alias: doors },
  test: {
    include: ['{src,examples,conformance,e2e,tools,docs,site,bench}/**/*.test.ts'],
    // The tests of applications run where the application is installed: npm run frameworks.
    exclude: [...configDefaults.exclude, 'conformance/frameworks/apps/**'],
    sequence: { sequencer: LongestFirst },
    setupFiles: ['tools/test/seed.ts'],
    // Tests start many processes that import src/: compiled once, they start in a quarter of the time. Node compares the source.
    env: { NODE_COMPILE_CACHE: new URL('node_modules/.cache/node', import.meta.url).pathname },
    testTimeout: 20_000,
    // Much of a run waits for browsers, servers and other processes: two files at a time, also where there are two cores (the default is one less).
    maxWorkers: 2,
    reporters: ['default', new TallyReporter()],
  },
});
