/** The looks of the panel. */
export const panelStyle = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#f7f7f5, #16181d);
  --paper: light-dark(#ffffff, #1f2229);
  --ink: light-dark(#1b1d21, #e9eaee);
  --quiet: light-dark(#585d66, #a4a9b6);
  --line: light-dark(#d9dbdf, #363b46);
  --good: light-dark(#1c6b3a, #7bd69b);
  --bad: light-dark(#a3261f, #ff9d94);
  --care: light-dark(#7a5200, #f1c266);
  --link: light-dark(#1a4fa0, #9fc2ff);
  --side: max(clamp(1rem, 4vw, 2.5rem), calc((100% - 70rem) / 2));
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
header { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; align-items: baseline; padding: 1rem var(--side); border-bottom: 1px solid var(--line); background: var(--paper); }
h1 { margin: 0; font-size: 1.15rem; }
h2 { margin: 1rem 0 .25rem; font-size: 1rem; }
section h2 { margin: .9rem 0 .25rem; font-size: .85rem; color: var(--quiet); font-weight: 600; }
ul:empty { display: none; }
header p { margin: 0; color: var(--quiet); }
header label { margin-left: auto; }
main { padding: 1rem var(--side) 4rem; }
ol { list-style: none; margin: 0; padding: 0; display: grid; gap: .5rem; }
details { background: var(--paper); border: 1px solid var(--line); border-radius: .5rem; }
summary { display: flex; flex-wrap: wrap; gap: .25rem .75rem; padding: .65rem .9rem; cursor: pointer; align-items: baseline; }
summary .path { font-family: ui-monospace, monospace; overflow-wrap: anywhere; flex: 1 1 12rem; min-width: 0; }
summary time, .status { font-variant-numeric: tabular-nums; color: var(--quiet); }
.mark { border: 1px solid currentColor; border-radius: 1rem; padding: 0 .55rem; font-size: .85rem; white-space: nowrap; }
.good { color: var(--good); } .bad { color: var(--bad); } .care { color: var(--care); } .quiet { color: var(--quiet); }
.inside { padding: 0 .9rem .9rem; border-top: 1px solid var(--line); }
ul { margin: 0; padding: 0; list-style: none; display: grid; gap: .5rem; }
.finding { border-left: 3px solid currentColor; padding-left: .7rem; }
.finding p { margin: 0; color: var(--ink); overflow-wrap: anywhere; }
.finding .fix { color: var(--quiet); }
.name { font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
a { color: var(--link); }
.fix a { display: inline-block; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
pre { background: var(--paper); border: 1px solid var(--line); border-radius: .5rem; padding: .9rem; overflow-x: auto; }
.why > * { max-width: 48rem; } .sentence { font-size: 1.1rem; } .source { color: var(--quiet); }
@media (max-width: 40rem) { header label { margin-left: 0; } }
`;
