/** Cells of the table that a comparison may fill; beyond it the differing middle is shown as replaced whole. */
const MAX_CELLS = 1_000_000
const CONTEXT = 3

interface Line {
  readonly sign: ' ' | '-' | '+'
  readonly text: string
}

/** A unified diff of two texts, by lines, with three lines of context; no header. Empty = no difference. */
export function lineDiff(before: string, after: string): readonly string[] {
  if (before === after) return []
  const lines = compare(splitLines(before), splitLines(after))
  const shown = new Set<number>()
  lines.forEach((line, at) => {
    if (line.sign === ' ') return
    for (let near = at - CONTEXT; near <= at + CONTEXT; near += 1) shown.add(near)
  })
  const diff: string[] = []
  let numbers = { before: 1, after: 1 }
  let inHunk = false
  lines.forEach((line, at) => {
    if (shown.has(at)) {
      if (!inHunk) diff.push(`@@ line ${numbers.before} ▸ line ${numbers.after} @@`)
      diff.push(line.sign + line.text)
    }
    inHunk = shown.has(at)
    numbers = {
      before: numbers.before + (line.sign === '+' ? 0 : 1),
      after: numbers.after + (line.sign === '-' ? 0 : 1),
    }
  })
  return diff
}

/** A missing line feed at the end, and a carriage return, are differences that somebody must be able to see. */
function splitLines(text: string): readonly string[] {
  if (text === '') return []
  const lines = text.split('\n')
  const last = lines.pop() ?? ''
  return last === '' ? lines : [...lines, `${last} ⟨no line feed at the end⟩`]
}

function compare(before: readonly string[], after: readonly string[]): readonly Line[] {
  let head = 0
  while (head < before.length && head < after.length && before[head] === after[head]) head += 1
  let tail = 0
  while (
    tail < before.length - head &&
    tail < after.length - head &&
    before[before.length - 1 - tail] === after[after.length - 1 - tail]
  ) {
    tail += 1
  }
  const keep = (text: string): Line => ({ sign: ' ', text })
  return [
    ...before.slice(0, head).map(keep),
    ...compareMiddle(before.slice(head, before.length - tail), after.slice(head, after.length - tail)),
    ...before.slice(before.length - tail).map(keep),
  ]
}

/** Longest common subsequence, filled from the end so that it is read from the start. */
function compareMiddle(before: readonly string[], after: readonly string[]): readonly Line[] {
  const width = after.length + 1
  const lengths = before.length * after.length <= MAX_CELLS ? fill(before, after) : undefined
  const lengthAt = (a: number, b: number): number => lengths?.[a * width + b] ?? 0
  const lines: Line[] = []
  let a = 0
  let b = 0
  while (a < before.length || b < after.length) {
    const [old, fresh] = [before[a], after[b]]
    if (lengths !== undefined && old !== undefined && old === fresh) {
      lines.push({ sign: ' ', text: old })
      a += 1
      b += 1
    } else if (old !== undefined && (fresh === undefined || lengthAt(a + 1, b) >= lengthAt(a, b + 1))) {
      lines.push({ sign: '-', text: old })
      a += 1
    } else {
      lines.push({ sign: '+', text: fresh ?? '' })
      b += 1
    }
  }
  return lines
}

function fill(before: readonly string[], after: readonly string[]): Uint32Array {
  const width = after.length + 1
  const lengths = new Uint32Array((before.length + 1) * width)
  for (let a = before.length - 1; a >= 0; a -= 1) {
    for (let b = after.length - 1; b >= 0; b -= 1) {
      lengths[a * width + b] =
        before[a] === after[b]
          ? (lengths[(a + 1) * width + b + 1] ?? 0) + 1
          : Math.max(lengths[(a + 1) * width + b] ?? 0, lengths[a * width + b + 1] ?? 0)
    }
  }
  return lengths
}
