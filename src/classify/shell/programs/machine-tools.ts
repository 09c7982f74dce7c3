import { applyRole } from '../apply-spec.ts'
import type { ProgramReader } from '../command-site.ts'
import { showEnvironment } from '../environment.ts'
import type { InfraTool } from './infra.ts'

const accounts: InfraTool = { local: true, rows: [[/^/, 'account.administer']] }
const kernel: InfraTool = { local: true, rows: [[/^/, 'infra.execute']] }
const cloud: InfraTool = {
  rows: [
    [/\b(list|ls|get|describe|show|status|info|inspect|diff|validate|logs?)\b/, 'infra.read'],
    [
      /(^|[\s_-])(rm|delete|destroy|remove|terminate|purge|drop|forget|prune|clear|compact)(?=$|[\s_-])/,
      'infra.delete',
    ],
    [/\b(deploy|sync|apply|up)\b/, 'deploy.run', 'infra.write'],
    [/\b(ssh|exec|execute|run|call|invoke|cmd\S*)\b/, 'infra.execute'],
    [/^/, 'infra.write'],
  ],
}
const schema: InfraTool = { rows: [[/^/, 'sql.define']] }
const statements: InfraTool = { rows: [[/^/, 'sql.execute']] }
const dumps: InfraTool = { rows: [[/^/, 'sql.read']] }
const keys = (pattern: RegExp): InfraTool => ({
  local: true,
  rows: [
    [pattern, 'secret.read'],
    [/^/, 'shell.execute'],
  ],
})

/** What is administered through a program of its own: accounts and kernel of the machine, other clouds, databases. */
export const MACHINE_TOOLS: Readonly<Record<string, InfraTool>> = {
  ...named(
    'useradd adduser userdel deluser usermod groupadd groupdel groupmod gpasswd passwd chpasswd chage vipw visudo newgrp sudoedit dscl chsh',
    accounts,
  ),
  ...named(
    'mount umount losetup swapon swapoff modprobe insmod rmmod kexec setcap crontab-edit iptables-restore ip6tables-restore netplan nmcli networksetup hostnamectl timedatectl loginctl defaults tmutil efibootmgr grub-install shutdown reboot poweroff halt',
    kernel,
  ),
  ...named(
    'gsutil bq sam sls eksctl kops argocd flux doctl hcloud linode-cli ibmcloud oci aliyun nomad consul etcdctl salt vagrant skaffold werf nixops waypoint okteto tkn istioctl linkerd velero rancher virsh govc openstack nova proxmox cf oc-mirror eb copilot-cli chalice zappa amplify restic borg duplicity kopia kafka-topics kafka-configs kafka-acls kafka-consumer-groups rabbitmqctl rabbitmqadmin pulsar-admin circleci travis buildkite-agent drone supabase planetscale pscale neonctl turso convex render',
    cloud,
  ),
  ...named('dropdb dropuser createdb createuser mysqladmin pg_restore mongorestore', schema),
  ...named(
    'mongosh mongo cqlsh clickhouse clickhouse-client influx cockroach usql sqlcmd isql osql sqlplus cypher-shell arangosh couchbase-cli',
    statements,
  ),
  ...named('pg_dump pg_dumpall mysqldump mariadb-dump mongodump', dumps),
  age: keys(/^/),
  'ansible-vault': keys(/^(view|decrypt|edit|rekey)/),
  'aws-vault': keys(/^/),
  'git-credential': keys(/^/),
  keyring: keys(/^get/),
  lpass: keys(/^/),
  'ssh-keygen': keys(/^/),
  pbpaste: keys(/^/),
  'wl-paste': keys(/^/),
}

function named(programs: string, tool: InfraTool): Readonly<Record<string, InfraTool>> {
  return Object.fromEntries(programs.split(' ').map((program) => [program, tool]))
}

/** Programs that write to the devices that they name, whatever is on them. */
export const DEVICE_TOOLS =
  'mkfs mkfs.ext2 mkfs.ext3 mkfs.ext4 mkfs.xfs mkfs.btrfs mkfs.vfat mkfs.fat mke2fs mkswap fdisk sfdisk cfdisk gdisk sgdisk parted wipefs blkdiscard hdparm badblocks cryptsetup lvremove vgremove pvremove mdadm diskutil'.split(
    ' ',
  )

export const writesDevices: ProgramReader = (site) => {
  for (const argument of site.args) if (argument.text.startsWith('/')) applyRole('write', argument, site)
  return false
}

/** `gpg`, whose options say whether it shows what was kept secret. */
export const gpg: ProgramReader = ({ args, findings, span }) => {
  if (
    args.some(({ text }) => /^(-\w*d\w*|--decrypt\S*|--export-secret-\S+|--list-secret-\S+|-K)$/.test(text))
  )
    findings.add('secret.read', { type: 'Secret', id: 'gpg', ancestors: [] }, { span })
  if (args.some(({ text }) => /^--(keyserver|recv|send|search|refresh|locate)/.test(text)))
    findings.add('net.connect', { type: 'Host', id: '?', ancestors: [] }, { span, opaque: true })
  return false
}

/** Clipboards hold what the human copied last. */
export const clipboard: ProgramReader = ({ args, findings, span }) => {
  if (args.some(({ text }) => /^-(o|out|b?o)/.test(text)))
    findings.add('secret.read', { type: 'Secret', id: 'clipboard', ancestors: [] }, { span })
  return false
}

/** Processes; the option `e` of BSD shows their environment. */
export const ps: ProgramReader = (site) => {
  const { args } = site
  const shows = args.some(({ text }) => /^[A-Za-z]*e[A-Za-z]*$|^-\w*E/.test(text))
  if (shows) showEnvironment(site)
  return (
    !shows &&
    args.every(
      ({ text, kind }) =>
        kind === 'literal' &&
        /^(-[AaefFlujNTpocCHL]+|--(forest|no-headers)|[aufxjlw]+|[\w,=%]{4,60}|\d+)$/.test(text),
    )
  )
}
