/** The rooms of src/ that are mutated, and the tests outside of them that are about them. */
const rooms: Readonly<Record<string, readonly string[]>> = {
  scope: [],
  cookie: ['conformance/cookies/*.test.ts'],
  jar: [],
  client: [],
  session: [],
  store: [],
  tokens: [],
  server: ['conformance/server/*.test.ts'],
};

export const roomNames: readonly string[] = Object.keys(rooms);

/** Which tests judge the mutants of a room. Those of other rooms could, too; a room should not need them. */
export function testsOf(room: string): string[] {
  return [`src/${room}/**/*.test.ts`, ...(rooms[room] ?? [])];
}
