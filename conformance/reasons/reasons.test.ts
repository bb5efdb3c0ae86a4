import { type ErrorCode, type ReasonCode, reasons } from 'hallpass';
import { describe, expect, it } from 'vitest';
import { objectsIn } from './calls.ts';
import { clientCalls, clientErrors } from './client.ts';
import { cookieCalls } from './cookies.ts';
import { corsCalls, serverErrors, sessionCalls } from './server.ts';
import { tokenCalls } from './tokens.ts';

/** A code without a call does not compile here: the sets are closed. */
const reasonCalls: Record<ReasonCode, () => unknown> = {
  ...cookieCalls,
  ...clientCalls,
  ...corsCalls,
  ...sessionCalls,
  ...tokenCalls,
};
const errorCalls: Record<ErrorCode, () => unknown> = { ...clientErrors, ...serverErrors };

async function outcome(call: () => unknown): Promise<Record<string, unknown>[]> {
  try {
    return [...objectsIn(await call())];
  } catch (error) {
    return [...objectsIn(error)];
  }
}

describe('every reason can be produced, and says a whole sentence with its source', () => {
  it.each(Object.entries(reasonCalls))('%s', async (code, call) => {
    const given = (await outcome(call)).find((one) => one.code === code && 'sentence' in one);
    expect(given).toBeDefined();
    expect(given?.sentence).toMatch(/^[^{}]{10,}\.$/);
    expect(given?.source).toMatch(
      /^(draft-ietf-\S+-\d+ §|draft-cutler-\S+-\d+ §|RFC \d+ §|Fetch |hallpass$)/,
    );
  });

  it('and there is no reason beyond these', () => {
    expect(Object.keys(reasonCalls).sort()).toEqual(Object.keys(reasons).sort());
  });
});

describe('every error code can be produced', () => {
  it.each(Object.entries(errorCalls))('%s', async (code, call) => {
    const given = (await outcome(call)).find((one) => one.code === code || one.error === code);
    expect(given?.message).toMatch(/./);
  });
});
