import { execFile } from 'node:child_process';
import * as crypto from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startupSnapshot } from 'node:v8';
import { rolldown } from 'rolldown';
import { expect, it, vi } from 'vitest';
import { nodePrimitives } from './node.ts';
import { keyLength, nonceLength } from './primitives.ts';

const run = promisify(execFile);

/** A program that has drawn by the time the snapshot is made, and draws again once it runs. Keys cannot be in a snapshot: Node aborts. */
const program = `
import { startupSnapshot } from 'node:v8';
import { randomText } from './index.ts';
randomText(16);
startupSnapshot.setDeserializeMainFunction(() => console.log(randomText(16)));
`;

it('a build snapshot holds no random bytes: each process that starts from it draws its own', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hallpass-snapshot-'));
  try {
    const entry = fileURLToPath(new URL('snapshot-entry.ts', import.meta.url));
    const bundle = await rolldown({
      input: entry,
      platform: 'node',
      tsconfig: false,
      plugins: [
        {
          name: 'program',
          resolveId: (id) => (id === entry ? id : null),
          load: (id) => (id === entry ? program : null),
        },
      ],
    });
    const { output } = await bundle.generate({ format: 'cjs', codeSplitting: false });
    await bundle.close();
    const [script, blob] = [join(folder, 'entry.cjs'), join(folder, 'snapshot.blob')];
    writeFileSync(script, output[0].code);
    await run(process.execPath, ['--snapshot-blob', blob, '--build-snapshot', script]);
    const start = async () => (await run(process.execPath, ['--snapshot-blob', blob])).stdout;
    const [one, other] = await Promise.all([start(), start()]);
    expect(one).toMatch(/^[\w-]{22}\n$/);
    expect(other).not.toBe(one);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('nonces come from no pool while a snapshot is made, and from one before and after', () => {
  const drawn: number[] = [];
  const randomBytes = (count: number) => {
    drawn.push(count);
    return crypto.randomBytes(count);
  };
  const counted = { ...crypto, randomBytes } as typeof crypto;
  const draw = () => {
    drawn.length = 0;
    const { encrypt } = nodePrimitives(counted).cipher(new Uint8Array(keyLength));
    const sealed = [encrypt('a'), encrypt('a')];
    expect(sealed[0]).not.toBe(sealed[1]);
    return [...drawn];
  };
  const building = vi.spyOn(startupSnapshot, 'isBuildingSnapshot').mockReturnValue(true);
  expect(draw()).toEqual([nonceLength, nonceLength]);
  building.mockRestore();
  expect(draw()).toHaveLength(1);
});
