import { isJsonObject, type Json } from './json.ts'

/** The value at an RFC 6901 pointer; `undefined` = there is none. */
export function valueAt(root: Json, pointer: string): Json | undefined {
  let at: Json | undefined = root
  for (const step of pointer.split('/').slice(1)) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~')
    if (Array.isArray(at)) at = (at as readonly Json[])[Number(name)]
    else if (at !== undefined && isJsonObject(at) && Object.hasOwn(at, name)) at = at[name]
    else return undefined
  }
  return at
}

/** A name of a member as a step of a pointer. */
export function pointerStep(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1')
}
