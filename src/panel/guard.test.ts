import { describe, expect, it } from 'vitest';
import { whyNotShown } from './guard.ts';

describe('who may see the panel', () => {
  const why = (address: string | undefined, headers: Record<string, string> = {}) =>
    whyNotShown({
      method: 'GET',
      url: '/__hallpass',
      secure: false,
      address,
      header: (name) => ({ host: 'localhost:3000', ...headers })[name],
      headerNames: () => Object.keys({ host: '', ...headers }),
    });

  it.each<[string, string]>([
    ['127.0.0.1', 'localhost:3000'],
    ['127.255.0.9', '127.255.0.9'],
    ['::1', '[::1]:3000'],
    ['::ffff:127.0.0.1', 'shop.localhost:3000'],
  ])('%s may, as %s', (address, host) => {
    expect(why(address, { host })).toBeUndefined();
  });

  it.each(['10.0.0.1', '::ffff:10.0.0.1', '::', '::2', '127.0.0.1.evil.test', '1127.0.0.1', '', undefined])(
    'the address %j may not',
    (address) => {
      expect(why(address)).toMatch(/another machine|does not know/);
    },
  );

  it.each([
    'evil.test',
    'evil.test:3000',
    'localhost.evil.test',
    '127.0.0.1.nip.io',
    'localhost@evil.test',
    'localhost:3000@evil.test',
    'evil.test#localhost',
    'evil.test?.localhost',
    '[::2]',
    '0.0.0.0',
    'localhost, evil.test',
    '',
  ])('a name that a stranger points here, %j, shows nothing', (host) => {
    expect(why('127.0.0.1', { host })).toMatch(/not this machine/);
  });
});
