import { hash } from 'node:crypto'

const STYLE = `
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0; background: light-dark(#fff, #15181c); color: light-dark(#1b1f24, #e6e9ed); }
header { border-bottom: 1px solid light-dark(#d0d4da, #3b4048); padding: .7rem 1rem; }
header b, main { display: block; max-width: 44rem; margin: 0 auto; }
main { width: calc(100% - 2rem); padding: 1.2rem 0 3rem; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: .4rem 0 1rem; }
code, pre { font-family: ui-monospace, monospace; font-size: .9em; }
pre { white-space: pre-wrap; background: light-dark(#f5f6f8, #1f2329); border: 1px solid light-dark(#d0d4da, #3b4048); border-radius: .4rem; padding: .7rem; }
`

/** What a plain page is sent with: it loads nothing, runs nothing and sends nothing; its style is known by its digest. */
export const PLAIN_PAGE_POLICY = `default-src 'none'; style-src 'sha256-${hash('sha256', STYLE, 'base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox`

/** One self-contained page without script. @param title @param body as HTML, escaped by whoever made them. */
export function plainPage(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title} · Remit</title>
<style>${STYLE}</style>
</head>
<body>
<header><b>Remit</b></header>
<main>
<h1>${title}</h1>
${body}
</main>
</body>
</html>
`
}
