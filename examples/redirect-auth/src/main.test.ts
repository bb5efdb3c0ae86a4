import { describe, expect, it } from 'vitest';
import { decisionTableDemo } from './decision-table.ts';
import { show } from './demo.ts';
import { fix1 } from './fix-1-follow-by-hand.ts';
import { fix2 } from './fix-2-trusted-domains.ts';
import { fix3 } from './fix-3-credential-objects.ts';
import { fix4 } from './fix-4-hooks.ts';
import { fragilePattern } from './fragile-pattern.ts';
import { useLab } from './test-lab.ts';

const seen = useLab();

describe('S17 S51 what is printed', () => {
  it.each([fragilePattern, fix1, fix2, fix3, fix4, decisionTableDemo])(
    '$title: its sentence, a trace for every step, both schemes, and no secret',
    async (demo) => {
      const lines: string[] = [];
      await show(demo, seen.lab, (text) => lines.push(text));
      const printed = lines.join('\n');
      expect(printed).toContain(demo.shows);
      for (const { title } of demo.steps) expect(printed).toContain(title);
      expect(printed.match(/(GET|POST) https?:/g)?.length).toBeGreaterThanOrEqual(demo.steps.length);
      expect(printed.match(/^ {2}Basic: the same$/gm)).toHaveLength(demo.steps.length);
      expect(printed).not.toContain('hp-secret');
    },
  );
});
