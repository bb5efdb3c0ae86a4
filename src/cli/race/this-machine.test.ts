import { expect, it } from 'vitest';
import { isThisMachine } from './this-machine.ts';

const resolves =
  (...addresses: string[]) =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));

it.each([
  ['both addresses of loopback', ['127.0.0.1', '::1'], true],
  ['loopback and another machine', ['127.0.0.1', '192.0.2.1'], false],
  ['another machine', ['2001:db8::1'], false],
  ['nothing', [], false],
])('a name below localhost is this machine when it resolves to that: %s', async (_, addresses, expected) => {
  expect(await isThisMachine('shop.localhost', resolves(...addresses))).toBe(expected);
});

it('a name below localhost that does not resolve is not this machine; any other name is not asked for', async () => {
  const fails = () => Promise.reject(new Error('ENOTFOUND'));
  expect(await isThisMachine('shop.localhost', fails)).toBe(false);
  expect(await isThisMachine('shop.example', fails)).toBe(false);
  for (const name of ['localhost', '127.0.0.1', '[::1]']) expect(await isThisMachine(name, fails)).toBe(true);
});
