import { expect, it } from 'vitest';
import { createSessions } from '../session/index.ts';
import { memoryStore } from '../store/memory/index.ts';
import { hostSessions } from './host-sessions.ts';

it('what only hosts need is not on the sessions that applications see', () => {
  const sessions = createSessions({ store: memoryStore() });
  for (const name of ['commitLines', 'abandon', 'cookie']) expect(name in sessions).toBe(false);
  expect(hostSessions(sessions).cookie.name).toBe('__Host-session');
});

it('anything but sessions of createSessions is refused with a sentence that says what to do', () => {
  const { ...copy } = createSessions({ store: memoryStore() });
  for (const wrong of [{}, copy]) expect(() => hostSessions(wrong)).toThrow('createSessions');
});
