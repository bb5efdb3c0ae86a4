import { describe, expect, it } from 'vitest';
import { describeWith } from '../../tools/test/parts.ts';
import { type Load, run } from './run.ts';

const timeout = 60_000;

/** Small and short, on a machine that may be busy with other tests. */
const short = { processes: 2, connections: 8, seconds: 2, patience: 10 } satisfies Partial<Load>;

describe('traffic over SQLite while a process is killed (X8, S128)', () => {
  it(
    'loses nothing that was acknowledged, and brings back nothing that was ended',
    async () => {
      const { ledger, errors, awayOtherwise } = await run({ ...short, backend: 'sqlite' });
      expect(ledger.faults).toEqual([]);
      expect([errors, awayOtherwise]).toEqual([0, 0]);
      expect(Math.min(ledger.writes, ledger.endings, ledger.dead.length)).toBeGreaterThan(0);
    },
    timeout,
  );
});

for (const backend of ['redis', 'postgres'] as const) {
  describeWith(
    backend,
    `traffic over ${backend} while a process and the server are killed (X8, S128)`,
    () => {
      it('loses nothing that was acknowledged, and answers 503 while the server is away and nothing worse', {
        timeout,
      }, async () => {
        const { ledger, errors, away } = await run({ ...short, backend });
        expect(ledger.faults).toEqual([]);
        expect(errors).toBe(0);
        expect(Math.min(away, ledger.writes, ledger.dead.length)).toBeGreaterThan(0);
      });
    },
  );
}

describe('traffic over SQLite in chaos', () => {
  it(
    'loses nothing acknowledged, and brings back nothing, with clocks that differ and processes that stand still',
    async () => {
      const { ledger, errors } = await run({ ...short, processes: 3, backend: 'sqlite', chaos: true });
      expect(ledger.faults).toEqual([]);
      expect(errors).toBe(0);
      expect(ledger.writes).toBeGreaterThan(0);
    },
    timeout,
  );
});

describeWith('redis', 'the load finds a server that', () => {
  it(
    'forgets what it acknowledged',
    async () => {
      const { ledger } = await run({ ...short, backend: 'redis', settings: { appendonly: 'no' } });
      expect(ledger.faults).not.toEqual([]);
    },
    timeout,
  );
});
