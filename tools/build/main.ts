// `npm run build`: dist/ from src/, the declarations by tsc and the code by rolldown.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.ts';
import { linkDeclarations } from './declarations.ts';

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
}
process.exitCode = status ?? 1;
