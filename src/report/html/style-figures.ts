/** Tiles, charts, tables and lines of time. */
export const FIGURES = `
.cards { display: grid; grid-template-columns: repeat(auto-fit,minmax(min(100%,26rem),1fr)); gap: 1rem }
.card { border: 1px solid var(--line); border-top: 4px solid var(--c); border-radius: 10px; padding: 1rem 1.1rem }
.card dl { display: grid; grid-template-columns: 1fr 1fr; gap: .9rem 1rem; margin: 0 }
.card dt { color: var(--ink-2); font-size: .82rem }
.card dd {
  margin: 0;
  font-size: 1.5rem;
  font-weight: 650;
  letter-spacing: -.02em;
  line-height: 1.25;
  white-space: nowrap;
}
.card small {
  display: block;
  font-size: .78rem;
  font-weight: 400;
  color: var(--ink-2);
  letter-spacing: 0;
  white-space: normal;
}
.state { font-size: 1.3rem; color: var(--warn); font-weight: 650 }
.good { color: var(--good) }
.bad { color: var(--bad) }
.warn { color: var(--warn) }
em { font-style: normal; color: var(--bad); font-size: .85em }

.dot {
  display: inline-block;
  width: .72em;
  height: .72em;
  border-radius: 50%;
  background: var(--c);
  margin-right: .45em;
}
.shape-0, .shape-1, .shape-2, .shape-3 {
  display: inline-block;
  width: .72em;
  height: .72em;
  background: var(--c);
  margin-right: .45em;
}
.dashes { display: inline-block; width: 1.3em; border-top: 2px dashed var(--c); vertical-align: .28em; margin-right: .45em }
.shape-0 { border-radius: 50% }
.shape-2 { clip-path: polygon(50% 0,100% 100%,0 100%) }
.shape-3 { clip-path: polygon(50% 0,100% 50%,50% 100%,0 50%) }

.grid { display: grid; grid-template-columns: repeat(auto-fit,minmax(min(100%,29rem),1fr)); gap: 1rem 2rem }
.beside {
  display: grid;
  grid-template-columns: minmax(0,6fr) minmax(0,5fr);
  gap: 1rem 2rem;
  align-items: start;
  margin-bottom: 1.25rem;
}
.grid>*, .beside>* { min-width: 0 }
figure { margin: 0 }
figcaption h3 { margin: .25rem 0 0 }
figcaption p { color: var(--ink-2); font-size: .88rem; margin: .1rem 0 .3rem }
.legend { display: flex; flex-wrap: wrap; gap: .3rem; margin: .2rem 0 }
.legend button { border: 0; background: none; padding: .1rem .5rem; font-size: .85rem; border-radius: 6px }
.legend button:hover { background: var(--soft) }
.legend button[aria-pressed=false] { color: var(--ink-2); text-decoration: line-through }
.legend button[aria-pressed=false] i { opacity: .3 }
.plot { position: relative }
.readout { min-height: 1.5em; font-size: .85rem; color: var(--ink-2); margin: .1rem 0 0 }
.notes { color: var(--ink-2); font-size: .85rem; padding: 0; list-style: none; margin: .4rem 0 0 }

.scroll { overflow-x: auto }
table.dense { --cell: .38rem }
table { border-collapse: collapse; width: 100%; font-size: .88rem; overflow-wrap: break-word }
section>.scroll caption { position: absolute; left: -999rem }
tbody small { display: block; color: var(--ink-2); font-weight: 400 }
caption { text-align: left; color: var(--ink-2); padding: .25rem 0 .35rem }
th, td { padding: .32rem var(--cell, .6rem); border-bottom: 1px solid var(--line); vertical-align: top }
th:first-child, td:first-child { padding-left: 0 }
thead th { color: var(--ink-2); font-weight: 600; white-space: nowrap }
tbody th { font-weight: 600 }
.left { text-align: left }
.right { text-align: right; white-space: nowrap }
abbr { text-decoration: none }

.lanes { display: grid; gap: .28rem; margin: .4rem 0 .8rem }
.lane {
  display: grid;
  grid-template-columns: var(--names) minmax(0,1fr) 6.2rem;
  gap: .6rem;
  align-items: center;
  font-size: .88rem;
}
.lane .name { overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
.lane .value { color: var(--ink-2); line-height: 1.2 }
.track {
  position: relative;
  height: 1.55rem;
  border-radius: 4px;
  overflow: hidden;
  background: linear-gradient(90deg,transparent calc(var(--reply)*100%),var(--soft) calc(var(--reply)*100%));
}
.track::after {
  content: "";
  position: absolute;
  top: 0;
  bottom: 0;
  left: calc(var(--reply)*100% - 1px);
  border-left: 2px solid var(--ink);
}
.axis .track { height: 1.3rem; background: none; overflow: visible }
.axis .track::after { display: none }
.axis b { position: absolute; left: calc(var(--reply)*100%); font-size: .8rem; white-space: nowrap }
.late { transform: translateX(-100%) }
.late::after { content: " ↓" }
.early::before { content: "↓ " }
.axis small { position: absolute; left: 0; color: var(--ink-2) }
.axis .end { left: auto; right: 0 }
.bar { position: absolute; top: .25rem; bottom: .25rem; width: 100%; display: flex }
.bar i { display: block; min-width: 1px }
.working { background: var(--c); border-radius: 0 3px 3px 0 }
.waiting {
  background: repeating-linear-gradient(-45deg,var(--c) 0 2px,transparent 2px 6px);
  border: 1px solid var(--c);
  border-right: 0;
  border-radius: 3px 0 0 3px;
}
.waiting[style="width:0.00%"] { display: none }
.failing .waiting { --c: var(--bad) }
.key {
  display: flex;
  flex-wrap: wrap;
  gap: .3rem 1.2rem;
  font-size: .85rem;
  color: var(--ink-2);
  --c: var(--ink-2);
  margin: .2rem 0 .8rem;
}
.key i { display: inline-block; width: 1.6rem; height: .8rem; vertical-align: -.08rem; margin-right: .4rem }
.facts { display: grid; gap: .1rem; margin: 0 }
.facts div { display: grid; grid-template-columns: 6.5rem 1fr; gap: .6rem }
.facts dt { color: var(--ink-2) }
.facts dd { margin: 0 }
footer { color: var(--ink-2); font-size: .85rem; padding: .5rem 0 2.5rem }
`;
