/** The folders of src/ that are mutated, and the tests outside of them that are about them. */
const folders: Readonly<Record<string, readonly string[]>> = {
  scope: [],
  cookie: ['conformance/cookies/*.test.ts'],
  jar: [],
  client: [],
  session: [],
  store: [],
  tokens: [],
  server: ['conformance/server/*.test.ts'],
};

export const folderNames: readonly string[] = Object.keys(folders);

/** Which tests judge the mutants of a folder. Those of other folders could, too; it should not need them. */
export function testsOf(folder: string): string[] {
  return [`src/${folder}/**/*.test.ts`, ...(folders[folder] ?? [])];
}
