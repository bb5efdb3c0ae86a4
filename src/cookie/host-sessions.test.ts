import { inspect } from 'node:util';
import { expect, it, vi } from 'vitest';
import { createSessions } from '../session/index.ts';
import { memoryStore } from '../store/memory/index.ts';
import { hostSessions } from './host-sessions.ts';

it('what only hosts need is not on the sessions that applications see', () => {
  const sessions = createSessions({ store: memoryStore() });
  const names = ['commitLines', 'abandon', 'cookie', 'backend', 'openAgain', 'standingOf'];
  for (const name of names) expect(name in sessions).toBe(false);
  const found = Reflect.ownKeys(sessions).map((key) => Reflect.get(sessions, key));
  expect(found).toEqual([expect.any(Function)]);
  for (const shown of [undefined, ...Reflect.ownKeys(sessions), sessions]) {
    expect(found[0](shown)).toBeUndefined();
  }
  expect(Reflect.ownKeys(found[0]).map((key) => typeof Reflect.get(found[0], key))).toEqual([
    'number',
    'string',
  ]);
  expect(hostSessions(sessions).cookie.name).toBe('__Host-session');
});

it('anything but sessions of createSessions is refused with a sentence that says what to do', () => {
  const { ...copy } = createSessions({ store: memoryStore() });
  for (const wrong of [{}, copy]) expect(() => hostSessions(wrong)).toThrow('createSessions');
});

it('sessions of another copy of the library are known, and so is what was put round them', async () => {
  const sessions = createSessions({ store: memoryStore() });
  vi.resetModules();
  const other = await import('./host-sessions.ts');
  expect(other.hostSessions).not.toBe(hostSessions);
  expect(other.hostSessions(sessions).cookie.name).toBe('__Host-session');
  expect(other.hostSessions(new Proxy(sessions, {})).cookie.name).toBe('__Host-session');
  expect(other.hostSessions(Object.create(sessions)).cookie.name).toBe('__Host-session');
  expect(inspect(sessions)).not.toContain('hallpass.sessions');
});
