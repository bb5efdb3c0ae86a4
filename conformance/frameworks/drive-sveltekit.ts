import { type Case, equal } from '../case.ts';
import { driveFailures } from './drive-failures.ts';
import { Visitor } from './visitor.ts';

const form = { method: 'POST', body: new URLSearchParams() };
const script = { ...form, headers: { accept: 'application/json', 'x-sveltekit-action': 'true' } };

/**
 * What only SvelteKit has: loads and actions, asked for by documents and by its script.
 * @param refused the status of what is for users, to a stranger: with the sentence of the error where it is 401
 */
export function driveSvelteKit(base: string, refused = 401): Case[] {
  return [
    ...driveFailures(base, [
      ['a load', '/broken'],
      ['a load, asked for as data,', '/broken/__data.json'],
      ['an action', '/broken', form],
      ['an action, called by the script,', '/broken', script],
    ]),
    {
      name: `requireUser() in a load and in an action is ${refused} to a stranger, as a document and as data`,
      async run() {
        const visitor = new Visitor(base);
        const saysWhy = refused === 401;
        for (const init of [{}, form, script]) {
          const { status, text } = await answerOf(visitor, '/members', init);
          equal([status, text.includes('Sign in first.')], [refused, saysWhy]);
        }
        const { text } = await answerOf(visitor, '/members/__data.json');
        const { nodes } = JSON.parse(text) as { nodes: { error?: { status: number; message: string } }[] };
        const message = saysWhy ? 'Sign in first.' : 'Internal Error';
        equal(nodes.at(-1)?.error, { status: refused, message });
      },
    },
  ];
}

async function answerOf(visitor: Visitor, path: string, init: RequestInit = {}) {
  const response = await visitor.send(path, init);
  return { status: response.status, text: await response.text() };
}
