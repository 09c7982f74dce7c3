import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'

/** Words that mean the same however they are quoted: no tilde, no glob, no expansion, no assignment. */
const PLAIN = /^[\w./:@,+%-]+$/

/** Attacks of the list that are one simple command of plain words. */
export function simpleAttacks(): readonly (readonly string[])[] {
  return readFileSync(join(import.meta.dirname, '../classify/commands/must-not.txt'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(' '))
    .filter((words) => words.every((word) => PLAIN.test(word)))
}

const hex = (word: string) =>
  word
    .split('')
    .map((char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`)
    .join('')
const octal = (word: string) =>
  word
    .split('')
    .map((char) => `\\${char.charCodeAt(0).toString(8)}`)
    .join('')

/** Ways to write one word. */
const WORD_FORMS: readonly ((word: string) => string)[] = [
  (word) => word,
  (word) => word,
  (word) => `"${word}"`,
  (word) => `'${word}'`,
  (word) => `$'${word}'`,
  (word) => `$'${hex(word)}'`,
  (word) => `$'${octal(word)}'`,
  (word) => `${word.slice(0, 1)}""${word.slice(1)}`,
  (word) => `"${word.slice(0, 1)}"${word.slice(1)}`,
  (word) => `${word.slice(0, 1)}''${word.slice(1)}`,
  (word) =>
    word
      .split('')
      .map((char) => (/\w/.test(char) ? `\\${char}` : char))
      .join(''),
  (word) => `${word.slice(0, 1)}\\\n${word.slice(1)}`,
]

const GAPS = [' ', ' ', '  ', '\t', ' \\\n ', ' \t ', '${IFS}', '$IFS', '   ']

/** Folders in which programs lie: not the same program for one that is named by its path. */
const FOLDERS: readonly ((program: string) => string)[] = [
  (program) => `/bin/${program}`,
  (program) => `/usr/bin/${program}`,
]

/** Names under which the same program starts. */
const STARTS: readonly ((program: string) => string)[] = [
  (program) => program,
  (program) => program,
  (program) => `\\${program}`,
  ...FOLDERS,
  (program) => `command ${program}`,
  (program) => `command -- ${program}`,
  (program) => `exec ${program}`,
  (program) => `builtin ${program}`,
  (program) => `env ${program}`,
  (program) => `env A=b ${program}`,
  (program) => `/usr/bin/env ${program}`,
  (program) => `busybox ${program}`,
  (program) => `nice -n 5 ${program}`,
  (program) => `nohup ${program}`,
  (program) => `timeout 5 ${program}`,
  (program) => `time ${program}`,
  (program) => `setsid ${program}`,
  (program) => `stdbuf -oL ${program}`,
  (program) => `xargs ${program}`,
  (program) => `sudo ${program}`,
  (program) => `A=b ${program}`,
  (program) => `! ${program}`,
]

const quoted = (line: string) => `'${line.replaceAll("'", `'\\''`)}'`

/** Places where a command line runs as it would alone. */
const PLACES: readonly ((line: string) => string)[] = [
  (line) => line,
  (line) => line,
  (line) => ` ${line} `,
  (line) => `${line} # a comment`,
  (line) => `# a comment\n${line}`,
  (line) => `${line};`,
  (line) => `${line} &`,
  (line) => `${line} > /dev/null 2>&1`,
  (line) => `true && ${line}`,
  (line) => `false || ${line}`,
  (line) => `true; ${line}`,
  (line) => `ls\n${line}`,
  (line) => `${line} | cat`,
  (line) => `(${line})`,
  (line) => `{ ${line}; }`,
  (line) => `if true; then ${line}; fi`,
  (line) => `for i in 1 2; do ${line}; done`,
  (line) => `while :; do ${line}; break; done`,
  (line) => `case x in x) ${line};; esac`,
  (line) => `f() { ${line}; }; f`,
  (line) => `function f { ${line}; }\nf`,
  (line) => `echo "$(${line})"`,
  (line) => `echo \`${line.replaceAll(/[\\`$]/g, '\\$&')}\``,
  (line) => `x=$(${line})`,
  (line) => `cat <(${line})`,
  (line) => `[ -n "$(${line})" ]`,
  (line) => `sh -c ${quoted(line)}`,
  (line) => `bash -c ${quoted(line)}`,
  (line) => `eval ${quoted(line)}`,
  (line) => `bash <<< ${quoted(line)}`,
  (line) => `sh <<'X'\n${line}\nX`,
  (line) => `echo ${quoted(line)} | sh`,
  (line) => `trap ${quoted(line)} EXIT`,
  (line) => `cat <<X\n$(${line})\nX`,
  (line) => `echo \${x:-$(${line})}`,
]

/** One of some attacks, written in another way that does the same. */
export function disguised(
  attacks: readonly (readonly string[])[],
): fc.Arbitrary<{ readonly plain: string; readonly line: string }> {
  const index = (list: readonly unknown[]) => fc.nat(list.length - 1)
  return fc
    .record({
      attack: index(attacks),
      forms: fc.array(index(WORD_FORMS), { minLength: 12, maxLength: 12 }),
      gaps: fc.array(index(GAPS), { minLength: 12, maxLength: 12 }),
      start: index(STARTS),
      places: fc.array(index(PLACES), { minLength: 1, maxLength: 3 }),
      braces: fc.integer({ min: 0, max: 19 }),
    })
    .map(({ attack, forms, gaps, start, places, braces }) => {
      const words = attacks[attack] ?? []
      const written = words.map((word, at) => (WORD_FORMS[forms[at % 12] ?? 0] ?? String)(word))
      const joined =
        braces === 0 && words.length > 1
          ? `{${words.join(',')}}`
          : written.map((word, at) => (at === 0 ? word : (GAPS[gaps[at % 12] ?? 0] ?? ' ') + word)).join('')
      const named = STARTS[start] ?? String
      const started = FOLDERS.includes(named) && words[0]?.includes('/') === true ? joined : named(joined)
      return {
        plain: words.join(' '),
        line: places.reduce((line, place) => (PLACES[place] ?? String)(line), started),
      }
    })
}
