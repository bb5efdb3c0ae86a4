import { test } from 'vitest';
import { seeded } from '../../src/cli/race/random.ts';
import { targets } from './targets.ts';
import { changed, corpus, foundTexts } from './texts.ts';

const texts = corpus();

test.each(Object.entries(targets))(
  '%s: texts of the corpus, and changed ones, break nothing',
  async (_, target) => {
    const random = seeded(1);
    for (let n = 0; n < 40; n++) await target(changed(texts, random), changed(texts, random));
  },
);

test('what was found once breaks nothing any more', async () => {
  for (const { target, texts: pair } of foundTexts()) await targets[target]?.(...pair);
});
