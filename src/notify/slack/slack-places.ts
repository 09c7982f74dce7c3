import type { Approval } from '../../core/approval.ts'
import type { HumanId } from '../../core/ids.ts'

/** Where those are asked whom a request escalates to. */
export interface SlackEscalation {
  /** Id of the conversation of a role or team. */
  conversationOf(group: string): string
  /** Who of it is somebody in Slack, as the configuration says now. */
  membersOf(group: string): readonly { readonly human: HumanId; readonly member: string }[]
}

/** Where one message of a request is. */
export interface SlackPlace {
  /** Under what it is kept which message that is. */
  readonly key: string
  readonly conversation: string
  /** Absent = the first one. */
  readonly asked?: AskedGroup
}

export interface AskedGroup {
  readonly group: string
  /** Ids of Slack. */
  readonly members: readonly string[]
}

/** More would be noise. */
const MOST_MENTIONED = 20

/** The first message of a request, and one for each group of whom it was told that they may answer as well. */
export function placesOf(
  approval: Approval,
  told: { readonly conversation: string; readonly escalation: SlackEscalation },
): readonly SlackPlace[] {
  const { id, gates, escalated = [], human } = approval
  const groups = gates.flatMap(({ scope, escalateTo }) =>
    escalateTo !== undefined && escalated.includes(scope) ? [escalateTo] : [],
  )
  return [
    { key: id, conversation: told.conversation },
    ...[...new Set(groups)].map((group) => ({
      key: `${id} to ${group}`,
      conversation: told.escalation.conversationOf(group),
      asked: {
        group,
        // Whose task it is need not be called.
        members: told.escalation
          .membersOf(group)
          .filter((each) => each.human !== human)
          .map(({ member }) => member)
          .slice(0, MOST_MENTIONED),
      },
    })),
  ]
}
