/** The same language by another way: a regular expression, safe for the short texts of a test. */
export function oracle(pattern: string): RegExp {
  let source = ''
  for (let at = 0; at < pattern.length;) {
    let stars = 0
    while (pattern[at + stars] === '*') stars += 1
    if (stars === 0) {
      source += pattern[at]!.replace(/[.\\/]/, '\\$&')
      at += 1
    } else if (stars > 1 && pattern[at + stars] === '/' && (at === 0 || pattern[at - 1] === '/')) {
      source += '(?:[^]*\\/)?'
      at += stars + 1
    } else {
      source += stars === 1 ? '[^/]*' : '[^]*'
      at += stars
    }
  }
  return new RegExp(`^${source}$`, 'u')
}

/** Every text over `a`, `b`, `/` and `z` of at most that many characters. */
export function textsUpTo(length: number): string[] {
  const all = ['']
  for (let from = 0, round = 0; round < length; round += 1) {
    const to = all.length
    for (; from < to; from += 1) for (const char of 'ab/z') all.push(all[from]! + char)
  }
  return all
}
