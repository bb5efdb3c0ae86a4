import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'hallpass-setup-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** A process that runs a few lines of set-up. Its output grows in `printed`; `shows` waits for a part of it. */
function start(lines: string, environment: NodeJS.ProcessEnv = process.env) {
  const modules = ['lock', 'packages', 'step'].map((name) => [
    name,
    new URL(`${name}.mjs`, import.meta.url).href,
  ]);
  const imports = modules.map(([name, url]) => `import * as ${name} from ${JSON.stringify(url)};`).join('\n');
  const child = spawn(
    process.execPath,
    ['--input-type=module', '-e', `${imports}\nconst root = process.cwd();\n${lines}`],
    {
      cwd: root,
      env: environment,
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (printed += text));
  return {
    child,
    closed: once(child, 'close').then(([code]) => ({ code, printed })),
    async shows(part: string) {
      while (!printed.includes(part)) await once(child.stdout, 'data');
    },
  };
}

/** An empty project whose packages npm can bring without a network: a command `node`, as ours has. */
function makeProject() {
  const files = {
    'package.json': { name: 'project', version: '1.0.0', dependencies: { here: 'file:here' } },
    'here/package.json': { name: 'here', version: '1.0.0', bin: { node: 'node.js' } },
    'package-lock.json': {
      name: 'project',
      version: '1.0.0',
      lockfileVersion: 3,
      packages: {
        '': { name: 'project', version: '1.0.0', dependencies: { here: 'file:here' } },
        here: { version: '1.0.0', bin: { node: 'node.js' } },
        'node_modules/here': { resolved: 'here', link: true },
      },
    },
  };
  mkdirSync(join(root, 'here'));
  writeFileSync(join(root, 'here/node.js'), '');
  for (const [file, content] of Object.entries(files))
    writeFileSync(join(root, file), JSON.stringify(content));
}

test('of set-ups that begin at once in a new folder, one brings the packages and the others find them', async () => {
  makeProject();
  const each = await Promise.all(
    [1, 2].map(
      () => start('await packages.ensurePackages(root); console.log(packages.whyInstall(root));').closed,
    ),
  );
  expect(each.map(({ code, printed }) => [code, printed.endsWith('undefined\n')])).toEqual(
    Array(2).fill([0, true]),
  );
  expect(each.filter(({ printed }) => printed.includes('installing packages: done'))).toHaveLength(1);
});

/** Takes the lock of the folder, and runs a command that ends when the test lets it. */
const atWork = `await lock.bringOnce(lock.folderLock(root), () => 'all', async (_what, taken) => {
  console.log('taken');
  await step.run('working', 'cat', ['fifo'], { lock: taken });
  console.log('left');
});`;

function letEnd(fifo: string) {
  closeSync(openSync(fifo, 'w'));
}

test.each(['flock', 'perl'])(
  'who comes second says for whom it waits, and looks again when that one is done (%s)',
  async (locker) => {
    const bin = join(root, 'bin');
    mkdirSync(bin);
    for (const command of [locker, 'cat'])
      execFileSync('ln', ['-s', execFileSync('which', [command]).toString().trim(), bin]);
    const fifo = join(root, 'fifo');
    execFileSync('mkfifo', [fifo]);
    const first = start(atWork, { PATH: bin });
    await first.shows('taken');
    const second = start(
      `let looks = 0;
     const missing = () => (looks++ === 0 ? 'all' : undefined);
     await lock.bringOnce(lock.folderLock(root), missing, () => console.log('brought'));
     console.log('looked', looks);`,
      { PATH: bin },
    );
    await second.shows(`waiting for the set-up that process ${first.child.pid} began …`);
    letEnd(fifo);
    expect((await first.closed).printed).toContain('left');
    const { printed } = await second.closed;
    expect(printed).toContain('looked 2');
    expect(printed).not.toContain('brought');
  },
);

test('after a set-up that was killed the next one waits for the command that it left behind, then goes on', async () => {
  const fifo = join(root, 'fifo');
  execFileSync('mkfifo', [fifo]);
  const first = start(atWork);
  await first.shows('working …');
  const second = start(
    `await lock.bringOnce(lock.folderLock(root), () => 'all', async () => console.log('brought'));`,
  );
  await second.shows('waiting');
  first.child.kill('SIGKILL');
  await once(first.child, 'exit');
  letEnd(fifo);
  expect((await second.closed).printed).toMatch(/waiting.*: done.*brought/s);
  expect(readFileSync(join(root, '.setup.lock'), 'utf8')).toBe(`${second.child.pid}\n`);
});
