import { isJsonObject } from '../../core/json.ts'

/** `name/version` of an `Implementation`, for records only: anybody can call itself anything. */
export function clientName(info: unknown): string | undefined {
  if (!isJsonObject(info)) return undefined
  const { name, version } = info
  if (typeof name !== 'string' || typeof version !== 'string') return undefined
  return `${name}/${version}`.slice(0, 128)
}
