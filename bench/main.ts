import { cookieOutcomes } from './cookies.ts';
import { importNote } from './imports.ts';
import { jarOutcomes } from './jar.ts';
import { report } from './ratio.ts';
import { sealingOutcomes } from './sessions.ts';

const list = (notes: string[]) => `${notes.map((note) => `- ${note}`).join('\n')}\n`;

console.log(report('Cookie headers', cookieOutcomes()));
const { outcomes, notes } = jarOutcomes();
console.log(report('The jar', outcomes));
console.log(list(notes));
console.log(report('Sealing', await sealingOutcomes()));
console.log(list([importNote('hallpass', 2), importNote('hallpass/jar', 3)]));
