/**
 * One piece of code for each kind of change, which planted.cases.ts tests from every side. A campaign over it must find that each change is noticed
 * but the one of `unused`: otherwise it counts wrong.
 */

export const limit = 10 * 2;
export const words = ['first', 'second'];
export const unused = 'nobody reads it';

export function below(value: number): boolean {
  return value < limit && value !== 3;
}

export function negative(value: number): number {
  return -value;
}

export function sum(values: readonly number[]): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i] as number;
  return total;
}

export function greeting(name?: string): string {
  if (name === undefined) {
    return '';
  }
  return `Hello ${name}`;
}

export function trimmed(text: string): string {
  return text.trimEnd();
}

export function isNumber(text: string): boolean {
  return /^\d+$/.test(text);
}

export const kept = { of: (values: readonly number[]) => values.filter((value) => value >= 0).length };

export async function later(value: { name?: string } | undefined, end: () => void): Promise<string> {
  try {
    return value?.name ?? 'nobody';
  } finally {
    end();
  }
}
