import { type Scope, SCOPE_DIMENSIONS, type ScopeDimension } from './scope.ts'

/** A scope in words: each dimension that it limits, with its patterns as they were given. */
export function scopeWords(scope: Scope): string {
  const words = SCOPE_DIMENSIONS.flatMap((dimension) => {
    const patterns = scope[dimension]
    return patterns === undefined ? [] : [`${dimension}: ${patterns.join(' ') || 'none'}`]
  })
  return words.length === 0 ? 'whatever policy allows' : words.join('; ')
}

/** In what a task has less than the one that it comes from. */
export function narrowedDimensions(child: Scope, parent: Scope): readonly ScopeDimension[] {
  return SCOPE_DIMENSIONS.filter(
    (dimension) =>
      child[dimension] !== undefined &&
      JSON.stringify(child[dimension]) !== JSON.stringify(parent[dimension]),
  )
}

/** What of a scope was given on: only the dimensions in which the child has less. */
export function narrowedWords(child: Scope, parent: Scope): string {
  const dimensions = narrowedDimensions(child, parent)
  if (dimensions.length === 0) return 'the same scope'
  return `only ${scopeWords(Object.fromEntries(dimensions.map((each) => [each, child[each]])))}`
}
