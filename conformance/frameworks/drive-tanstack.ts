import { type Case, equal } from '../case.ts';
import { driveFailures } from './drive-failures.ts';
import { Visitor } from './visitor.ts';

const script = { headers: { 'x-tsr-serverfn': 'true', accept: 'application/json' } };

/** What only TanStack Start has: server functions, called by a page while it is rendered, and by the script. */
export function driveTanstack(base: string): Case[] {
  return [
    ...driveFailures(base, [
      ['a server function, called by a loader,', '/broken'],
      ['a server function, called by the script,', (visitor) => pathOf('breakOff', visitor), script],
    ]),
    {
      name: 'requireUser() in a server function is 401 to a stranger, and says so',
      async run() {
        const visitor = new Visitor(base);
        const path = await pathOf('member', visitor);
        const refused = await visitor.send(path, script);
        equal([refused.status, (await refused.text()).includes('Sign in first.')], [401, true]);
        await visitor.send('/api/login', { method: 'POST', body: new URLSearchParams({ user: 'ada' }) });
        const answer = await visitor.send(path, script);
        equal([answer.status, (await answer.text()).includes('ada')], [200, true]);
      },
    },
  ];
}

/** The path of a function is known to the build alone: a page tells it. */
async function pathOf(name: string, visitor: Visitor): Promise<string> {
  return (await visitor.page('/page'))[name] ?? 'none';
}
