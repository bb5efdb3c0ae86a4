/** The list with one more at its end. Lists of a call have one or two elements: room for more would cost more than the elements. */
export const withOneMore = <T>(list: readonly T[], one: T): readonly T[] =>
  list.length === 0 ? [one] : [...list, one];
