import { cookieOutcomes } from './cookies.ts';
import { importNote } from './imports.ts';
import { jarOutcomes } from './jar.ts';
import { report } from './ratio.ts';

console.log(report('Cookie headers', cookieOutcomes()));

const { outcomes, notes } = jarOutcomes();
console.log(report('The jar', outcomes));
console.log(
  [...notes, importNote('hallpass', 2), importNote('hallpass/jar', 3)].map((note) => `- ${note}`).join('\n'),
);
