import type { Flag } from './command.ts'

/**
 * The words of a command line, each flag that takes a value joined with the word after it (`--name=value`), unless
 * that word is a flag of the same command. `parseArgs` of Node refuses a value that begins with a dash, and what
 * is base64url (a thumbprint, a token) does so once in 64 times.
 */
export function joinValues(args: readonly string[], flags: readonly Flag[]): readonly string[] {
  const joined: string[] = []
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index] ?? ''
    if (word === '--') return [...joined, ...args.slice(index)]
    const value = args[index + 1]
    if (value !== undefined && takesValue(word, flags) && isDashed(value) && !isFlag(value, flags)) {
      joined.push(`${word}=${value}`)
      index += 1
    } else {
      joined.push(word)
    }
  }
  return joined
}

function takesValue(word: string, flags: readonly Flag[]): boolean {
  return flags.some((flag) => flag.takes !== undefined && word === `--${flag.name}`)
}

function isDashed(word: string): boolean {
  return word.startsWith('-') && word !== '-' && word !== '--'
}

function isFlag(word: string, flags: readonly Flag[]): boolean {
  return word === '-h' || flags.some(({ name }) => word === `--${name}` || word.startsWith(`--${name}=`))
}
