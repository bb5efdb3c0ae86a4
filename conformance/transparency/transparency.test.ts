import { readFile } from 'node:fs/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { compare } from './compare.ts';
import { ofAdapters } from './exceptions/adapters.ts';
import { ofChance } from './exceptions/chance.ts';
import { documented } from './exceptions/documented.ts';
import { type Choice, generate } from './generate.ts';
import { frameworks } from './hosts/hosts.ts';
import { judge } from './judge.ts';
import { mended } from './mended.ts';
import type { Program } from './program.ts';
import { writeFailure } from './report.ts';
import { Workers } from './run-programs.ts';

const minutes = 60_000;
const choice: Choice = { seed: 1 };
const count = 2_000;
const simplest: Omit<Program, 'framework' | 'steps'> = {
  method: 'GET',
  path: '/',
  upload: 'none',
  conditional: false,
  client: 'plain',
  visitor: 'stranger',
  session: 'none',
  opens: 'inside',
  store: 'memory',
  around: [],
  style: 'async',
};

async function* programs(): AsyncGenerator<{ number: number; program: Program }> {
  for (let number = 0; number < count; number++) yield { number, program: await generate(choice, number) };
}

describe('S148: an app with hallpass answers as it does without', () => {
  it(`in ${count} programs of every framework`, { timeout: 8 * minutes }, async () => {
    await using workers = new Workers();
    const failures: string[] = [];
    const { ran, unsteady, once } = await judge(workers, programs(), async (failure) => {
      failures.push(await writeFailure(failure));
    });
    expect(failures.join('\n\n')).toBe('');
    expect(ran).toBe(count);
    expect(unsteady.length + once.length).toBeLessThan(count / 100);
  });
});

describe('what once was not so', () => {
  const workers = new Workers();
  afterAll(() => workers[Symbol.asyncDispose]());

  it.each(mended)('$sentence', { timeout: minutes }, async ({ program: own }) => {
    const program = { ...simplest, ...own };
    expect(compare(program, await workers.run(program))).toEqual([]);
  });
});

describe('the harness', () => {
  it('takes for documented what the guide to the adapters says, in the same words', async () => {
    const guide = await readFile(new URL('../../docs/adapters.md', import.meta.url), 'utf8');
    const rows = (kind: string) =>
      [...guide.matchAll(new RegExp(`^\\| ${kind} \\| (.*) \\|$`, 'gm'))].map(([, sentence]) => sentence);
    expect(rows('differs')).toEqual(documented.map(({ sentence }) => sentence));
    expect(rows('other adapter')).toEqual(ofAdapters.map(({ sentence }) => sentence));
    expect(rows('chance')).toEqual(ofChance.map(({ sentence }) => sentence));
  });

  it('makes the same program of the same seed and number, for every framework', async () => {
    for (const framework of frameworks) {
      const one = await generate({ seed: 7, framework }, 11);
      expect(await generate({ seed: 7, framework }, 11)).toEqual(one);
      expect(one.framework).toBe(framework);
    }
    expect(await generate({ seed: 8 }, 11)).not.toEqual(await generate({ seed: 7 }, 11));
  });
});
