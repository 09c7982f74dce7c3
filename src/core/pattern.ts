import { memoised } from './memoised.ts'

/**
 * Scope patterns, matched and compared as automata: no backtracking, and "is a part of" is exact.
 *
 * - `*`   any run of characters but `/`, also the empty one
 * - `**`  any run at all, also the empty one
 * - `**` + `/` at the start or after a `/`: any folders, also none: `**` + `/x` matches `x` and `a/b/x`
 * - everything else itself, compared by UTF-16 code unit; there is no escape
 *
 * `src/**` matches `src/a` and `src/`, not `src`. Whoever compares hosts lower-cases both sides first.
 */
interface Automaton {
  /** For each state the character that leads to the next one; '' = none. */
  readonly next: readonly string[]
  /** For each state what it may read and stay: 0 nothing, 1 all but `/`, 2 anything. */
  readonly loop: readonly (0 | 1 | 2)[]
  /** For each state those that it reaches without reading, itself among them. */
  readonly closure: readonly (readonly number[])[]
  readonly accept: number
  /** Literal text before the first star. */
  readonly prefix: string
}

/** Stands for every character that neither pattern names. */
const OTHER = '\u0000other'
/** Beyond this many pairs of states two patterns count as not comparable, which only ever refuses. */
const MAX_PAIRS = 50_000

/** Whether the whole text is matched: time proportional to text × pattern at worst. */
export function matchesPattern(pattern: string, text: string): boolean {
  const star = pattern.indexOf('*')
  if (star === -1) return pattern === text
  const automaton = compile(pattern)
  return run(automaton, text).has(automaton.accept)
}

/** Whether every text that `a` matches is matched by `b`. */
export function isSubpattern(a: string, b: string): boolean {
  if (a === b) return true
  const whole = compile(b)
  return isIncluded(compile(a), whole, start(whole))
}

/** Whether some text is matched by both. */
export function overlap(a: string, b: string): boolean {
  const left = compile(a)
  const right = compile(b)
  const letters = alphabet(left, right)
  const seen = new Set<number>()
  const open: [number, number][] = [[0, 0]]
  for (let pair = open.pop(); pair !== undefined; pair = open.pop()) {
    for (const p of reachable(left, pair[0])) {
      for (const q of reachable(right, pair[1])) {
        const key = p * right.next.length + q
        if (seen.has(key)) continue
        seen.add(key)
        if (p === left.accept && q === right.accept) return true
        for (const letter of letters) {
          for (const p2 of step(left, p, letter)) {
            for (const q2 of step(right, q, letter)) open.push([p2, q2])
          }
        }
      }
    }
  }
  return false
}

/** Whether the pattern matches every text that begins with `prefix`: a folder (with its `/`) and all below it. */
export function matchesEverythingBelow(pattern: string, prefix: string): boolean {
  const automaton = compile(pattern)
  return isIncluded(compile('**'), automaton, run(automaton, prefix))
}

/** Whether all that `a` matches is matched by `b` when `b` begins in `states`: an inclusion of automata. */
function isIncluded(a: Automaton, b: Automaton, states: ReadonlySet<number>): boolean {
  const letters = alphabet(a, b)
  const seen = new Set<string>()
  const open: [number, ReadonlySet<number>][] = [[0, states]]
  for (let pair = open.pop(); pair !== undefined; pair = open.pop()) {
    const [from, there] = pair
    const name = [...there].toSorted((x, y) => x - y).join(',')
    for (const state of reachable(a, from)) {
      const key = `${state}:${name}`
      if (seen.has(key)) continue
      if (seen.size >= MAX_PAIRS) return false
      seen.add(key)
      if (state === a.accept && !there.has(b.accept)) return false
      for (const letter of letters) {
        for (const next of step(a, state, letter)) open.push([next, advance(b, there, letter)])
      }
    }
  }
  return true
}

const compile = memoised(build)

function build(pattern: string): Automaton {
  const next: string[] = []
  const loop: (0 | 1 | 2)[] = []
  const skips: number[][] = []
  const add = (char: string, stay: 0 | 1 | 2, skip: number[]) => {
    next.push(char)
    loop.push(stay)
    skips.push(skip)
  }
  let at = 0
  while (at < pattern.length) {
    const char = pattern.charAt(at)
    let stars = 0
    while (pattern.charAt(at + stars) === '*') stars += 1
    const state = next.length
    if (stars === 0) {
      add(char, 0, [])
      at += 1
    } else if (stars >= 2 && pattern.charAt(at + stars) === '/' && (at === 0 || pattern[at - 1] === '/')) {
      add('', 0, [state + 1, state + 2])
      add('/', 2, [])
      at += stars + 1
    } else {
      add('', stars === 1 ? 1 : 2, [state + 1])
      at += stars
    }
  }
  add('', 0, [])
  const star = pattern.indexOf('*')
  return {
    next,
    loop,
    closure: closures(skips),
    accept: next.length - 1,
    prefix: star === -1 ? pattern : pattern.slice(0, star),
  }
}

/** Skips only lead forward, so one pass from the end closes them. */
function closures(skips: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const all: (readonly number[])[] = []
  for (let state = skips.length - 1; state >= 0; state -= 1) {
    const reached = new Set([state])
    for (const skip of skips[state] ?? []) for (const further of all[skip] ?? []) reached.add(further)
    all[state] = [...reached]
  }
  return all
}

function start(automaton: Automaton): ReadonlySet<number> {
  return new Set(reachable(automaton, 0))
}

/** The states that stand for `state`, since no letter has to be read to reach them. */
function reachable(automaton: Automaton, state: number): readonly number[] {
  return automaton.closure[state] ?? []
}

function run(automaton: Automaton, text: string): ReadonlySet<number> {
  const { prefix } = automaton
  let at = 0
  let states: ReadonlySet<number> = start(automaton)
  // The literal head has one state a character, so that most texts are refused by one comparison.
  if (text.startsWith(prefix)) {
    at = prefix.length
    states = new Set(reachable(automaton, at))
  } else if (text.length >= prefix.length) {
    return new Set()
  }
  for (; at < text.length && states.size > 0; at += 1) states = advance(automaton, states, text.charAt(at))
  return states
}

function advance(automaton: Automaton, states: ReadonlySet<number>, letter: string): ReadonlySet<number> {
  const reached = new Set<number>()
  for (const state of states) {
    for (const next of step(automaton, state, letter)) {
      for (const closed of reachable(automaton, next)) reached.add(closed)
    }
  }
  return reached
}

function step(automaton: Automaton, state: number, letter: string): readonly number[] {
  const loop = automaton.loop[state]
  const stays = loop === 2 || (loop === 1 && letter !== '/')
  const moves = automaton.next[state] === letter
  if (stays) return moves ? [state, state + 1] : [state]
  return moves ? [state + 1] : []
}

function alphabet(a: Automaton, b: Automaton): readonly string[] {
  const letters = new Set(['/', OTHER, ...a.next, ...b.next])
  letters.delete('')
  return [...letters]
}
