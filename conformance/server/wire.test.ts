import { describe, it } from 'vitest';
import { wire } from './wire.ts';

describe('octets on the wire', () => {
  it.each(wire.map((check) => [check.name, check.run] as const))('%s', (_, run) => run());
});
