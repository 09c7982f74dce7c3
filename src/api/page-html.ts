import { Html, markup, NOTHING } from './html.ts'

const STYLE = new Html(`
  body {
    font:
      1rem/1.5 system-ui,
      sans-serif;
    max-width: 46rem;
    margin: 2rem auto;
    padding: 0 1rem;
  }
  label {
    display: block;
    margin: 0.8rem 0 0.2rem;
  }
  input,
  textarea,
  select {
    font: inherit;
    width: 100%;
    box-sizing: border-box;
  }
  textarea {
    font-family: ui-monospace, monospace;
  }
  .warn {
    border-left: 0.3rem solid #b35900;
    padding-left: 0.8rem;
  }
  .error {
    border-left: 0.3rem solid #b00020;
    padding-left: 0.8rem;
  }
  .code {
    font:
      2rem ui-monospace,
      monospace;
    letter-spacing: 0.1em;
  }
  input[type='checkbox'] {
    width: auto;
  }
  button {
    font: inherit;
    padding: 0.4rem 1rem;
    margin: 1rem 0.5rem 0 0;
  }
`)

/** The whole page. Its only style is the one that the nonce allows; nothing is loaded from anywhere. */
export function pageOf(title: string, body: Html, { nonce, next }: { nonce: string; next?: string }): string {
  const refresh = next === undefined ? NOTHING : markup`<meta http-equiv="refresh" content="0;url=${next}" />`
  return markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        ${refresh}
        <title>${title} · Remit</title>
        <style nonce="${nonce}">${STYLE}</style>
      </head>
      <body>
        <main>
          <h1>${title}</h1>
          ${body}
        </main>
      </body>
    </html> `.text
}
