import { does, looks, type ForgeCommand } from './forge-command.ts'

const NUMBER = { names: 'pull-request' } as const
const AT = { names: 'repository' } as const
const SERVER = { server: true } as const

/** glab 1.7x (https://docs.gitlab.com/cli). A command that is not here is not understood. */
export const GLAB_COMMANDS: Readonly<Record<string, ForgeCommand>> = {
  'mr create': does('pr.open', {
    flags: 'fy',
    long: 'draft wip fill push yes squash-before-merge remove-source-branch allow-collaboration no-editor create-source-branch',
    plain:
      'a assignee b target-branch d description l label m milestone r reviewer s source-branch t title H head i related-issue',
    // It pushes what is here first.
    given: (has) => (has('push', 'f', 'fill', 'create-source-branch') ? { more: ['git.push'] } : {}),
    no: 'recover w web template',
  }),
  'mr list': looks('pr.read'),
  'mr view': looks('pr.read', NUMBER),
  'mr diff': looks('pr.read', NUMBER),
  'mr merge': does('pr.merge', {
    ...NUMBER,
    flags: 'dsry',
    long: 'remove-source-branch squash rebase auto-merge yes when-pipeline-succeeds',
    plain: 'm message sha squash-message auto-merge?',
  }),
  'mr approve': does('pr.approve', { ...NUMBER, plain: 's sha' }),
  'mr revoke': does('pr.update', NUMBER),
  'mr close': does('pr.close', NUMBER),
  'mr reopen': does('pr.update', NUMBER),
  'mr note': does('pr.comment', { ...NUMBER, long: 'unique', plain: 'm message' }),
  'mr rebase': does('pr.update', { ...NUMBER, long: 'skip-ci' }),
  'mr update': does('pr.update', {
    ...NUMBER,
    flags: 'ry',
    long: 'draft ready wip lock-discussion unlock-discussion remove-source-branch squash-before-merge yes fill',
    plain: 'a assignee d description l label m milestone reviewer target-branch t title u unlabel',
    given: (has) => (has('r', 'ready') ? { instead: ['pr.ready'] } : {}),
  }),
  'issue list': looks('issue.read'),
  'issue view': looks('issue.read'),
  'issue create': does('issue.write', {
    flags: 'cy',
    long: 'confidential no-editor yes',
    plain: 'a assignee d description l label m milestone t title w weight due-date',
  }),
  'issue close': does('issue.write'),
  'issue reopen': does('issue.write'),
  'issue note': does('issue.write', { plain: 'm message' }),
  'issue update': does('issue.write', {
    plain: 'a assignee d description l label m milestone t title u unlabel',
  }),
  'issue delete': does('data.delete', SERVER),
  'ci list': looks('ci.read'),
  'ci status': looks('ci.read'),
  'ci view': looks('ci.read'),
  'ci get': looks('ci.read'),
  'ci trace': looks('ci.read'),
  'ci lint': looks('ci.read'),
  'ci run': does('ci.run', {
    ref: ['b', 'branch'],
    plain: 'b branch variables variables-env input',
    read: 'f variables-from',
  }),
  'ci retry': does('ci.run', { plain: 'b branch p pipeline-id' }),
  'ci trigger': does('ci.run', { plain: 'b branch p pipeline-id' }),
  'ci cancel': does('ci.cancel'),
  'ci delete': does('ci.cancel'),
  'repo view': looks('repo.read', AT),
  'repo list': looks('data.read', SERVER),
  'repo search': looks('data.read', SERVER),
  'repo create': does('repo.create', {
    ...AT,
    flags: 'ips',
    long: 'internal private public readme skipGitInit',
    plain: 'd description defaultBranch g group n name remoteName t tag',
  }),
  'repo fork': does('repo.create', { ...AT, flags: 'c', long: 'clone remote', plain: 'n name p path' }),
  'repo delete': does('repo.delete', { ...AT, flags: 'y', long: 'yes' }),
  'repo archive': looks('repo.read', AT),
  'release list': looks('repo.read'),
  'release view': looks('repo.read'),
  'release create': does('release.publish', {
    plain: 'a assets-links m milestone n name N notes r ref T tag-message D released-at',
    read: 'F notes-file',
    rest: 'read',
  }),
  'release upload': does('release.publish', { plain: 'a assets-links', rest: 'read' }),
  'release delete': does('release.publish', {
    flags: 'ty',
    long: 'with-tag yes',
    given: (has) => (has('t', 'with-tag') ? { more: ['git.delete'] } : {}),
  }),
  'variable list': does('secret.read', { plain: 'g group F output P page p per-page' }),
  'variable get': does('secret.read', { names: 'secret', plain: 's scope g group F output' }),
  'variable set': does('secret.write', {
    names: 'secret',
    flags: 'mpr',
    long: 'masked protected raw hidden',
    plain: 's scope t type v value d description',
    no: 'g group',
  }),
  'variable update': does('secret.write', {
    names: 'secret',
    flags: 'mpr',
    long: 'masked protected raw hidden',
    plain: 's scope t type v value',
    no: 'g group',
  }),
  'variable delete': does('secret.write', { names: 'secret', plain: 's scope', no: 'g group' }),
  'label list': looks('issue.read'),
  'label create': does('issue.write', { plain: 'c color d description n name p priority' }),
  'auth status': does('secret.read', { flags: 'at', long: 'all show-token', plain: 'hostname' }),
}
