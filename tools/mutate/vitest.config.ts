import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mergeConfig } from 'vitest/config';
import base from '../../vitest.config.ts';
import { filesOf } from './folders.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const files = filesOf(process.env.HALLPASS_MUTATE ?? '');
const sources = JSON.parse(readFileSync(files.sources, 'utf8')) as Record<string, string>;

/** One worker runs one file, which runs all tests of the folder, again and again, over the code with the mutants in it. */
const { test, ...rest } = base;
export default mergeConfig(
  { ...rest, test: { ...test, include: undefined, reporters: undefined, sequence: undefined } },
  {
    resolve: {
      alias: [{ find: /^vitest$/, replacement: fileURLToPath(new URL('collect.ts', import.meta.url)) }],
    },
    plugins: [
      {
        name: 'mutants',
        enforce: 'pre',
        load: (id: string) => (id.startsWith(root) ? sources[id.slice(root.length)] : undefined),
      },
    ],
    test: {
      include: ['tools/mutate/campaign.ts'],
      globals: true,
      silent: true,
      reporters: ['dot'],
      maxWorkers: 1,
      fsModuleCachePath: join(files.folder, 'modules'), // the code differs from campaign to campaign
      dangerouslyIgnoreUnhandledErrors: true,
    },
  },
);
