import type { GrantOffer } from '../core/approval.ts'
import { foldText, visibleText } from '../core/visible-text.ts'
import type { SeenWorld } from './world.ts'

/** What agreeing for the rest of the task lets run, as it is offered. */
export function offerLines(
  { covers, wider = [], expires }: GrantOffer,
  world: SeenWorld | undefined,
): readonly string[] {
  const notes = covers.notes.map((name) => `\`${visibleText(foldText(name, 80, 40))}\``).join(', ')
  const but = notes === '' ? '' : ` but for its note ${notes}`
  const steering = (world?.sights ?? []).filter(({ steers }) => steers === true).length
  const runsCode = covers.operations.some(({ action }) => action === 'code.execute')
  return [
    `approve for the rest of the task (until ${new Date(expires).toISOString()}): whenever this task, and no other, asks for the same tool with the same arguments${but}, doing the same to the same targets, it runs without asking`,
    ...(steering === 0
      ? []
      : [
          `  you are asked again once one of the ${steering} scripts and manifests that are held above, or absent there, is another`,
        ]),
    ...(runsCode
      ? [
          `  it runs whatever ${steering === 0 ? 'the' : 'all other'} files hold by then, also what the agent has changed since you looked`,
        ]
      : []),
    ...wider.flatMap(widerLine),
    '  anything else asks again; every use is on record; `remit grants revoke` ends it at once',
  ]
}

function widerLine({ wider }: NonNullable<GrantOffer['wider']>[number]): readonly string[] {
  if (wider === undefined) return []
  const text = visibleText(foldText(wider.text, 300, 100))
  return [`  or, widened along \`${wider.axis}\`: ${text}, all else being the same`]
}
