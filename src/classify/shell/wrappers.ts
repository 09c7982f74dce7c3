import type { ProgramSpec } from './spec.ts'

/** What is understood of a program that starts another one. */
export interface WrapperSpec extends Pick<ProgramSpec, 'flags' | 'long' | 'values' | 'numbers'> {
  /** Words before the program: a duration, a lock file, a container. */
  readonly skip?: number
  /** `NAME=value` words come first. */
  readonly assigns?: true
  /** The words are joined and run by a shell. */
  readonly shell?: true
  /** It changes who or where the program is, or how it runs: nobody here can say what then happens. */
  readonly opaque?: true
  /** Without a program it shows the environment. */
  readonly shows?: true
  /** Without a program it does nothing of note. */
  readonly alone?: true
  /** Options with which it starts nothing. */
  readonly looks?: string
}

/** Programs that start other programs. */
export const WRAPPERS: Readonly<Record<string, WrapperSpec>> = {
  sudo: {
    flags: 'AbEeHiKklnPSsVv',
    long: 'non-interactive',
    values: { plain: 'u g U C p r t h D T user group' },
    opaque: true,
  },
  doas: { flags: 'ns', values: { plain: 'u C' }, opaque: true },
  su: { flags: 'lmp', values: { plain: 'c s', no: 'command' }, opaque: true },
  runuser: { values: { plain: 'u c' }, opaque: true },
  pkexec: { values: { plain: 'user' }, opaque: true },
  env: {
    flags: 'i0',
    long: 'ignore-environment null',
    values: { plain: 'u unset', no: 'S C split-string chdir' },
    assigns: true,
    shows: true,
  },
  'cross-env': { assigns: true },
  dotenv: { values: { read: 'e f' }, opaque: true },
  direnv: { opaque: true, skip: 2 },
  nice: { values: { plain: 'n adjustment' }, numbers: true },
  ionice: { flags: 't', values: { plain: 'c n' } },
  chrt: { flags: 'bfior', skip: 1 },
  taskset: { flags: 'c', skip: 1 },
  nohup: {},
  setsid: { flags: 'cfw' },
  timeout: {
    flags: 'v',
    long: 'preserve-status foreground verbose',
    values: { plain: 'k s kill-after signal' },
    skip: 1,
  },
  gtimeout: { long: 'preserve-status foreground', values: { plain: 'k s' }, skip: 1 },
  time: { flags: 'pvlh', values: { plain: 'f', write: 'o' } },
  stdbuf: { values: { plain: 'i o e input output error' } },
  unbuffer: { flags: 'p' },
  caffeinate: { flags: 'disu', values: { plain: 't' } },
  flock: { flags: 'nsxeou', values: { plain: 'w timeout' }, skip: 1 },
  watch: {
    flags: 'dtbecgx',
    long: 'color differences no-title errexit',
    values: { plain: 'n interval' },
    shell: true,
  },
  chronic: {},
  ts: { opaque: true },
  strace: { flags: 'fqcCtTrvy', values: { plain: 'e s p P', write: 'o' }, opaque: true },
  ltrace: { flags: 'fc', values: { plain: 'e', write: 'o' }, opaque: true },
  valgrind: { opaque: true },
  perf: { skip: 1, opaque: true },
  gdb: { opaque: true },
  chroot: { skip: 1, opaque: true },
  unshare: { flags: 'mnpuUirf', opaque: true },
  nsenter: { opaque: true },
  systemd: { opaque: true },
  'systemd-run': { opaque: true },
  script: { flags: 'aqf', values: { command: 'c' }, opaque: true },
  parallel: { opaque: true },
  entr: { flags: 'acdnprsz', opaque: true },
  rlwrap: { opaque: true },
  'xvfb-run': { flags: 'a', opaque: true },
  firejail: { opaque: true },
  bwrap: { opaque: true },
  proot: { opaque: true },
  fakeroot: { opaque: true },
  setarch: { skip: 1, opaque: true },
  hyperfine: { opaque: true },
  nodemon: { opaque: true },
  'dbus-run-session': { opaque: true },
  mise: { opaque: true },
  asdf: { opaque: true },
}
