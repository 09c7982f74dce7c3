import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'

/** Switches for all hooks: of Claude Code and Copilot CLI, of Gemini CLI and of Codex. */
const SWITCHES: readonly (readonly [at: readonly string[], off: boolean])[] = [
  [['disableAllHooks'], true],
  [['hooksConfig', 'enabled'], false],
  [['features', 'hooks'], false],
]

/** Variables that say where a hook looks for its gateway, and what it runs. */
const LEADING = /^(?:REMIT_\w+|XDG_\w+|HOME|PATH|ENV|BASH_ENV|CURL_HOME|NODE_OPTIONS|LD_\w+|DYLD_\w+)$/

/** Whether settings of an agent keep its hooks from running. */
export function isSwitchedOff(settings: JsonObject): boolean {
  return SWITCHES.some(([at, off]) => memberAt(settings, at) === off)
}

/** Whether settings give hooks an environment in which they may ask somebody else (`env` of Claude Code). */
export function isLedAstray({ env }: JsonObject): boolean {
  return isJsonObject(env) && Object.keys(env).some((name) => LEADING.test(name))
}

export function memberAt(value: Json | undefined, path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>((at, name) => (isJsonObject(at) ? at[name] : undefined), value)
}
