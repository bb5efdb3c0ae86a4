import { type Check, problemsOf, run } from './check.ts';

/** dist/ is built from what stands in src/; the checks of doors and of the package look at it. */
export const build: Check = {
  name: 'build',
  async run(root) {
    const { code, output } = await run(root, 'node', ['tools/setup/main.mjs', 'start']);
    return { problems: problemsOf('the build', code, output) };
  },
};
