import { isJsonObject } from '../core/json.ts'
import type { Config } from './config-schema.ts'
import { pathText } from './describe-config-issue.ts'
import { referenceOf } from './secrets.ts'

/**
 * Where configurations name a secret: servers by their name, every other place by its path. Any text anywhere in them
 * counts, so that a setting which takes a secret one day is found here without being listed.
 */
export function secretUsers(configs: readonly Config[], name: string): readonly string[] {
  const users = configs.flatMap((config) => [...placesOf(config, name, [])])
  const named = users.map((path) => (path[0] === 'servers' ? String(path[1]) : pathText(path)))
  return [...new Set(named)].toSorted()
}

type Path = readonly (string | number)[]

function* placesOf(value: unknown, name: string, path: Path): Generator<Path> {
  if (typeof value === 'string') {
    if (referenceOf(value) === name) yield path
  } else if (Array.isArray(value)) {
    for (const [at, inner] of value.entries()) yield* placesOf(inner, name, [...path, at])
  } else if (isJsonObject(value)) {
    for (const [key, inner] of Object.entries(value)) yield* placesOf(inner, name, [...path, key])
  }
}
