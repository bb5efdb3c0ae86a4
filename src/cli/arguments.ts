import { parseArgs } from 'node:util';
import { Misuse, type Options } from './command.ts';

interface Config<T extends Options> {
  args: string[];
  options: T;
  allowPositionals: true;
  tokens: true;
}

/** The arguments of a command. @throws Misuse that names the option, and no value. */
export function readArguments<const T extends Options>(
  args: readonly string[],
  options: T,
): ReturnType<typeof parseArgs<Config<T>>> {
  const config: Config<T> = { args: [...args], options, allowPositionals: true, tokens: true };
  // Not strict: what Node says of a wrong option repeats values.
  const parsed = parseArgs({ ...config, strict: false });
  for (const token of parsed.tokens) {
    if (token.kind !== 'option') continue;
    const { name, rawName, value, inlineValue } = token;
    const option = Object.hasOwn(options, name) ? options[name] : undefined;
    if (option === undefined) throw new Misuse(`${shownOption(rawName, options)} is unknown here.`);
    if (option.type === 'boolean' && value !== undefined) throw new Misuse(`${rawName} takes no value.`);
    if (option.type === 'string' && (value === undefined || (!inlineValue && /^-./.test(value)))) {
      throw new Misuse(`${rawName} needs a value (one with a dash in front: --${name}=-…).`);
    }
  }
  return parsed as ReturnType<typeof parseArgs<Config<T>>>;
}

/** An unknown option, where it is a word: a value that was run together with a name, or put in its place, may be a secret. */
function shownOption(rawName: string, options: Options): string {
  const known = Object.keys(options).find(
    (name) => options[name]?.type === 'string' && rawName.startsWith(`--${name}`),
  );
  if (known !== undefined) return `--${known}…`;
  return /^--?[a-z]{1,12}(-[a-z]{1,6})?$/.test(rawName) ? rawName : 'One of the options';
}

/** A whole number between these, both included. @throws Misuse */
export function wholeNumber(option: string, text: string, least: number, most: number): number {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new Misuse(`${option} takes a whole number from ${least} to ${most}.`);
}
