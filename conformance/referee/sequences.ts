import { randomSequences } from './random.ts';
import { idOf, type Sequence } from './sequence.ts';
import { guardRows } from './table/guards.ts';
import { lifeRows } from './table/lives.ts';
import { orderRows } from './table/order.ts';
import { placeRows } from './table/places.ts';
import { siteRows } from './table/sites.ts';
import { textRows } from './table/text.ts';

const everything: readonly Sequence[] = [
  ...textRows,
  ...lifeRows,
  ...placeRows,
  ...guardRows,
  ...siteRows,
  ...orderRows,
  ...randomSequences(150, 1),
];

/** What every engine is led through, each once. */
export const sequences: ReadonlyMap<string, Sequence> = new Map(
  everything.map((sequence) => [idOf(sequence), sequence]),
);
