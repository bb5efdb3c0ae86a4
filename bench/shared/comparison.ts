/** One contender: a name and one operation on an input. `at` counts the operations. */
export interface Contender<Input> {
  name: string;
  run(input: Input, at: number): unknown;
  /** Of a row that writes: what stands where `run` wrote for this input. A lap that leaves it as it was wrote nothing, and ends the bench. */
  readBack?(input: Input): unknown;
  /** Changes what stands there before each lap to what no lap writes, for a row whose laps may end alike. */
  spoil?(input: Input): unknown;
}

/** A comparison of our operation with a peer's on the same inputs, and the ratio that it must not pass. */
export interface Comparison<Input> {
  title: string;
  /** What the inputs are, in a word. */
  input: string;
  /** They are taken in turns. Fewer than 64 that differ are refused: a memo would win with them. */
  inputs: readonly Input[];
  /** What an input stands for, where it is a place in something. Default: the input itself. */
  contentOf?(input: Input): unknown;
  ours: Contender<Input>;
  peer: Contender<Input>;
  /** Time of ours / time of the peer, at the most. */
  limit: number;
}
