import type { ProgramSpec } from '../spec.ts'

const LOG =
  'oneline stat shortstat numstat summary name-only name-status graph decorate all branches tags remotes no-merges merges reverse first-parent follow cached staged no-color color-words word-diff patch no-patch raw minimal patience histogram ignore-all-space ignore-space-change ignore-blank-lines no-pager no-renames find-renames full-index binary check quiet exit-code show-signature abbrev-commit no-ext-diff no-textconv merge-base left-right cherry-pick walk-reflogs ignore-case regexp-ignore-case all-match invert-grep extended-regexp fixed-strings date-order topo-order author-date-order root cc'
const LOG_VALUES =
  'n S G U O? max-count skip since after until before author committer grep format pretty date diff-filter unified inter-hunk-context stat? color? decorate? word-diff? abbrev? submodule? diff-algorithm relative? encoding find-renames? abbrev-commit?'
const READ: ProgramSpec = {
  flags: 'pusabwztMCDRiEFgcmvqr',
  long: LOG,
  values: { plain: LOG_VALUES },
  numbers: true,
  rest: 'plain',
}

/** Verbs that look at the repository, and the options with which they do no more. */
export const GIT_READS: Readonly<Record<string, ProgramSpec>> = {
  status: {
    flags: 'sbuvz',
    long: 'short branch porcelain long verbose ignored show-stash no-renames ahead-behind',
    values: { plain: 'porcelain? untracked-files? ignored? ignore-submodules? column?' },
    rest: 'plain',
  },
  log: READ,
  diff: READ,
  show: READ,
  shortlog: { ...READ, flags: 'nsecw' },
  whatchanged: READ,
  'diff-tree': READ,
  'diff-index': READ,
  'diff-files': READ,
  'range-diff': READ,
  'rev-list': { ...READ, long: `${LOG} count objects` },
  blame: {
    flags: 'betwsflpcMC',
    long: 'show-email line-porcelain porcelain root show-name',
    values: { plain: 'L since abbrev date', read: 'ignore-revs-file' },
    rest: 'plain',
  },
  'rev-parse': {
    flags: 'q',
    long: 'verify quiet abbrev-ref show-toplevel show-prefix show-cdup git-dir git-common-dir is-inside-work-tree is-bare-repository is-inside-git-dir symbolic-full-name all branches tags remotes absolute-git-dir',
    values: { plain: 'short? abbrev-ref? symbolic' },
    rest: 'plain',
  },
  'merge-base': { flags: 'a', long: 'all is-ancestor fork-point independent octopus', rest: 'plain' },
  'ls-files': {
    flags: 'cdomsuzvtik',
    long: 'cached deleted modified others stage unmerged killed exclude-standard error-unmatch full-name directory no-empty-directory',
    values: { plain: 'x exclude' },
    rest: 'plain',
  },
  'ls-tree': {
    flags: 'rtdlz',
    long: 'name-only name-status long full-name full-tree',
    values: { plain: 'format' },
    rest: 'plain',
  },
  'cat-file': { flags: 'petsz', long: 'batch-check', rest: 'plain' },
  describe: {
    long: 'tags all always long dirty contains abbrev exact-match first-parent',
    values: { plain: 'abbrev match exclude candidates dirty?' },
    rest: 'plain',
  },
  'name-rev': { long: 'name-only tags all', rest: 'plain' },
  'for-each-ref': {
    long: 'omap',
    values: { plain: 'format sort count points-at contains merged no-merged' },
    rest: 'plain',
  },
  'show-ref': { flags: 'dhqs', long: 'heads tags branches verify', rest: 'plain' },
  'show-branch': { flags: 'ar', long: 'all remotes current', rest: 'plain' },
  'count-objects': { flags: 'vH' },
  'check-ignore': { flags: 'qvnz', rest: 'plain' },
  'check-attr': { flags: 'a', rest: 'plain' },
  reflog: { long: 'all', flags: '', values: { plain: 'n date format' }, rest: 'plain' },
  fsck: { long: 'full no-progress unreachable' },
  version: {},
  help: { flags: 'ag', rest: 'plain' },
  grep: {
    flags: 'ivwahIHEGFPnlLcopqWz',
    long: 'cached untracked recursive name-only count line-number ignore-case word-regexp files-with-matches show-function and or not all-match quiet heading break fixed-strings extended-regexp perl-regexp column',
    values: {
      plain: 'e A B C m max-depth threads context after-context before-context',
      read: 'f',
      no: 'O open-files-in-pager',
    },
    rest: 'plain',
  },
  cherry: { flags: 'v', rest: 'plain' },
  var: { flags: 'l', rest: 'no' },
}

/** Options of verbs that change the repository here. */
export const GIT_WRITES: Readonly<Record<string, ProgramSpec>> = {
  add: {
    flags: 'AufnNvp',
    long: 'all update force dry-run intent-to-add verbose patch no-all ignore-removal renormalize ignore-errors',
    values: { plain: 'chmod' },
    rest: 'plain',
  },
  commit: {
    flags: 'aqsvSnpo',
    long: 'all quiet signoff verbose amend no-edit allow-empty allow-empty-message no-gpg-sign no-verify gpg-sign reset-author dry-run short porcelain only no-signoff',
    values: {
      plain: 'm message C c author date cleanup fixup squash trailer S? reuse-message',
      read: 'F file t template',
    },
    rest: 'plain',
  },
  rm: { flags: 'rfnq', long: 'cached force dry-run quiet ignore-unmatch', rest: 'delete' },
  mv: { flags: 'fknv', rest: 'move', last: 'write' },
  restore: {
    flags: 'SWqp',
    long: 'staged worktree quiet ours theirs merge patch',
    values: { plain: 's source conflict' },
    rest: 'plain',
  },
  branch: {
    flags: 'aravqlfdDmMcCu',
    long: 'all remotes verbose list show-current delete move copy force merged no-merged no-color no-track track unset-upstream quiet',
    values: { plain: 'contains no-contains sort format points-at color? column? u set-upstream-to track?' },
    rest: 'plain',
  },
  tag: {
    flags: 'alsfdnv',
    long: 'list delete force annotate sign no-sign',
    values: { read: 'F file', plain: 'm n? sort format contains merged no-merged points-at message column?' },
    rest: 'plain',
  },
  checkout: {
    flags: 'qfmltp',
    long: 'quiet force merge track no-track detach ours theirs orphan guess no-guess patch progress',
    values: { plain: 'b B orphan conflict track?' },
    rest: 'plain',
  },
  switch: {
    flags: 'qfmtd',
    long: 'quiet force discard-changes merge track no-track detach guess no-guess',
    values: { plain: 'c C create force-create orphan' },
    rest: 'plain',
  },
  merge: {
    flags: 'qvnS',
    long: 'no-ff ff ff-only squash no-squash abort continue quit no-commit commit no-edit stat no-stat quiet verify-signatures no-verify allow-unrelated-histories',
    values: { plain: 'm s X strategy strategy-option into-name', read: 'F' },
    rest: 'plain',
  },
  'cherry-pick': {
    flags: 'nxse',
    long: 'abort continue skip quit no-commit signoff allow-empty',
    values: { plain: 'm X strategy mainline' },
    rest: 'plain',
  },
  revert: {
    flags: 'ns',
    long: 'abort continue skip quit no-commit no-edit signoff',
    values: { plain: 'm X mainline' },
    rest: 'plain',
  },
  stash: {
    flags: 'uakqpSv',
    long: 'include-untracked all keep-index no-keep-index quiet staged patch index stat',
    values: { plain: 'm message' },
    rest: 'plain',
  },
  reset: { flags: 'qpN', long: 'soft mixed hard merge keep quiet patch', rest: 'plain' },
  rebase: {
    flags: 'iqvnfkm',
    long: 'interactive abort continue skip quit quiet verbose autostash no-autostash autosquash no-autosquash keep-empty root no-verify rebase-merges update-refs force-rebase no-ff',
    values: { plain: 'onto X s strategy strategy-option C whitespace', no: 'x exec' },
    rest: 'plain',
  },
  init: {
    flags: 'qb',
    long: 'quiet bare',
    values: { plain: 'b initial-branch', no: 'template separate-git-dir shared' },
    rest: 'folder',
  },
  clean: { flags: 'dfinqxX', long: 'dry-run force quiet', values: { plain: 'e exclude' }, rest: 'plain' },
  remote: { flags: 'v', long: 'verbose', rest: 'plain' },
  config: {
    flags: 'lz',
    long: 'local global system worktree get get-all list unset show-origin show-scope bool int add null',
    values: { plain: 'type' },
    rest: 'plain',
  },
  gc: { long: 'auto quiet', flags: 'q' },
  fetch: {
    flags: 'apqtvfk46nPj',
    long: 'all prune prune-tags tags no-tags quiet verbose force dry-run unshallow progress append keep',
    values: { plain: 'depth deepen shallow-since j jobs recurse-submodules? filter', no: 'upload-pack' },
    rest: 'plain',
  },
  pull: {
    flags: 'qvrntfa46',
    long: 'rebase no-rebase ff-only ff no-ff quiet verbose prune tags autostash no-autostash all no-edit squash',
    values: { plain: 'rebase? depth X s strategy', no: 'upload-pack' },
    rest: 'plain',
  },
  clone: {
    flags: 'qvnl46s',
    long: 'quiet verbose bare mirror no-checkout single-branch no-single-branch no-tags progress sparse no-hardlinks',
    values: {
      plain: 'b o j branch origin depth shallow-since filter jobs',
      no: 'u upload-pack c config template recurse-submodules reference separate-git-dir',
    },
    rest: 'plain',
  },
  push: {
    flags: 'ufqvnd46',
    long: 'set-upstream force force-with-lease force-if-includes quiet verbose dry-run delete tags all mirror follow-tags no-verify prune atomic porcelain progress signed branches',
    values: {
      plain: 'o push-option force-with-lease? signed?',
      no: 'receive-pack exec repo recurse-submodules',
    },
    rest: 'plain',
  },
  'ls-remote': {
    flags: 'htqb',
    long: 'heads tags refs quiet get-url symref exit-code branches',
    values: { plain: 'sort', no: 'upload-pack exec o server-option' },
    rest: 'plain',
  },
}
