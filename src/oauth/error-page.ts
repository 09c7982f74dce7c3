/** Where no client can be told: the human reads what is wrong. */
export function errorPage(error: string, description: string | undefined): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Not possible · Remit</title></head>
<body><main><h1>This cannot be delegated</h1>
<p><code>${escapeText(error)}</code>: ${escapeText(description ?? 'the request is not complete')}</p>
<p>Nothing was given to anybody. Start again in your agent.</p></main></body>
</html>
`
}

function escapeText(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
