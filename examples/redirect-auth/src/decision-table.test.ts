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

/** Which server each step reaches, and whether with the secret (+) or without (-): written down from what its title says. */
const arrivals = [
  ...['a+ a+ b- b-', 'a+ a+', 'a+ a+'], // follow by hand
  ...['tls+ tls+', 'tls+ tls+', 'tls+ tls-', 'tls+ tls-'], // trusted domains: below, the apex, two lookalikes
  ...['tls+ a-', 'tls+ tls-', 'tls- tls+', 'tls+ tls- tls+'], // in the clear, another port, a stranger first, in between
  ...['tls+ tls+', 'tls+ tls- tls+', 'a+ b+', 'a+ a+ b-'], // credential objects
  ...['a+ a+ b-', 'a+ b- b-', 'a+ b-', 'a+ b-'], // hooks
];

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

  const safe = [fix1, fix2, fix3, fix4]
    .flatMap(({ steps }) => steps)
    .filter(({ title }) => !title.startsWith('Dangerous'));
  it('S40 F16 every step is in the table of what may arrive', () => {
    expect(safe).toHaveLength(arrivals.length);
  });

  it.each(safe.map((step, index) => ({ ...step, expected: arrivals[index] })))(
    'S40 F16 no step but the dangerous one sends to a stranger: $title',
    async ({ run, expected }) => {
      await run(seen.lab, secret);
      const wire = seen.arrivals().map(([origin, header]) => {
        expect([undefined, secret.header]).toContain(header);
        return `${origin}${header === undefined ? '-' : '+'}`;
      });
      expect(wire.join(' ')).toBe(expected);
    },
  );
});
