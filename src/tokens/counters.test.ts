import { expect, it } from 'vitest';
import { generateKey, keyRing } from '../seal/index.ts';
import { memoryStore } from '../store/memory/index.ts';
import { testClock } from '../testing/index.ts';
import { createTokens, tokenCounters } from './index.ts';

it('S130: a refresh token that is used again is counted, without whose it was', async () => {
  const counters = tokenCounters();
  const clock = testClock();
  const tokens = createTokens({
    keys: keyRing(generateKey()),
    issuer: 'https://app.example.com',
    audience: 'https://app.example.com',
    store: memoryStore(),
    onEvent: counters.onEvent,
    clock,
  });
  const { refresh } = await tokens.issueBearer('ada');
  const next = await tokens.refreshBearer(refresh);
  clock.advance('10m');
  if (next.allowed) await tokens.refreshBearer(next.refresh);
  clock.advance('10m');
  expect((await tokens.refreshBearer(refresh)).allowed).toBe(false);
  const lines = String(counters).split('\n');
  expect(lines).toContain('# TYPE hallpass_token_events_total counter');
  for (const [type, count] of [
    ['issued', 1],
    ['refreshed', 2],
    ['refresh-replayed', 1],
    ['revoked-token', 0],
  ]) {
    expect(lines).toContain(`hallpass_token_events_total{type="${type}"} ${count}`);
  }
  expect(String(counters)).not.toContain('ada');
});
