import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { publicOrigins, Stop } from '../../shared/program.ts';
import { openKeys } from './keys.ts';
import { readSettings, trustedProxies } from './settings.ts';

test('without arguments the desk is one process with a file', () => {
  expect(readSettings([])).toEqual({ store: undefined, workers: 1, traceAnyUrl: false });
});

test('the store, the workers and the trace of any address are said on the command line', () => {
  const args = ['--store', 'redis://127.0.0.1', '--workers', '4', '--trace-any-url'];
  expect(readSettings(args)).toEqual({ store: 'redis://127.0.0.1', workers: 4, traceAnyUrl: true });
});

test.each([['--workers', 'many'], ['--workers', '0'], ['--workers', '65'], ['--what'], ['serve']])(
  '%s %s is refused with a sentence that says how it is written',
  (...args) => {
    expect(() => readSettings(args)).toThrow('npm start -- [--store redis://…');
  },
);

afterEach(() => {
  vi.unstubAllEnvs();
});

test('addresses of proxies and origins are joined by commas, with spaces or without', () => {
  expect(trustedProxies('127.0.0.1, 10.0.0.0/8,')).toEqual(['127.0.0.1', '10.0.0.0/8']);
  expect([trustedProxies(undefined), trustedProxies(' ,')]).toEqual([undefined, undefined]);
  expect(publicOrigins('https://desk.example.com, http://localhost:3000')).toHaveLength(2);
});

test('what is no address of a proxy, no origin or no key ring is refused with one sentence, which shows no key', () => {
  expect(() => trustedProxies('proxy.example')).toThrow(Stop);
  for (const listed of ['https://desk.example.com/', 'desk.example.com', 'https://desk.example.com,']) {
    expect(() => publicOrigins(listed)).toThrow(Stop);
  }
  const folder = mkdtempSync(join(tmpdir(), 'desk-keys-'));
  writeFileSync(join(folder, 'keys.txt'), 's3cret');
  const refused = () => {
    try {
      return openKeys(folder);
    } catch (error) {
      return error;
    }
  };
  expect(refused()).toEqual(
    new Stop(`${join(folder, 'keys.txt')} is no key ring: npx hallpass keys new makes one.`),
  );
  vi.stubEnv('HALLPASS_KEYS', 's3cret');
  expect(refused()).toEqual(new Stop('HALLPASS_KEYS is no key ring: npx hallpass keys new makes one.'));
  rmSync(folder, { recursive: true });
});
