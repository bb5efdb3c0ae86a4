import type { Comparison, Contender } from './comparison.ts';

const leastInputs = 64;

const isPlain = (input: unknown): input is object =>
  typeof input === 'object' && input !== null && Object.getPrototypeOf(input) === Object.prototype;

/** @throws TypeError for a bench whose inputs are one, or few: by the texts that they hold. Numbers, in a text too, are counters, and make no difference. */
export function checkInputs({ title, inputs }: { title: string; inputs: readonly unknown[] }): void {
  const content = (input: unknown) =>
    JSON.stringify(input, (_, value) => (typeof value === 'number' ? 0 : value)).replaceAll(/\d+/g, '0');
  const differ = new Set(inputs.map(content)).size;
  if (differ < leastInputs)
    throw new TypeError(`${title}: ${differ} inputs that differ; a fair row has ${leastInputs} or more.`);
}

const sampled = <Input>({ inputs, contentOf = (input) => input }: Comparison<Input>): unknown[] =>
  inputs.slice(0, 1_000).map((input) => contentOf(input));

/** The fields of an input that a contender reads, noted in `read`, and what it answers. */
function watched<Input>(contender: Contender<Input>, input: Input, at: number, read: Set<string>): unknown {
  const copy = Object.defineProperties(
    {},
    Object.fromEntries(
      Object.keys(input as object).map((key) => {
        const get = () => {
          read.add(key);
          return (input as Record<string, unknown>)[key];
        };
        return [key, { get, enumerable: true }];
      }),
    ),
  );
  return contender.run(copy as Input, at);
}

/** What a contender does not read is no input of its. */
function checkRead<Input>(comparison: Comparison<Input>, read: ReadonlySet<string>): void {
  const inputs = sampled(comparison).map((input) =>
    Object.fromEntries(Object.entries(input as object).filter(([key]) => read.has(key))),
  );
  checkInputs({ title: comparison.title, inputs });
}

const isWatchable = <Input>({ inputs, contentOf }: Comparison<Input>) =>
  contentOf === undefined && inputs.every(isPlain);

/** @throws TypeError for a comparison whose inputs are one, or few, in what either contender reads of them */
export function checkContents<Input>(comparison: Comparison<Input>): void {
  checkInputs({ title: comparison.title, inputs: sampled(comparison) });
  if (!isWatchable(comparison)) return;
  for (const contender of [comparison.ours, comparison.peer]) {
    const read = new Set<string>();
    for (const [at, input] of comparison.inputs.slice(0, leastInputs).entries())
      watched(contender, input, at, read);
    checkRead(comparison, read);
  }
}

/** As {@link checkContents}, for operations that answer with a promise. */
export async function checkContentsAwaited<Input>(comparison: Comparison<Input>): Promise<void> {
  checkInputs({ title: comparison.title, inputs: sampled(comparison) });
  if (!isWatchable(comparison)) return;
  for (const contender of [comparison.ours, comparison.peer]) {
    const read = new Set<string>();
    for (const [at, input] of comparison.inputs.slice(0, leastInputs).entries())
      await watched(contender, input, at, read);
    checkRead(comparison, read);
  }
}
