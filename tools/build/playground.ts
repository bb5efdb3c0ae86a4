import { join } from 'node:path';
import { rolldown } from 'rolldown';

/** The script of the playground, which runs our kernel in the browser: examples/front-desk/playground/dist, from dist/ and its own sources. */
export async function bundlePlayground(root: string): Promise<void> {
  const folder = join(root, 'examples/front-desk/playground');
  const code = await rolldown({
    input: { playground: join(folder, 'page.ts') },
    platform: 'browser',
    treeshake: { moduleSideEffects: false },
    transform: { target: 'es2023' },
  });
  await code.write({
    dir: join(folder, 'dist'),
    format: 'esm',
    minify: true,
    comments: false,
    codeSplitting: false,
  });
  await code.close();
}
