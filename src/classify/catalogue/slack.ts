import { rows, to, tool, whole } from './describe-tool.ts'
import type { CatalogueEntry, ToolEntry } from './entry.ts'

/**
 * `@modelcontextprotocol/server-slack` 2025.4.25 and its successors with the same tools; `slack-mcp-server` (korotovsky) at
 * b24b1b0 (3 March 2026).
 */
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
  [
    'conversations_add_message',
    tool([to('channel_id', 'recipient', ['message.send'])], 'thread_ts text payload content_type'),
  ],
  ['reactions_add', tool([to('channel_id', 'recipient', ['message.send'])], 'timestamp emoji')],
  ['reactions_remove', tool([to('channel_id', 'recipient', ['message.send'])], 'timestamp emoji')],
  ['conversations_mark', whole(['data.write'], 'channel_id ts')],
  ...rows(
    `
  conversations_history channel_id include_activity_messages cursor limit
  conversations_replies channel_id thread_ts include_activity_messages cursor limit
  attachment_get_data file_id
  conversations_search_messages search_query filter_in_channel filter_in_im_or_mpim filter_users_with filter_users_from filter_date_before filter_date_after filter_date_on filter_date_during filter_threads_only cursor limit
  users_search query limit
  conversations_unreads include_messages channel_types max_channels max_messages_per_channel mentions_only include_muted
  channels_list channel_types sort limit cursor
  usergroups_list include_users include_count include_disabled`,
    (plain) => whole(['data.read'], plain),
  ),
  // Who is told of what, and whom a mention reaches.
  ...rows(
    `
  usergroups_me action usergroup_id
  usergroups_create name handle description channels
  usergroups_update usergroup_id name handle description channels
  usergroups_users_update usergroup_id users`,
    (plain) => whole(['account.administer'], plain),
  ),
])
