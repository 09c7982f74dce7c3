/**
 * What programs in the usual languages are written with when they reach the network, show the environment or start
 * another agent. Text that nobody reads here is looked through for it; finding nothing means nothing.
 */
const NETWORK = new RegExp(
  [
    String.raw`\b(import|from|require|use)\b[^;\n]{0,40}\b(socket|urllib|requests|httpx|aiohttp|http\.client|http\.server|smtplib|ftplib|telnetlib|paramiko|websockets?|socketserver|xmlrpc|node:https?|node:net|node:dgram|node:dns|axios|undici|got|net\/http|open-uri|LWP|IO::Socket|Net::\w+|HTTP::Tiny)\b`,
    String.raw`\b(urlopen|urlretrieve|gethostbyname|getaddrinfo|create_connection|fsockopen|curl_exec|stream_socket_client|XMLHttpRequest|sendBeacon|WebSocket|TCPSocket|UDPSocket|UNIXSocket|IO::Socket|Net::HTTP|HttpClient|Invoke-WebRequest|Invoke-RestMethod|URLSession)\b`,
    String.raw`\b(fetch|socket\.socket|socket\.connect|net\.(connect|createConnection|createServer)|http\.get|https\.(get|request)|requests\.(get|post|put|patch|delete|request|Session)|dns\.(lookup|resolve)\w*)\s*\(`,
    String.raw`\/dev\/(tcp|udp)\/|\/inet[46]?\/(tcp|udp)\/`,
    String.raw`require\(?\s*["'](node:)?(https?|net|dgram|dns|tls|http2|axios|undici|socket|open-uri|net\/http)["']`,
    String.raw`(^|[\s;|&\x60"'(:!])(curl|wget|nc|ncat|netcat|telnet|ssh|scp|sftp|ftp|socat|rsync|nslookup|dig|ping|lftp)\s+[^|;&\n]{0,80}[\w-]\.[A-Za-z]{2,}`,
    String.raw`(^|[\s;|&\x60"'(:!])(curl|wget)\s+(-\w+\s+)*["']?[\w$<]`,
  ].join('|'),
)

const ENVIRONMENT = new RegExp(
  [
    // The whole of it, or a variable whose name says that it holds a secret.
    String.raw`\bos\.environ(?!b?\s*(\.\s*(get|setdefault|pop)\b|\[))|\bprocess\.env(?!\s*(\.|\[|\?\.))|\bENV\.(to_h|each|inspect|to_a|map|select)|\bputs? ENV\b|%ENV\b|\$_ENV\b|\bSystem\.getenv\(\)|\bos\.Environ\(\)|getenv\(\s*\)`,
    String.raw`(environ|getenv|process\.env|ENV|\$ENV|\$_ENV|\$_SERVER)[^\n;]{0,12}\w*(KEY|TOKEN|SECRET|PASS|CRED|PRIVATE|SESSION)`,
    String.raw`\/proc\/(self|\d+|\$\w+)\/environ`,
  ].join('|'),
)

export function speaksOfNetwork(text: string): boolean {
  return NETWORK.test(text)
}

export function speaksOfEnvironment(text: string): boolean {
  return ENVIRONMENT.test(text)
}
