import { readFile } from 'node:fs/promises';
import { type Io, Misuse } from './command.ts';

/** The text of a file that the command line names; `-` is what is piped in. @throws Misuse that names the file. */
export async function readFileText(option: string, file: string, io: Io): Promise<string> {
  if (file === '-') return readPiped(io, `pipe the file of ${option} in`);
  return new TextDecoder().decode(await readOctets(option, file));
}

/** The octets of a file. @throws Misuse that names the file. */
export async function readOctets(option: string, file: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await readFile(file));
  } catch (error) {
    throw new Misuse(`${option}: ${file} cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
}

/** All that is piped in, as text. @throws Misuse at a keyboard. */
export async function readPiped({ stdin }: Io, instead: string): Promise<string> {
  if (stdin === undefined) throw new Misuse(`Nothing is piped in: ${instead}.`);
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of stdin)
    text += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
  return text + decoder.decode();
}

/** The value of an environment variable. @throws Misuse, which repeats no name that may be a secret put in its place. */
export function readVariable(option: string, name: string, { env }: Io): string {
  const value = env[name];
  if (value) return value;
  const shown = /^[A-Z_][A-Z0-9_]{0,63}$/.test(name) ? name : 'that environment variable';
  throw new Misuse(`${option}: ${shown} is empty or not set.`);
}
