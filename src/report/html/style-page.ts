/** Type, sections, header, answer and the choice of the load; narrow screens and paper. */
export const PAGE = `
* { box-sizing: border-box }
body {
  margin: 0;
  background: var(--bg);
  color: var(--ink);
  font: 16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;
  font-variant-numeric: tabular-nums;
  overflow-wrap: anywhere;
}
main, header { max-width: 1180px; margin: 0 auto; padding: 0 1.25rem }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0; letter-spacing: -.02em }
h2 { font-size: 1.3rem; margin: 0 0 .75rem; letter-spacing: -.01em }
h3 { font-size: 1rem; margin: 1.25rem 0 .35rem }
h4 { font-size: 1rem; margin: 0 0 .5rem }
.at { color: var(--ink-2); font-size: .9rem; margin: -.6rem 0 .6rem }
p { margin: .35rem 0 }
code, pre { font: .86em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace }
pre {
  background: var(--soft);
  border-radius: 8px;
  padding: .8rem 1rem;
  overflow: auto;
  margin: .35rem 0;
  max-height: 32rem;
}
.command { white-space: pre-wrap }
a, summary { color: var(--ink) }
summary { cursor: pointer; font-weight: 600; padding: .3rem 0 }
:focus-visible { outline: 3px solid var(--subject-3); outline-offset: 2px; border-radius: 4px }
button {
  font: inherit;
  color: inherit;
  background: var(--card);
  border: 1px solid var(--line);
  border-radius: 8px;
  padding: .35rem .8rem;
  cursor: pointer;
}
button:hover { border-color: var(--ink-3) }
.skip { position: absolute; left: -999px }
.skip:focus { left: 1rem; top: 1rem; background: var(--card); padding: .5rem; z-index: 9 }

/* What the run says of itself stays in sight. */
.live { position: sticky; top: 0; z-index: 6; background: var(--ink); color: var(--bg); padding: .5rem 1.25rem }
.live p { max-width: 1140px; margin: 0 auto }
.live progress { display: block; width: 100%; max-width: 1140px; height: .35rem; margin: .35rem auto 0; accent-color: var(--good) }
.live ~ main .picker { top: 3.4rem }

header { padding-top: 2.25rem; padding-bottom: 1.25rem }
.kicker { color: var(--ink-2); font-size: .9rem; margin: 0 0 .3rem }
.facts-line { color: var(--ink-2); font-size: .9rem }
.verdict {
  display: inline-block;
  margin: .9rem 0 0;
  padding: .45rem .9rem;
  border-radius: 8px;
  font-weight: 650;
  background: var(--soft);
  border-left: 5px solid var(--ink-3);
}
.verdict.pass { border-color: var(--good) }
.verdict.fail { border-color: var(--bad); background: var(--bad-soft) }
.verdict.unknown { border-color: var(--warn); background: var(--warn-soft) }

section {
  background: var(--card);
  border: 1px solid var(--line);
  border-radius: 14px;
  padding: 1.4rem 1.5rem;
  margin: 0 0 1.25rem;
}
.problems { border-color: var(--warn); background: var(--warn-soft) }
.answer { margin: 0; padding: 0; list-style: none; counter-reset: a }
.answer li {
  counter-increment: a;
  position: relative;
  padding: .1rem 0 .1rem 2.4rem;
  margin: .65rem 0;
  font-size: 1.1rem;
  line-height: 1.5;
  max-width: 62rem;
}
.answer li::before {
  content: counter(a);
  position: absolute;
  left: 0;
  top: .22rem;
  width: 1.6rem;
  height: 1.6rem;
  border-radius: 50%;
  background: var(--soft);
  color: var(--ink-2);
  font-size: .85rem;
  font-weight: 650;
  text-align: center;
  line-height: 1.6rem;
}
h2.next { margin-top: 1.3rem }
ul.next { font-size: 1.05rem; max-width: 62rem }
ul.next li { margin: .4rem 0 }
.again { margin-top: 1rem; color: var(--ink-2); font-size: .95rem }
.again code { color: var(--ink); background: var(--soft); border-radius: 6px; padding: .15rem .45rem }
ul { padding-left: 1.2rem; margin: .35rem 0 }

.picker {
  position: sticky;
  top: 0;
  z-index: 5;
  background: var(--bg);
  padding: .6rem 0;
  margin: 0 0 .65rem;
  border: 0;
}
.picker fieldset { display: flex; flex-wrap: wrap; gap: .4rem; align-items: center; border: 0; margin: 0; padding: 0 }
.picker legend { float: left; padding: 0 .6rem 0 0; font-weight: 650 }
.picker label {
  border: 1px solid var(--line);
  background: var(--card);
  border-radius: 99px;
  padding: .25rem .9rem;
  cursor: pointer;
}
.picker label:has(:checked) { background: var(--ink); border-color: var(--ink); color: var(--bg) }
.picker label:has(:focus-visible) { outline: 3px solid var(--subject-3); outline-offset: 2px }
.picker input { position: absolute; opacity: 0; width: 0; height: 0 }

@media (max-width:880px) {
  .beside { grid-template-columns: minmax(0,1fr) }
}
@media (max-width:520px) {
  body { font-size: 15px }
  main, header { padding-left: .75rem; padding-right: .75rem }
  section { padding: 1rem .9rem; border-radius: 10px }
  h1 { font-size: 1.5rem }
  .answer li { font-size: 1rem; padding-left: 2.1rem }
  :root { --names: 5.4rem }
  .lane { grid-template-columns: var(--names) minmax(0,1fr) 4.6rem; gap: .4rem }
}
@media print {
  body { background: #fff; font-size: 10.5pt }
  .live, .picker, .download, .readout, .skip { display: none }
  main, header { max-width: none }
  section { break-inside: auto; border: 0; padding: .5rem 0 }
  figure, .card, tr, .lane { break-inside: avoid }
  h2, h3 { break-after: avoid }
  .scroll { overflow: visible }
  pre { max-height: none; white-space: pre-wrap }
  /* What does not fit on paper is lost: nothing scrolls there. */
  .beside { grid-template-columns: minmax(0,1fr) }
  svg { max-width: 100%; height: auto }
  table { font-size: 7.5pt }
  th, td { padding: 2pt 3pt; white-space: normal !important; overflow-wrap: anywhere }
  thead th { white-space: normal }
  .dense :is(th, td) { padding: 2pt 1.5pt }
  .dense thead th { font-size: 6.5pt }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact }
}
`;
