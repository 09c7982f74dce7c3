/** The one style of all pages; it follows the reader’s light or dark. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; --line: light-dark(#d0d4da, #3b4048); --soft: light-dark(#f5f6f8, #1f2329);
  --quiet: light-dark(#565d67, #a3abb6); --act: light-dark(#0b57d0, #8ab4f8); --on-act: light-dark(#fff, #0b1626);
  --warn: light-dark(#8a4600, #ffb86b); --bad: light-dark(#a8071a, #ff8f8f); --good: light-dark(#0a6b3d, #7fd6a4); }
* { box-sizing: border-box; }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0; background: light-dark(#fff, #15181c); color: light-dark(#1b1f24, #e6e9ed); }
header { border-bottom: 1px solid var(--line); padding: .7rem 1rem; }
header div, main { max-width: 44rem; margin: 0 auto; }
header div { display: flex; gap: 1rem; align-items: baseline; justify-content: space-between; }
header b { letter-spacing: .02em; }
header span { color: var(--quiet); font-size: .9rem; overflow-wrap: anywhere; text-align: right; }
main { width: calc(100% - 2rem); padding: 1.2rem 0 3rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: .4rem 0 1rem; }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
p { margin: .6rem 0; }
a { color: var(--act); }
code, pre, textarea.mono { font-family: ui-monospace, monospace; font-size: .9em; overflow-wrap: anywhere; }
pre { white-space: pre-wrap; background: var(--soft); border: 1px solid var(--line); border-radius: .4rem; padding: .7rem; }
label { display: block; margin: 1rem 0 .25rem; font-weight: 600; }
label small, .quiet { color: var(--quiet); font-weight: 400; font-size: .9rem; }
input, textarea, select { font: inherit; color: inherit; background: light-dark(#fff, #1b1f24); width: 100%;
  border: 1px solid light-dark(#8b929c, #6b737e); border-radius: .4rem; padding: .5rem .6rem; min-height: 2.6rem; }
::placeholder { color: var(--quiet); opacity: 1; }
:focus-visible { outline: 3px solid var(--act); outline-offset: 1px; }
button { font: inherit; font-weight: 600; color: var(--act); background: transparent; border: 1px solid var(--act);
  border-radius: .4rem; padding: .5rem 1.1rem; margin: 1rem .5rem 0 0; cursor: pointer; }
button.main { background: var(--act); color: var(--on-act); }
button.small { padding: .2rem .6rem; margin: 0 0 0 .4rem; font-size: .9rem; }
.actions { white-space: nowrap; }
button:disabled { opacity: .55; cursor: default; }
.card { border: 1px solid var(--line); border-radius: .5rem; padding: .2rem 1rem 1rem; margin: 1rem 0; background: var(--soft); }
.warn, .error, .good { border-left: .3rem solid var(--warn); padding: .5rem .8rem; background: var(--soft); border-radius: 0 .4rem .4rem 0; overflow-wrap: anywhere; }
.error { border-color: var(--bad); }
.good { border-color: var(--good); }
.or { display: flex; align-items: center; gap: .8rem; color: var(--quiet); margin: 1.2rem 0 0; }
.or::before, .or::after { content: ""; flex: 1; border-top: 1px solid var(--line); }
ul.rows { list-style: none; padding: 0; margin: 0; border-top: 1px solid var(--line); }
ul.rows li { display: flex; flex-wrap: wrap; gap: .3rem .5rem; align-items: center; border-bottom: 1px solid var(--line); padding: .6rem 0; }
ul.rows li > div { flex: 1 1 14rem; min-width: 0; overflow-wrap: anywhere; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(13rem, 1fr)); gap: 0 1rem; }
summary { cursor: pointer; padding: .35rem 0; }
dl.facts { display: grid; grid-template-columns: fit-content(11rem) 1fr; gap: .3rem 1rem; margin: .8rem 0 0; }
dl.facts dd { margin: 0; min-width: 0; overflow-wrap: anywhere; }
dl { margin: .3rem 0 .6rem 1rem; } dt { color: var(--quiet); font-size: .9rem; } dd { margin: 0 0 .3rem; }
label.tick { font-weight: 400; } label.tick input { width: auto; min-height: 0; margin-right: .4rem; }
.code { font-family: ui-monospace, monospace; letter-spacing: .12em; } p.code { font-size: 1.4rem; }
[hidden] { display: none !important; }
`
