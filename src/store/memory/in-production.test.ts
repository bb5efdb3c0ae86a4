import { afterEach, expect, it, vi } from 'vitest';
import { memoryStore } from './index.ts';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

it('a store in memory says in production, once, that it ends with the process', () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  for (const mode of ['development', 'test', '']) {
    vi.stubEnv('NODE_ENV', mode);
    memoryStore();
  }
  expect(warn).not.toHaveBeenCalled();
  vi.stubEnv('NODE_ENV', 'production');
  memoryStore();
  memoryStore({ maxRows: 10 });
  expect(warn.mock.calls).toEqual([[expect.stringMatching(/^hallpass: memoryStore .* sqliteStore\(path\)/)]]);
});
