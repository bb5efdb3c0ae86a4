import { describe, expect, it } from 'vitest';
import { Browser, sealedShop, shop } from '../../tools/test/shop.ts';
import { AnomalyDetector } from './anomalies.ts';
import type { Report } from './events.ts';

function detecting() {
  const reported: Parameters<Report>[0][] = [];
  return { reported, detector: new AnomalyDetector((happening) => reported.push(happening)) };
}

describe('what no single request shows (S130, ASVS 16.3.3)', () => {
  it('20 refused cookies from one network within a minute are one event', async () => {
    const { sessions, events, clock } = shop();
    const attack = async (count: number, address: string) => {
      for (let guess = 0; guess < count; guess += 1) {
        await sessions.open(`__Host-session=${'A'.repeat(22)}.${'B'.repeat(43)}`, { address });
      }
    };
    const bursts = () => events.filter((event) => event.type === 'burst-of-failures');
    await attack(19, '192.0.2.1');
    await attack(19, '192.0.2.2');
    expect(bursts()).toEqual([]);
    await attack(30, '192.0.2.1');
    expect(bursts()).toMatchObject([{ network: '192.0.2.1', count: 20, within: 60_000 }]);
    clock.advance('1m');
    await attack(19, '192.0.2.1');
    expect(bursts()).toHaveLength(1);
    await attack(1, '192.0.2.1');
    expect(bursts()).toHaveLength(2);
  });

  it('a visitor without a cookie, or with a good one, is no failure', async () => {
    const { sessions, events } = shop();
    const browser = new Browser(sessions);
    await browser.visit((session) => session.login('alice'));
    events.length = 0;
    for (let request = 0; request < 30; request += 1) {
      await sessions.open('', { address: '192.0.2.1' });
      await sessions.open(browser.cookie, { address: '192.0.2.1' });
    }
    expect(events).toEqual([]);
  });

  it.each([
    ['stored', () => shop()],
    ['sealed', () => sealedShop()],
  ])('a %s session at five addresses within an hour is one event, with its keyed hash', async (_, make) => {
    const { sessions, events } = make();
    const browser = new Browser(sessions);
    await browser.visit((session) => session.login('alice'));
    const { session } = events[0] ?? {};
    for (let last = 1; last < 9; last += 1) {
      await sessions.open(browser.cookie, { address: `198.51.100.${last}` });
      await sessions.open(browser.cookie, { address: `198.51.100.${last}` });
    }
    const many = { type: 'id-from-many-addresses', count: 5, within: 3_600_000, session };
    expect(events.slice(1)).toMatchObject([many]);
  });

  it('a session that comes with three User-Agents within an hour is one event', async () => {
    const { sessions, events } = shop();
    const browser = new Browser(sessions);
    await browser.visit((session) => session.login('alice'));
    const { session } = events[0] ?? {};
    for (const device of ['Firefox', 'curl', 'Firefox', 'python', 'wget'])
      await sessions.open(browser.cookie, { device });
    const many = { type: 'id-from-many-agents', count: 3, within: 3_600_000, session };
    expect(events.slice(1)).toMatchObject([many]);
  });

  it('one subscriber’s IPv6 addresses are one network', () => {
    const { reported, detector } = detecting();
    for (let last = 1; last < 99; last += 1)
      detector.seen('a', { address: `2001:db8:0:1::${last.toString(16)}` }, 0);
    expect(reported).toEqual([]);
  });

  it('counts within a window, and anew after it', () => {
    const { reported, detector } = detecting();
    for (let hour = 0; hour < 4; hour += 1)
      detector.seen('a', { address: `192.0.2.${hour}` }, hour * 3_600_000);
    for (let minute = 0; minute < 40; minute += 1) detector.refused(undefined, minute * 60_000);
    expect(reported).toEqual([]);
  });

  it('remembers a bounded number of sources, whoever comes', () => {
    const { reported, detector } = detecting();
    detector.refused('192.0.2.1', 0);
    for (let source = 0; source < 10_000; source += 1) detector.refused(`source ${source}`, 0);
    for (let more = 0; more < 19; more += 1) detector.refused('192.0.2.1', 0);
    expect(reported).toEqual([]);
    detector.refused('192.0.2.1', 0);
    expect(reported).toHaveLength(1);
  });
});

describe('the network of an address', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:192.0.2.1', '192.0.2.1'],
    ['::ffff:203.0.113.77', '203.0.113.77'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:0001:2::9', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['no:address', 'no:address'],
    ['192.0.2.1:5555', '192.0.2.1'],
    [' 192.0.2.1', '192.0.2.1'],
    ['[2001:db8::1]:443', '2001:db8:0:0::/64'],
    ['x]@[2001:db8::1', 'x]@[2001:db8::1'],
  ])('%s is in %s', (address, network) => {
    const { reported, detector } = detecting();
    for (let refusal = 0; refusal < 20; refusal += 1) detector.refused(address, 0);
    expect(reported).toMatchObject([{ network }]);
  });
});
