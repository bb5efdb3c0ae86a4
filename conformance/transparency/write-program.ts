import { hostOf } from './hosts/hosts.ts';
import { type Program, readStep } from './program.ts';
import { showUse } from './sessions.ts';

/** A program as somebody would write it, a line for each step. */
export async function writeProgram(program: Program): Promise<string[]> {
  const {
    framework,
    method,
    path,
    upload,
    conditional,
    client,
    visitor,
    session,
    store,
    opens,
    around,
    style,
    steps,
  } = program;
  const { show } = await hostOf(framework);
  const request = [
    `${framework}: ${method} ${path}`,
    ...(upload === 'none' ? [] : [`with a ${upload === 'small' ? 'small body' : 'body of 300 kB in parts'}`]),
    ...(conditional ? ['if none match'] : []),
    `by ${visitor === 'ada' ? 'ada, who is signed in' : 'a stranger'}`,
    `client: ${client}`,
    `store: ${store}`,
  ];
  const use =
    session === 'none'
      ? []
      : [`${session === 'renew' ? '/* its renewal is due */ ' : ''}${showUse(session)};`];
  const lines = steps.map((step) => {
    const { name, caught } = readStep(step);
    const source = `${show(name)};`;
    return caught ? `try { ${source} } catch {}` : source;
  });
  return [
    request.join(', '),
    ...around.map((name) => `around: ${name}`),
    ...(opens === 'before' && use.length > 0 ? ['middleware {', ...use.map(indent), '}'] : []),
    `${style} handler {`,
    ...(opens === 'inside' ? use.map(indent) : []),
    ...lines.flatMap((line) => line.split('\n')).map(indent),
    '}',
  ];
}

const indent = (line: string) => `  ${line}`;
