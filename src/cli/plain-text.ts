/** Control characters, and those that reorder text: what an agent wrote must not drive the reader's terminal. */
// oxlint-disable-next-line no-control-regex -- control characters are what is being replaced
const UNSAFE = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u061C\u200B-\u200F\u2028-\u202E\u2060-\u2069\uFEFF]/g

/** Text from elsewhere as it may be shown on a terminal: line feeds and tabs stay, the rest becomes visible. */
export function plainText(text: string): string {
  return text.replaceAll(UNSAFE, (unsafe) => `\\u{${unsafe.codePointAt(0)?.toString(16) ?? ''}}`)
}

/** The same on one line. */
export function plainLine(text: string): string {
  return plainText(text).replaceAll(/[\n\t]+/g, ' ')
}
