/** What a word in a tool’s name or description says that the tool does. */
export type Deed =
  | 'read'
  | 'write'
  /** Changes what is there, so that what was before may be lost. */
  | 'overwrite'
  | 'delete'
  | 'execute'
  | 'send'
  | 'pay'
  | 'administer'
  | 'publish'
  | 'deploy'
  | 'merge'
  | 'delegate'

/** Verbs that are hardly ever nouns: they count wherever they stand in a name. */
const VERBS: Readonly<Record<Deed, string>> = {
  read: `get gets list lists read reads search searches find finds fetch fetches describe describes show shows view views
    lookup retrieve retrieves browse inspect whoami count compare explain analyze analyse summarize summarise preview
    calculate compute convert translate download downloads extract scrape crawl estimate detect recommend diff troubleshoot diagnose ping enumerate check checks query queries
    screenshot snapshot blame grep glob scan suggest suggests recall recalls validate validates lint aggregate aggregates
    identify identifies classify discover discovers tail think thinking hget hgetall hmget lrange smembers zrange
    xrange scard llen ttl`,
  write: `place create add insert update set put patch edit modify write writes save upload append rename move copy clone fork import
    assign unassign star unstar mark dismiss subscribe unsubscribe follow unfollow archive unarchive close reopen lock unlock
    pin unpin enable disable activate deactivate configure register schedule reschedule book reserve reorder reprioritize
    resolve unresolve transition link attach apply sync trigger start stop restart resume pause scale resize rollback install
    upgrade join leave accept reject cancel retry rerun click type drag press hover navigate scroll fill submit commit
    checkout stage push stash upsert store remember toggle mutate snooze vote allocate provision manage manages replace
    ingest generate sort label annotate react rate react cordon uncordon taint patch define setup init initialize
    handle route unroute highlight wait dispatch acknowledge silence mute unmute change bump tag relabel switch adjust
    increase decrease increment decrement swap reassign complete finish reply comment edit draft like upvote downvote post
    lifecycle exchange duplicate restore recover extend renew promote demote clip record track emit request verify
    hset hmset lpush rpush sadd zadd xadd setex setnx expire mset reindex reboot shutdown halt migrate transfer convey
    rotate pull turn open connect disconnect approve approves sign signs process processes play plays confirm
    decline`,
  overwrite: `update updates modify modifies edit set put patch replace replaces overwrite upsert rename move swap restore
    apply migrate migration transfer scale resize stop restart reboot shutdown halt unlock sync rotate reassign change
    adjust relabel configure reconfigure write writes save upload copy import transition lifecycle upgrade downgrade manage manages mutate rollback reprioritize reschedule turn reindex`,
  delete: `drop delete deletes remove removes destroy destroys purge erase truncate terminate kill revoke wipe clear reset uninstall
    prune discard flush overwrite unpublish evict drain expunge cleanup clean trash rm del unlink nuke empty ban suspend
    deprovision deregister decommission unregister unset rebase force drop_table shred detach abort rollback undo revert
    cancel deactivate disable unassign flushdb flushall hdel srem zrem ltrim kick expel obliterate annihilate dispose evacuate expire
    unshare uninvite ungrant liquidate void invalidate deauthorize deauthorise disband dissolve rescind dismantle teardown
    forget quarantine retire deletion removal termination revocation erasure destruction cancellation uninstallation`,
  execute: `call exec execute executes run runs eval evaluate evaluates invoke invokes shell bash spawn launch repl
    terminal powershell`,
  send: `send sends share email mail notify notifies sms dm tweet broadcast forward invite message whatsapp telegram`,
  pay: `pay pays purchase purchases buy buys refund refunds withdraw withdraws invest donate payout checkout_cart wire sell sells
    deposit deposits bid`,
  administer: `grant grants impersonate sudo chmod chown`,
  publish: `publish publishes release`,
  deploy: `deploy deploys redeploy rollout`,
  merge: `merge merges`,
  delegate: `delegate delegates subagent handoff`,
}

/** Also nouns: they count only in a name that has no verb of reading, or at the head of a description. */
const ALSO_NOUNS: ReadonlySet<string> = new Set(
  `call label tag comment commit star request record track post reply draft type drop stage push stash vote store schedule book link
  lock pin route rate message email mail dm sms telegram whatsapp release merge deploy run runs start stop trigger update set
  copy fork clone import close archive mark sort change upgrade install patch edit lifecycle scale checkout reset highlight
  click drag wait annotate silence register terminal shell bash like swap switch exchange restore put reserve abort undo
  revert rollback clean trash empty force forward wire purchase refund import invite promote stop hover press scroll fill
  resume pause retry cancel publish tweet broadcast define resolve join leave handle manage launch setup transition view
  views check checks query queries select screenshot snapshot diff preview search list lists read compare count find
  clear mail subagent rollout drain move sync clip complete duplicate save upload attach apply ban rebase react accept
  open turn pull restart reboot transfer migration migrate unlock rotate kick bulk
  sign process play deposit bid order void retire deletion removal termination revocation erasure destruction
  cancellation uninstallation`
    .split(/\s+/)
    .filter((word) => word !== ''),
)

/** Verbs of reading that are never read as nouns that belong to something else. */
const READING: ReadonlySet<string> = new Set(
  `get gets list lists read reads search searches find finds fetch fetches describe describes show shows view views lookup
  retrieve retrieves browse inspect whoami count compare explain analyze analyse summarize summarise preview check troubleshoot
  diagnose enumerate query`
    .split(/\s+/)
    .filter((word) => word !== ''),
)

/** Nouns of information: a name that ends with one, and does nothing else, asks for it. */
const INFORMATION =
  /^(?:info|information|stats|statistics|summary|status|details?|history|logs?|top|view|health|metrics|tree|overview|version|me|current|docs|documentation|schema|usage|forecast|snapshot|screenshot|messages|requests|count|size|weather|time|price|balance|results?|suggestions|trace|traces)$/

const DEEDS: ReadonlyMap<string, readonly Deed[]> = tableOf()

function tableOf(): Map<string, readonly Deed[]> {
  const table = new Map<string, readonly Deed[]>()
  for (const [deed, words] of Object.entries(VERBS) as [Deed, string][]) {
    for (const word of words.split(/\s+/)) {
      if (word !== '') table.set(word, [...new Set([...(table.get(word) ?? []), deed])])
    }
  }
  return table
}

/** `createOrUpdate_file2` ▸ create, or, update, file: by case, digits and every sign between. In linear time: agents choose names. */
export function splitWords(name: string): readonly string[] {
  return name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/(?<=[A-Z])(?=[A-Z][a-z])/g, ' ')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '')
}

export function deedsOf(word: string): readonly Deed[] {
  return (
    DEEDS.get(word) ?? DEEDS.get(word.replace(/^(?:re(?!turn)|un|bulk|batch|multi)(?=[a-z]{3})/, '')) ?? []
  )
}

/** Verbs that do something else to such an object, in the words that follow: `generate_types` only tells. */
const BY_OBJECT: readonly {
  readonly verb: RegExp
  readonly object: RegExp
  readonly deeds: readonly Deed[]
}[] = [
  {
    verb: /^generates?$/,
    object:
      /^(?:types?|typescript|locators?|selectors?|quer(?:y|ies)|diagrams?|charts?|summar(?:y|ies)|docs?|documentation|deeplinks?|snippets?|previews?|reports?|links?|urls?)$/,
    deeds: ['read'],
  },
  {
    verb: /^resolves?$/,
    object:
      /^(?:ids?|names?|urls?|paths?|dns|hostnames?|hosts?|alias(?:es)?|symbols?|library|libraries|module)$/,
    deeds: ['read'],
  },
  {
    verb: /^(?:runs?|executes?)$/,
    object:
      /^(?:search(?:es)?|lookups?|logs?|panels?|metrics?|traces?|promql|logql|jql|select|aggregations?|scans?|checks?|find|reads?|counts?|analysis|audit|comparison|diff|diagnostics?)$/,
    deeds: ['read'],
  },
  {
    verb: /^releases?$/,
    object:
      /^(?:numbers?|ips?|address(?:es)?|locks?|holds?|leases?|reservations?|connections?|resources?|phone)$/,
    deeds: ['delete'],
  },
  // What the reader of a description is told to do.
  { verb: /^calls?$/, object: /^(?:it|this|first|once)$/, deeds: [] },
  { verb: /^sends?$/, object: /^(?:commands?|keys?|keystrokes?|input|signals?)$/, deeds: ['execute'] },
  { verb: /^sends?$/, object: /^(?:requests?|events?|packets?|data|metrics?)$/, deeds: ['write'] },
]
const BEFORE_OBJECT = /^(?:of|to|for|in|into|from|with|by|against|via|on|at|using|[,/:()])$/

/** The deeds of the word at that place, by what follows it. */
export function deedsAt(words: readonly string[], at: number): readonly Deed[] {
  const word = words[at] ?? ''
  const rules = BY_OBJECT.filter(({ verb }) => verb.test(word))
  if (rules.length > 0) {
    const after = words.slice(at + 1, at + 8)
    const end = after.findIndex((next) => BEFORE_OBJECT.test(next))
    const objects = end === -1 ? after : after.slice(0, end)
    const rule = rules.find(({ object }) => objects.some((each) => object.test(each)))
    if (rule !== undefined) return rule.deeds
  }
  return deedsOf(word)
}

/**
 * What a name says. Words that are also nouns count unless a verb of reading stands in it: `get_release` reads,
 * `browser_click` does something. Any plain verb that is no reading outweighs the reading: `get_or_create`.
 */
export function deedsOfName(words: readonly string[]): ReadonlySet<Deed> {
  const reading = words.some((word, at) => READING.has(word) && !isObject(words, at))
  const deeds = new Set<Deed>()
  for (const [at, word] of words.entries()) {
    for (const deed of deedsAt(words, at)) {
      if (deed !== 'read' && reading && isAlsoNoun(word)) continue
      // `delete_email`: what is sent, not that it is.
      if (deed === 'send' && MISSIVE.test(word) && at > 0) continue
      deeds.add(deed)
    }
  }
  // “find and replace”, “read or write”: after such a word even a noun is a verb.
  for (const [at, word] of words.entries()) {
    if (/^(?:and|or|then)$/.test(word)) for (const deed of deedsOf(words[at + 1] ?? '')) deeds.add(deed)
  }
  // “run_query”, “execute_search”: what leads is done, and what follows is what it is done to.
  for (const deed of deedsAt(words, 0))
    if (deed === 'execute' || deed === 'send' || deed === 'pay') deeds.add(deed)
  if (words[0] === 'log') deeds.add('write')
  if (words[0] === 'order' && words.length > 1) deeds.add('pay')
  if (deeds.size === 0 && INFORMATION.test(words.at(-1) ?? '')) deeds.add('read')
  return deeds
}

function isAlsoNoun(word: string): boolean {
  return ALSO_NOUNS.has(word) || (word.endsWith('s') && ALSO_NOUNS.has(word.slice(0, -1)))
}

/** `update_view`, `save_search`, `create_list`: the word of reading is what is changed. */
function isObject(words: readonly string[], at: number): boolean {
  const before = words[at - 1]
  if (
    before === undefined ||
    !/^(?:view|views|list|lists|search|query|check|read|count|preview)$/.test(words[at] ?? '')
  )
    return false
  return (
    words
      .slice(0, at)
      .some((word) => deedsOf(word).some((deed) => deed !== 'read') && !ALSO_NOUNS.has(word)) ||
    (at === words.length - 1 && LEADS.test(words[0] ?? ''))
  )
}

const MISSIVE = /^(?:e?mail|sms|dm|message|telegram|whatsapp|tweet)$/
const LEADS =
  /^(?:run|save|update|set|share|start|stop|archive|post|star|pin|mark|copy|clear|reset|import|close)$/
