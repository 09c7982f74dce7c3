import type { Decision } from '../core/decision.ts'
import { MOST_SHOWN } from '../core/world.ts'
import { foldText, visibleText } from '../core/visible-text.ts'
import type { ConsideredCall } from './consider-call.ts'
import type { Look } from './world/look-at-world.ts'

/** What a reason names where nobody could be shown what they would agree to. */
export const UNSHOWN = 'remit:unshown'

/**
 * Why nobody can be asked about a call that Remit does not understand: the whole text that would run cannot be shown.
 * Undefined = it can, or Remit understands the call itself.
 */
export function whyUnshown(
  { call, classification }: ConsideredCall,
  look: Look | undefined,
): string | undefined {
  if (!classification.operations.some(({ opaque }) => opaque)) return undefined
  const size = JSON.stringify(call.arguments).length
  if (size > MOST_SHOWN)
    return `its arguments are ${size} characters long, and nobody is asked to agree to more than ${MOST_SHOWN} that Remit does not understand; do it in smaller steps`
  const shown = look?.seen.texts.reduce((sum, { text }) => sum + text.length, 0) ?? 0
  if (shown > MOST_SHOWN)
    return `the files that it would run hold ${shown} characters, and nobody is asked to agree to more than ${MOST_SHOWN} that Remit does not understand; run fewer of them at once`
  const [file] = look?.seen.unshown ?? []
  return file === undefined
    ? undefined
    : `\`${visibleText(foldText(file, 160, 80))}\`, which it would run, is no text of at most ${MOST_SHOWN} bytes, so that nobody can be shown what they would agree to; run it in a sandbox, or through a target of the project’s build, or let your human run it`
}

export function unshownDecision(asked: Decision, why: string): Decision {
  return {
    ...asked,
    effect: 'deny',
    reasons: [{ policy: UNSHOWN, text: why }, ...asked.reasons],
    policies: [...new Set([UNSHOWN, ...asked.policies])].toSorted(),
    gates: [],
  }
}
