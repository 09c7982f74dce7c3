import { unknownArguments } from '../argument.ts'
import type { ProgramReader } from '../command-site.ts'

/**
 * Programs whose whole purpose is another machine, and whose options are not described here: HTTP clients, mail,
 * transfers, tunnels, name lookups, scanners, load tests.
 */
export const REACHING =
  'http https xh xhs httpie sftp lftp tftp smbclient rclone s3cmd s4cmd s5cmd azcopy mail mailx mutt neomutt sendmail msmtp swaks nsupdate finger croc wormhole magic-wormhole pastebinit drill resolvectl mtr tracepath ngrok cloudflared localtunnel lt aria2c axel fetch lynx w3m links elinks sshfs mosh rsh rlogin rexec iperf iperf3 websocat wscat grpcurl evans mosquitto_pub mosquitto_sub nats kcat kafkacat twine yt-dlp youtube-dl ab wrk hey vegeta siege k6 nikto sqlmap hydra masscan zmap ssh-copy-id ssh-keyscan snmpget snmpwalk ldapsearch proxychains proxychains4 torsocks torify ipfs xdg-open gnome-open sensible-browser'.split(
    ' ',
  )

const ASKS = /^(--?version|--?help|-h|-V|version|help)$/

/** Where it goes is told by the URLs among its arguments, which are looked for as well. */
export const reaches: ProgramReader = ({ args, findings, span }) => {
  const [first] = args
  if (args.length === 1 && first?.kind === 'literal' && ASKS.test(first.text)) return false
  findings.host(unknownArguments(span), 'net.connect')
  return false
}

/** `getent hosts name` asks name servers; the other tables are the machine's own. */
export const getent: ProgramReader = (site) =>
  /^(hosts|ahosts|ahostsv4|ahostsv6|networks)$/.test(site.args[0]?.text ?? '') ? reaches(site) : false
