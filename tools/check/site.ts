import { type Check, problemsOf, run } from './check.ts';

/** The documents make a web site, and no link of it is dead. In CI: it takes most of a minute. */
export const site: Check = {
  name: 'site',
  async run(root) {
    if (process.env.CI === undefined) return { problems: [], idle: 'npm run site, or CI' };
    const { code, output } = await run(root, 'node', ['site/build.ts']);
    return { problems: problemsOf('site/build.ts', code, output) };
  },
};
