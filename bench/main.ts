// `npm run bench`: the benches that need nothing but this process. Each prints what it measured, and runs alone as well:
// `node bench/NAME.ts`. What one of them is made of lies in bench/NAME/, what several use in bench/shared/.
await import('./cookies.ts');
await import('./jar.ts');
await import('./sealing.ts');
await import('./imports.ts');

const { missed } = await import('./shared/ratio.ts');
console.log(
  missed.length === 0
    ? 'Every row keeps its goal.'
    : `Over their goal:\n${missed.map((row) => `- ${row}`).join('\n')}`,
);
