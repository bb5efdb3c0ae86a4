// Names each entry point as it is imported, for TypeDoc, whose names are the paths of the files. Loaded by TypeDoc.
import { readFileSync } from 'node:fs';

const { exports } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const names = new Map(
  Object.entries(exports).map(([door, file]) => [
    file
      .replace('./dist/', '')
      .replace(/(\/index)?\.js$/, '')
      .replace(/^index\.js$/, 'index'),
    `hallpass${door.slice(1)}`,
  ]),
);

/** @param {{ converter: { on(event: string, listener: (context: { project: { children?: { name: string }[] } }) => void): void } }} app */
export function load(app) {
  app.converter.on('resolveBegin', ({ project }) => {
    for (const module of project.children ?? []) module.name = names.get(module.name) ?? module.name;
  });
}
