import type { InferredTool } from './infer-tool.ts'

export type GuessedKind =
  | 'path'
  | 'written-path'
  | 'url'
  | 'host'
  | 'sql'
  | 'recipient'
  | 'command'
  | 'injected'

const MAX_PATH = 4_096
/** Text that is a path wherever it stands. */
const CLEARLY_PATH = /^(\/(?!\/?\s)|~|\.{1,2}[/\\]|file:|[A-Za-z]:[\\/]|\\\\)/i
/** Names of arguments whose text is a path whatever it looks like. */
export const PATH_NAME =
  /(^|_|-)(path|file|filename|filepath|dir|directory|folder|cwd|root|workdir)(s|_?name|_?path)?$|(Path|File|Dir|Directory|Folder)s?$/
/** A path that a reading tool would write to. */
const WRITTEN =
  /^(?:out|output|dest|destination|target|save|export|download)(?:_?(?:path|file|filename|dir|directory|to))?$/i
const URL_TEXT = /^\s*(?:https?|wss?|ftp|ssh|git|postgres(?:ql)?|mysql|mongodb(?:\+srv)?|redis|amqp):\/\//i
const URL_NAME =
  /^(?:url|uri|urls|uris|href|link|endpoint|webhook|webhook_?url|base_?url|callback_?url|image_?url|website)$/i
const HOST_NAME = /^(?:host|hostname|ip|ip_?address|remote_?host|server_?host)$/i
const SQL_NAME = /^(?:sql|sql_?(?:query|text|statement|string)|statement)$/i
const QUERY_NAME = /^(?:query|q|queries|statements)$/i
const SQL_TOOL = /sql|postgres|sqlite|bigquery|snowflake|duckdb|clickhouse|redshift|database|\bdb\b/
const SQL_TEXT =
  /^\s*(?:select|insert|update|delete|with|drop|create|alter|truncate|grant|merge|copy|explain)\s+\S/i
const RECIPIENT_NAME =
  /^(?:to|cc|bcc|recipients?|recipient_?(?:id|email|name|account)s?|to_?(?:address|addresses|email|user)|send_?to|participants|attendees|invitees|reply_?to|forward_?to|phone_?numbers?|email_?address|user_?email|iban|payee|beneficiary)$/i
const COMMAND_NAME = /^(?:command|commands|cmd|argv|bash|shell|script|scripts|exec)$/i
const CODE_NAME = /^(?:code|source_?code|javascript|js|python|expression|function|snippet|program)$/i
/** Names of things that are looked up by them, in which no shell or template belongs. */
const REFERENCE_NAME =
  /(?:^|_)(?:id|ids|key|name|ref|branch|tag|sha|slug|version|node|file|path|host|domain|user|repo|owner)$|(?:Id|Ids|Key|Name|Ref|Path|Branch)$/
const INJECTION = /\$\(|`|\$\{|[;&|]\s*[a-z./~]|\n|\{\{|<%|\bjavascript:|%0[ad]/i

/** What a string argument may name; more than one where it could be either. */
export function kindOfArgument(
  text: string,
  name: string,
  { tool, about = '' }: { readonly tool?: InferredTool; readonly about?: string },
): readonly GuessedKind[] {
  if (text === '') return []
  const kinds: GuessedKind[] = []
  if (URL_TEXT.test(text) || URL_NAME.test(name)) kinds.push('url')
  else if (HOST_NAME.test(name)) kinds.push('host')
  else if (isPath(text, name)) kinds.push(WRITTEN.test(name) ? 'written-path' : 'path')
  if (SQL_NAME.test(name) || (QUERY_NAME.test(name) && (SQL_TOOL.test(about) || SQL_TEXT.test(text))))
    kinds.push('sql')
  if (RECIPIENT_NAME.test(name) || (/^e?mail$/i.test(name) && tool?.deeds.has('send') === true)) {
    kinds.push('recipient')
  }
  if (COMMAND_NAME.test(name) || (CODE_NAME.test(name) && tool?.deeds.has('execute') !== false))
    kinds.push('command')
  if (REFERENCE_NAME.test(name) && INJECTION.test(text)) kinds.push('injected')
  return kinds
}

function isPath(text: string, name: string): boolean {
  if (text.length > MAX_PATH) return false
  return CLEARLY_PATH.test(text) || PATH_NAME.test(name)
}
