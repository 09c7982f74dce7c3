/** A word of a command line, with where it stands, in UTF-16 code units. */
export interface CommandWord {
  readonly text: string
  readonly span: readonly [number, number]
}

/** One program and plain words: nothing that a shell expands, quotes, joins, assigns or redirects. */
const PLAIN_COMMAND = /^[A-Za-z][\w.+-]*(?: [\w./+@:,%=-]+)+$/

/** Flags that take no value, whatever the program. After any other the next word may be its value. */
const ALONE = new Set(['--', '--fix', '--write', '--check', '--quiet', '--verbose', '-q', '-v'])

/** The words of a command line that is one plain command; undefined = it is more, or less. */
export function plainWords(command: string): readonly CommandWord[] | undefined {
  if (!PLAIN_COMMAND.test(command)) return undefined
  return [...command.matchAll(/[^ ]+/g)].map(({ 0: text, index }) => ({
    text,
    span: [index, index + text.length],
  }))
}

/** Whether a word can be nothing but the name of a file that the program is given. */
export function isFileOperand(words: readonly CommandWord[], at: number): boolean {
  const word = words[at]?.text
  const before = words[at - 1]?.text
  if (word === undefined || before === undefined) return false
  return isPlainPath(word) && /[./]/.test(word) && (!before.startsWith('-') || ALONE.has(before))
}

/** Of a file: no flag, host, URL, ref, pattern or assignment, no step upwards, and nothing hidden. */
export function isPlainPath(text: string): boolean {
  const steps = text.replace(/^\.\//, '').split('/')
  return /^[\w/][\w./+-]*$/.test(steps.join('/')) && !steps.some((step) => step.startsWith('.'))
}

/** As an argument of its own, with spaces and hidden folders: where it leads was found out already. */
export function isSteadyPath(text: string): boolean {
  return /^[\w./][\w ./+@-]*$/.test(text) && !text.split('/').includes('..')
}
