import { type Check, problemsOf, run } from './check.ts';

/** Everything type-checks, and each published file's declarations can be written from that file alone. */
export const types: Check = {
  name: 'types',
  async run(root) {
    const all = await run(root, 'tsc', ['-p', 'tsconfig.json']);
    const published = await run(root, 'tsc', ['-p', 'tsconfig.build.json', '--noEmit']);
    const problems = [
      ...problemsOf('tsc', all.code, all.output),
      ...problemsOf('tsc', published.code, published.output),
    ];
    return { problems: [...new Set(problems)] };
  },
};
