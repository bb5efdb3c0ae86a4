import { describe, it } from 'vitest';
import { keptUnderAFormerName } from '../../conformance/sessions/over-stores/former-name.ts';
import { generateKey, keyRing } from '../seal/index.ts';
import { memoryRevocations } from '../store/memory/index.ts';
import { createSessions } from './index.ts';

describe('a sealed session cookie that changed its name', () => {
  const cases = keptUnderAFormerName(async () => {
    const sealed = { keys: keyRing(generateKey()), revocations: memoryRevocations() };
    return (options) => createSessions({ ...options, sealed });
  });
  for (const { name, run } of cases) it(name, () => run());
});
