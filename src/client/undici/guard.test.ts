import { createClient } from 'hallpass/client';
import { undiciTransport } from 'hallpass/client/undici';
import { describe, expect, it } from 'vitest';
import { useLab } from '../../../tools/test/lab.ts';
import { isPublicAddress } from '../public-address.ts';

const lab = useLab();

describe('an address is of the public internet', () => {
  it.each([
    '1.1.1.1',
    '8.8.8.8',
    '172.15.255.255',
    '172.32.0.1',
    '100.63.0.1',
    '100.128.0.1',
    '192.169.0.1',
    '223.255.255.1',
    '2606:4700::1111',
    '2a00::1',
    '2001:4860:4860::8888',
    '2001:20::1',
    '3ffe::1',
    '::ffff:8.8.8.8',
    '64:ff9b::808:808',
    '2002:808:808::1',
  ])('%s', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each([
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '100.100.100.200',
    '127.0.0.1',
    '127.255.255.254',
    '168.63.129.16',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.192',
    '192.168.1.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::127.0.0.1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::ffff:a9fe:a9fe',
    '64:ff9b::7f00:1',
    '64:ff9b::10.0.0.1',
    '2002:7f00:1::',
    '2002:c0a8:101::1',
    '2001:0:1::1',
    'fc00::1',
    'fd00:ec2::254',
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    'ff02::1',
    '3fff::1',
    '3fff:fff:ffff::1',
    '5f00::1',
    '2001:2::1',
    '2001:10::1',
    '2001:db8::1',
    '100::1',
    '100:0:0:1::1',
    '::ffff:0:127.0.0.1',
    '::ffff:0:a9fe:a9fe',
    '64:ff9b:1::1',
    '1fff::1',
    '4000::1',
    'e000::1',
    'abcd::1',
    'not an address',
    '',
  ])('but not %s', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});

describe('the guard', () => {
  const guarded = () => createClient({ transport: undiciTransport({ guard: true }) });

  it.each([
    ['an address', () => lab.origins.a],
    ['a name, after it was resolved', () => lab.origins.localhost],
    ['an alias of an address', () => lab.origins.a.replace('127.0.0.1', '0x7f.1')],
    ['a mapped address', () => lab.origins.a.replace('127.0.0.1', '[::ffff:127.0.0.1]')],
    ['https', () => lab.origins.tls],
  ])('refuses to connect: %s', async (_, origin) => {
    lab.log.length = 0;
    await expect(guarded().fetch(`${origin()}/headers`)).rejects.toMatchObject({
      name: 'NetworkError',
      code: 'address-refused',
      message: expect.stringContaining('not a public address'),
      trace: { hops: [{ error: 'address-refused' }] },
    });
    expect(lab.log).toEqual([]);
  });

  it('stands alone: what makes its own connections, or resolves names elsewhere, is a TypeError', () => {
    expect(() => undiciTransport({ guard: true, proxy: 'http://proxy.example' })).toThrow(TypeError);
    expect(() => createClient({ guard: true } as object)).toThrow(/undiciTransport\(\{ guard: true \}\)/);
  });
});
