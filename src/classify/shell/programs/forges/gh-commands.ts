import { does, looks, type ForgeCommand } from './forge-command.ts'

const BODY = 'b body'
const BODY_FILE = 'F body-file'
const NUMBER = { names: 'pull-request' } as const
const AT = { names: 'repository' } as const
const SERVER = { server: true } as const

/** gh 2.83 (https://cli.github.com/manual). A command that is not here is not understood. */
export const GH_COMMANDS: Readonly<Record<string, ForgeCommand>> = {
  'pr create': does('pr.open', {
    flags: 'df',
    long: 'draft fill fill-first fill-verbose no-maintainer-edit dry-run',
    plain: `a assignee B base ${BODY} H head l label m milestone p project r reviewer t title`,
    read: `${BODY_FILE} T template`,
    no: 'recover editor web',
  }),
  'pr list': looks('pr.read'),
  'pr status': looks('pr.read'),
  'pr view': looks('pr.read', NUMBER),
  'pr diff': looks('pr.read', NUMBER),
  'pr checks': looks('pr.read', NUMBER),
  'pr merge': does('pr.merge', {
    ...NUMBER,
    flags: 'dmrs',
    long: 'delete-branch merge rebase squash auto disable-auto admin',
    plain: `${BODY} t subject A author-email match-head-commit`,
    read: BODY_FILE,
    // An administrator merges past what the branch requires.
    given: (has) =>
      has('admin') ? { more: ['control.weaken'] } : has('disable-auto') ? { instead: ['pr.update'] } : {},
  }),
  'pr ready': does('pr.ready', {
    ...NUMBER,
    long: 'undo',
    given: (has) => (has('undo') ? { instead: ['pr.update'] } : {}),
  }),
  'pr review': does('pr.approve pr.comment', {
    ...NUMBER,
    flags: 'acr',
    long: 'approve comment request-changes',
    plain: BODY,
    read: BODY_FILE,
    given: (has) => {
      const approves = has('a', 'approve')
      const other = has('c', 'comment', 'r', 'request-changes')
      if (approves && !other) return { instead: ['pr.approve'] }
      return other && !approves ? { instead: ['pr.comment'] } : {}
    },
  }),
  'pr close': does('pr.close', {
    ...NUMBER,
    flags: 'd',
    long: 'delete-branch',
    plain: 'c comment',
    given: (has) => (has('d', 'delete-branch') ? { more: ['git.delete'] } : {}),
  }),
  'pr comment': does('pr.comment', {
    ...NUMBER,
    long: 'edit-last create-if-none delete-last yes',
    plain: BODY,
    read: BODY_FILE,
    no: 'e editor w web',
  }),
  'pr edit': does('pr.update', {
    ...NUMBER,
    long: 'remove-milestone',
    plain: `add-assignee remove-assignee add-label remove-label add-project remove-project add-reviewer remove-reviewer B base ${BODY} m milestone t title`,
    read: BODY_FILE,
  }),
  'pr reopen': does('pr.update', { ...NUMBER, plain: 'c comment' }),
  'pr lock': does('pr.update', { ...NUMBER, plain: 'r reason' }),
  'pr unlock': does('pr.update', NUMBER),
  'pr update-branch': does('pr.update', { ...NUMBER, long: 'rebase' }),

  'issue list': looks('issue.read'),
  'issue status': looks('issue.read'),
  'issue view': looks('issue.read'),
  'issue create': does('issue.write', {
    plain: `a assignee ${BODY} l label m milestone p project t title`,
    read: `${BODY_FILE} T template`,
    no: 'recover e editor w web',
  }),
  'issue close': does('issue.write', { plain: 'c comment r reason duplicate-of' }),
  'issue reopen': does('issue.write', { plain: 'c comment' }),
  'issue comment': does('issue.write', {
    long: 'edit-last create-if-none delete-last yes',
    plain: BODY,
    read: BODY_FILE,
  }),
  'issue edit': does('issue.write', {
    long: 'remove-milestone',
    plain: `add-assignee remove-assignee add-label remove-label add-project remove-project ${BODY} m milestone t title`,
    read: BODY_FILE,
  }),
  'issue pin': does('issue.write'),
  'issue unpin': does('issue.write'),
  'issue lock': does('issue.write', { plain: 'r reason' }),
  'issue unlock': does('issue.write'),
  'issue delete': does('data.delete', { ...SERVER, long: 'yes' }),
  'label list': looks('issue.read'),
  'label create': does('issue.write', { flags: 'f', long: 'force', plain: 'c color d description' }),
  'label edit': does('issue.write', { plain: 'c color d description n name' }),
  'label delete': does('issue.write', { long: 'yes' }),

  'repo view': looks('repo.read', AT),
  'repo list': looks('data.read', SERVER),
  'repo create': does('repo.create', {
    ...AT,
    flags: 'c',
    long: 'public private internal clone push add-readme disable-issues disable-wiki include-all-branches',
    plain: 'd description g gitignore h homepage l license p template t team r remote',
    read: 's source',
    given: (has) => (has('push') ? { more: ['git.push'] } : {}),
  }),
  'repo fork': does('repo.create', {
    ...AT,
    long: 'clone remote default-branch-only',
    plain: 'fork-name org remote-name clone? remote?',
  }),
  'repo delete': does('repo.delete', { ...AT, long: 'yes confirm' }),
  'repo archive': does('repo.configure', { ...AT, flags: 'y', long: 'yes' }),
  'repo unarchive': does('repo.configure', { ...AT, flags: 'y', long: 'yes' }),
  'repo rename': does('repo.configure', { flags: 'y', long: 'yes' }),
  'repo edit': does('repo.configure', {
    ...AT,
    long: 'accept-visibility-change-consequences allow-forking allow-update-branch delete-branch-on-merge enable-advanced-security enable-auto-merge enable-discussions enable-issues enable-merge-commit enable-projects enable-rebase-merge enable-secret-scanning enable-secret-scanning-push-protection enable-squash-merge enable-wiki template',
    plain:
      'd description h homepage visibility default-branch add-topic remove-topic enable-issues? enable-secret-scanning? enable-secret-scanning-push-protection? enable-advanced-security? delete-branch-on-merge?',
  }),

  'release list': looks('repo.read'),
  'release view': looks('repo.read'),
  'release download': does('repo.read', {
    long: 'clobber skip-existing',
    plain: 'A archive p pattern',
    folder: 'D dir',
    write: 'O output',
  }),
  'release create': does('release.publish', {
    flags: 'dp',
    long: 'draft prerelease generate-notes latest notes-from-tag verify-tag fail-on-no-commits',
    plain: 'discussion-category n notes notes-start-tag target t title latest?',
    read: 'F notes-file',
    rest: 'read',
  }),
  'release edit': does('release.publish', {
    long: 'draft prerelease latest verify-tag',
    plain: 'discussion-category n notes tag target t title draft? prerelease? latest?',
    read: 'F notes-file',
  }),
  'release upload': does('release.publish', { long: 'clobber', rest: 'read' }),
  'release delete': does('release.publish', {
    flags: 'y',
    long: 'yes cleanup-tag',
    given: (has) => (has('cleanup-tag') ? { more: ['git.delete'] } : {}),
  }),
  'release delete-asset': does('release.publish', { flags: 'y', long: 'yes' }),

  'workflow list': looks('ci.read'),
  'workflow view': looks('ci.read'),
  'workflow run': does('ci.run', { ref: ['r', 'ref'], long: 'json', plain: 'r ref f raw-field F field' }),
  'workflow enable': does('repo.configure'),
  'workflow disable': does('repo.configure control.weaken'),
  'run list': looks('ci.read'),
  'run view': looks('ci.read'),
  'run watch': looks('ci.read'),
  'run download': does('ci.read', { plain: 'n name p pattern', folder: 'D dir' }),
  'run rerun': does('ci.run', { flags: 'd', long: 'failed debug', plain: 'j job' }),
  'run cancel': does('ci.cancel', { long: 'force' }),
  'run delete': does('ci.cancel'),
  'cache list': looks('ci.read'),
  'cache delete': does('ci.cancel', { flags: 'a', long: 'all succeed-on-no-caches', plain: 'r ref' }),

  'secret list': looks('repo.read'),
  'secret set': does('secret.write', {
    names: 'secret',
    long: 'no-repos-selected no-store',
    plain: 'a app b body e env r repos v visibility',
    read: 'f env-file',
    no: 'o org u user',
  }),
  'secret delete': does('secret.write', { names: 'secret', plain: 'a app e env', no: 'o org u user' }),
  'secret remove': does('secret.write', { names: 'secret', plain: 'a app e env', no: 'o org u user' }),
  'variable list': looks('repo.read'),
  'variable get': looks('repo.read'),
  'variable set': does('repo.configure', {
    plain: 'b body e env o org r repos v visibility',
    read: 'f env-file',
  }),
  'variable delete': does('repo.configure', { plain: 'e env o org' }),
  'ruleset list': looks('repo.read'),
  'ruleset view': looks('repo.read'),
  'ruleset check': looks('repo.read'),

  'search repos': looks('data.read', SERVER),
  'search issues': looks('data.read', SERVER),
  'search prs': looks('data.read', SERVER),
  'search code': looks('data.read', SERVER),
  'search commits': looks('data.read', SERVER),
  'gist list': looks('data.read', SERVER),
  'gist view': looks('data.read', SERVER),
  'gist create': does('data.write message.send', {
    ...SERVER,
    flags: 'p',
    long: 'public',
    plain: 'd desc f filename',
    rest: 'read',
    no: 'w web',
  }),
  'gist delete': does('data.delete', { ...SERVER, long: 'yes' }),
  'org list': looks('data.read', SERVER),
  'project list': looks('data.read', SERVER),
  'project view': looks('data.read', SERVER),
  'ssh-key list': looks('data.read', SERVER),
  'gpg-key list': looks('data.read', SERVER),
  'ssh-key add': does('account.administer', { ...SERVER, plain: 't title type', rest: 'read' }),
  'gpg-key add': does('account.administer', { ...SERVER, plain: 't title', rest: 'read' }),
  'ssh-key delete': does('account.administer', { ...SERVER, flags: 'y', long: 'yes' }),
  'gpg-key delete': does('account.administer', { ...SERVER, flags: 'y', long: 'yes' }),
  'auth status': does('secret.read', { flags: 'at', long: 'active show-token', plain: 'h hostname' }),
  'auth token': does('secret.read', { plain: 'h hostname u user' }),
}
