/**
 * Text of others in Slack's mrkdwn. `&`, `<` and `>` are all that can begin a link, a mention or `<!channel>`
 * (https://docs.slack.dev/messaging/formatting-message-text#escaping); whatever else is markup has no meaning within a
 * fence, and three backticks, which would end it, are written as code points.
 */

/** Characters of one text object, as they are sent: Slack takes 3,000. */
const MOST_IN_BLOCK = 2_900
const FENCE = '```'
const ENOUGH = /[^]{1,580}/gu

export function escapeMrkdwn(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** Blocks that show a text as it is, in its order and whole. */
export function fenced(text: string): readonly object[] {
  return pieces(sealed(text)).map((piece) => section(`${FENCE}\n${escapeMrkdwn(piece)}\n${FENCE}`))
}

/** @param text mrkdwn of Remit's own, with everything else in it escaped. */
export function section(text: string): object {
  // `verbatim`: names and addresses in it are not made into links.
  return { type: 'section', text: { type: 'mrkdwn', text, verbatim: true } }
}

/** How much of what Slack takes a text costs once it is fenced. */
export function costOf(text: string): number {
  return escapeMrkdwn(sealed(text)).length
}

function sealed(text: string): string {
  return text.replaceAll(/`{3,}/g, (run) => '\\u{60}'.repeat(run.length))
}

/** Cut between lines where that is possible, else between characters. */
function pieces(text: string): readonly string[] {
  const found: string[] = []
  let piece = ''
  let cost = 0
  for (const part of text.split(/(?<=\n)/).flatMap(shortened)) {
    const more = escapeMrkdwn(part).length
    if (cost + more > MOST_IN_BLOCK && piece !== '') {
      found.push(piece.replace(/\n$/, ''))
      piece = ''
      cost = 0
    }
    piece += part
    cost += more
  }
  return [...found, piece.replace(/\n$/, '')]
}

/** A line that is too long for any block, in parts of which each fits. */
function shortened(line: string): readonly string[] {
  if (escapeMrkdwn(line).length <= MOST_IN_BLOCK) return [line]
  // A character costs five at most (`&amp;`), and no other is longer than two units.
  return line.match(ENOUGH) ?? []
}
