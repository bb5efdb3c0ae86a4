import { type Case, equal } from '../case.ts';
import { driveFailures } from './drive-failures.ts';
import { Visitor } from './visitor.ts';

const document = { headers: { accept: 'text/html' } };
const form = { method: 'POST', body: new URLSearchParams(), ...document };
const command = { method: 'POST', body: '{"payload":""}', headers: { 'content-type': 'application/json' } };
const script = { ...form, headers: { accept: 'application/json', 'x-sveltekit-action': 'true' } };

/**
 * What only SvelteKit has: loads and actions, asked for by documents and by its script.
 * @param refused the status of what is for users, to a stranger: with the sentence of the error where it is 401
 */
export function driveSvelteKit(base: string, refused = 401): Case[] {
  return [
    ...driveFailures(base, [
      ['a load', '/broken', document],
      ['a load, asked for as data,', '/broken/__data.json'],
      ['an action', '/broken', form],
      ['an action, called by the script,', '/broken', script],
      ['a command', (visitor) => remotePath('boom', visitor), command],
    ]),
    {
      name: 'a command that has done its work signs in, also where a query fails that it refreshes; a form without a script signs out',
      async run() {
        const visitor = new Visitor(base);
        const login = await visitor.send(await remotePath('login', visitor), command);
        equal(
          [(await login.text()).includes('"type":"result"'), login.headers.getSetCookie().length],
          [true, 1],
        );
        const thief = visitor.copy();
        equal((await thief.json('/api/me')).user, 'ada');
        const leave = `/remote?/remote=${(await idOf(visitor)).join('%2F')}`;
        equal((await visitor.send(leave, form)).status, 200);
        equal((await thief.json('/api/me')).user, null);
      },
    },
    {
      name: `requireUser() in a command is ${refused} to a stranger, and what that wrote is dropped`,
      async run() {
        const visitor = new Visitor(base);
        await visitor.json('/api/me');
        const answer = await visitor.send(await remotePath('membersOnly', visitor), command);
        const { type, error } = (await answer.json()) as { type: string; error: { status: number } };
        equal([type, error.status], ['error', refused]);
        equal((await visitor.json('/api/me')).boomed, null);
      },
    },
    {
      name: `requireUser() in a load and in an action is ${refused} to a stranger, as a document and as data`,
      async run() {
        const visitor = new Visitor(base);
        const saysWhy = refused === 401;
        for (const init of [document, form, script]) {
          const { status, type, text } = await answerOf(visitor, '/members', init);
          equal([status, type, text.includes('Sign in first.')], [refused, init.headers.accept, saysWhy]);
        }
        const { text } = await answerOf(visitor, '/members/__data.json');
        const { nodes } = JSON.parse(text) as { nodes: { error?: { status: number; message: string } }[] };
        const message = saysWhy ? 'Sign in first.' : 'Internal Error';
        equal(nodes.at(-1)?.error, { status: refused, message });
      },
    },
  ];
}

/** The hash of the file of remote functions and the name of one of them, which a form of the page tells. */
async function idOf(visitor: Visitor): Promise<string[]> {
  const html = await (await visitor.send('/remote')).text();
  return /remote=([\w/%-]+)"/.exec(html)?.[1]?.split(/\/|%2F/) ?? [];
}

const remotePath = async (name: string, visitor: Visitor) =>
  `/_app/remote/${(await idOf(visitor))[0]}/${name}`;

async function answerOf(visitor: Visitor, path: string, init: RequestInit = {}) {
  const response = await visitor.send(path, init);
  const [type] = (response.headers.get('content-type') ?? '').split(';');
  return { status: response.status, type, text: await response.text() };
}
