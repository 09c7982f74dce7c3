import { rows, to, tool, whole } from './describe-tool.ts'
import type { CatalogueEntry, ToolEntry } from './entry.ts'

/** `@modelcontextprotocol/server-slack` 2025.4.25 and its successors with the same tools. */
export const SLACK: CatalogueEntry = new Map<string, ToolEntry>([
  ['slack_post_message', tool([to('channel_id', 'recipient', ['message.send'])], 'text')],
  ['slack_reply_to_thread', tool([to('channel_id', 'recipient', ['message.send'])], 'thread_ts text')],
  ['slack_add_reaction', tool([to('channel_id', 'recipient', ['message.send'])], 'timestamp reaction')],
  ...rows(
    `slack_list_channels limit cursor
     slack_get_channel_history channel_id limit
     slack_get_thread_replies channel_id thread_ts
     slack_get_users cursor limit
     slack_get_user_profile user_id`,
    (plain) => whole(['data.read'], plain),
  ),
])
