import { describe, expect, it } from 'vitest';
import { Browser, shop } from '../../tools/test/shop.ts';
import { type SessionEvent, sessionCounters } from './index.ts';

/** The value of every counter that is not zero. */
const counted = (text: string) =>
  Object.fromEntries(
    [...text.matchAll(/^hallpass_session_events_total\{(.*)\} ([1-9]\d*)$/gm)].map(([, labels, count]) => [
      labels,
      Number(count),
    ]),
  );

describe('sessionCounters (S130, ASVS 16.3.3)', () => {
  it('counts what happens, by type and cause', async () => {
    const counters = sessionCounters();
    const { sessions } = shop({ onEvent: counters.onEvent });
    const browser = new Browser(sessions);
    await browser.visit((session) => session.login('alice'));
    const thief = browser.copy();
    await browser.visit((session) => session.logout());
    await thief.visit();
    await thief.visit();
    await new Browser(sessions, '__Host-session=nonsense').visit();
    const other = new Browser(sessions);
    await other.visit((session) => session.login('bob'));
    await new Browser(sessions, other.cookie.replace(/\.[\w-]+/, `.${'A'.repeat(43)}`)).visit();
    for (let last = 1; last < 6; last += 1)
      await sessions.open(other.cookie, { address: `198.51.100.${last}`, device: `agent ${last}` });
    expect(counted(`${counters}`)).toEqual({
      'type="login"': 2,
      'type="logout"': 1,
      'type="refused",reason="session-revoked"': 2,
      'type="refused",reason="session-malformed"': 1,
      'type="refused",reason="session-wrong-verifier"': 1,
      'type="id-from-many-addresses"': 1,
      'type="id-from-many-agents"': 1,
    });
  });

  it('writes the text format of Prometheus: HELP and TYPE once, a line a counter, zeros from the start', () => {
    const lines = String(sessionCounters()).split('\n');
    expect(lines[0]).toMatch(/^# HELP hallpass_session_events_total \S/);
    expect(lines[1]).toBe('# TYPE hallpass_session_events_total counter');
    expect(lines).toContain('hallpass_session_events_total{type="logout"} 0');
    expect(lines.at(-1)).toBe('');
    for (const line of lines.slice(2, -1)) {
      expect(line).toMatch(/^hallpass_session_events_total\{type="[a-z-]+"\} 0$/);
    }
    expect(new Set(lines).size).toBe(lines.length);
  });

  it('holds no user, session or key, whoever comes (ASVS 16.2.5)', () => {
    const counters = sessionCounters();
    const at = 0;
    const events: SessionEvent[] = [
      { type: 'login', user: 'alice"}', remember: true, at, session: 'hash' },
      { type: 'conflict', key: 'diagnosis', outcome: 'merged', at },
      { type: 'revoked', user: 'bob', count: 3, at },
      { type: 'burst-of-failures', network: '192.0.2.1', count: 20, within: 60_000, at },
      { type: 'store-failed', operation: 'read', cause: new Error('redis://:password@db'), at },
    ];
    for (const event of events) counters.onEvent(event);
    expect(`${counters}`).not.toMatch(/alice|bob|hash|diagnosis|192|password/);
    expect(Object.keys(counted(`${counters}`))).toHaveLength(5);
  });
});
