import { describe, expect, it } from 'vitest';
import { decisionTable } from './decision-table.ts';
import { fates } from './demo.ts';
import { fix1 } from './fix-1-follow-by-hand.ts';
import { fix2 } from './fix-2-trusted-domains.ts';
import { fix3 } from './fix-3-credential-objects.ts';
import { fix4 } from './fix-4-hooks.ts';
import { secrets } from './secrets.ts';
import { useLab } from './test-lab.ts';

const seen = useLab();

describe.each(secrets)('with $scheme', (secret) => {
  it.each(decisionTable)('S2 S33 holds: $scenario', async ({ expected, run }) => {
    const outcome = await run(seen.lab, secret);
    expect(fates(outcome)).toEqual(expected);
    const sent = expected.map((fate) => (fate === 'sent' ? secret.header : undefined));
    expect(seen.authorizations()).toEqual(sent);
  });

  it('S33 S38 the host that nobody knows is not even asked', async () => {
    const [, , , ofOthers] = decisionTable;
    expect(await ofOthers?.run(seen.lab, secret)).toMatchObject({ end: 'redirect-refused' });
    expect(seen.arrivals().map(([origin]) => origin)).toEqual(['a', 'a2']);
  });

  const safe = [fix1, fix2, fix3, fix4].flatMap(({ steps }) => steps);
  it.each(safe.filter(({ title }) => !title.startsWith('Dangerous')))(
    'S40 F16 no step but the dangerous one sends where the trace says withheld: $title',
    async ({ run }) => {
      const found = fates(await run(seen.lab, secret));
      expect(seen.authorizations()).toEqual(
        found.map((fate) => (fate === 'sent' ? secret.header : undefined)),
      );
    },
  );
});
