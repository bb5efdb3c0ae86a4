import { type Check, problemsOf, run } from './check.ts';

/** Biome's rules and its format, warnings included. */
export const lint: Check = {
  name: 'lint',
  async run(root) {
    const { code, output } = await run(root, 'biome', [
      'check',
      '--error-on-warnings',
      '--max-diagnostics=50',
    ]);
    return { problems: problemsOf('biome', code, output) };
  },
};
