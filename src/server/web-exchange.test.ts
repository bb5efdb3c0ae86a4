import { expect, it } from 'vitest';
import { whyNotShown } from '../panel/guard.ts';
import { setPeerAddress } from './peer-address.ts';
import { WebExchange } from './web-exchange.ts';

it('shows which headers a Request has: the panel is closed to what came through a proxy', () => {
  const asked = (headers: Record<string, string>) => {
    const request = new Request('http://localhost:3000/', { headers });
    setPeerAddress(request, '127.0.0.1');
    return new WebExchange(request);
  };
  expect([...asked({ 'X-Forwarded-For': '192.0.2.1', accept: '*/*' }).headerNames()]).toEqual([
    'accept',
    'x-forwarded-for',
  ]);
  expect(whyNotShown(asked({}))).toBeUndefined();
  expect(whyNotShown(asked({ 'X-Forwarded-For': '192.0.2.1' }))).toContain('x-forwarded-for');
});
