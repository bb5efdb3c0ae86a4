/** The files of the page, by the path that they are asked for under, each with where it stands in this folder. `npm run build` makes the script. */
export const playgroundFiles = {
  'index.html': 'index.html',
  'playground.css': 'playground.css',
  'playground.js': 'dist/playground.js',
} as const;
