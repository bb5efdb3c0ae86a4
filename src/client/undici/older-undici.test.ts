import { expect, it, vi } from 'vitest';
import { undiciTransport } from './index.ts';

vi.mock('undici', async () => await import('undici6'));

const sentence = /needs undici 7 or above.*npm install undici@latest/;

it('where undici 6 is installed, the transport says what it needs', () => {
  expect(() => undiciTransport()).toThrow(TypeError);
  expect(() => undiciTransport({ guard: true })).toThrow(sentence);
  expect(() => undiciTransport({ proxy: 'http://proxy.test' })).toThrow(sentence);
});

it('so it does of a dispatcher of undici 6', async () => {
  const { Agent } = await import('undici6');
  expect(() => undiciTransport({ dispatcher: new Agent() })).toThrow(sentence);
});
