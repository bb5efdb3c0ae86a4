// `npm run build`: dist/ from src/, the declarations by tsc and the code by rolldown; then the front desk's playground.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.ts';
import { linkDeclarations } from './declarations.ts';
import { bundlePlayground } from './playground.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
rmSync(join(root, 'dist'), { recursive: true, force: true });
const tsc = join(root, 'node_modules/.bin/tsc');
const { status } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
});
if (status === 0) {
  linkDeclarations(join(root, 'dist'));
  await bundle(root);
  await bundlePlayground(root);
}
process.exitCode = status ?? 1;
