import type { WeakeningRow } from './weakening-row.ts'

/**
 * Code and settings that switch off a protection, from the documentation of the libraries and tools: TLS verification
 * (Node.js, Python ssl and requests, Go, OpenSSL, Java, .NET, curl, wget, git, OpenSSH, npm, pip), CORS and CSRF
 * (Express, Django, Flask, FastAPI, Rails, Spring, ASP.NET), tokens (jsonwebtoken, PyJWT), Electron, file modes,
 * containers (Docker, Kubernetes), and OWASP's cheat sheets on each.
 */
export const GUARDS: readonly WeakeningRow[] = [
  ['tls', 'rejectunauthorized', /rejectUnauthorized["']?\s*[:=]\s*(?:false|0|!1)\b/g],
  ['tls', 'node_tls_reject_unauthorized', /NODE_TLS_REJECT_UNAUTHORIZED["'\])]*\s*[:=]\s*["']?0/g],
  [
    'tls',
    'strictssl strict-ssl strict_ssl sslverify ssl_verify ssl_no_verify',
    /\bstrict[-_]?ssl["']?\s*[:= ]\s*["']?false|\bssl_?verify["']?\s*[:= ]\s*["']?(?:false|0|no)\b|GIT_SSL_NO_VERIFY["']?\s*[:=]\s*["']?(?:1|true)/gi,
  ],
  [
    'tls',
    'verify',
    /\bverify\s*[:=]\s*False\b|\bverify_(?:ssl|certs|tls)\s*[:=]\s*(?:False|false|0)\b|\bverify_mode\s*=\s*\S*(?:CERT_NONE|VERIFY_NONE)|\bverifyHostname\s*[:=]\s*false/g,
  ],
  [
    'tls',
    'cert_none _create_unverified_context check_hostname',
    /\bCERT_NONE\b|_create_unverified_context|check_hostname\s*=\s*False/g,
  ],
  ['tls', 'insecureskipverify', /InsecureSkipVerify\s*[:=]\s*true/g],
  ['tls', 'danger_accept_invalid', /danger_accept_invalid_(?:certs|hostnames)\(\s*true/g],
  [
    'tls',
    'hostnameverifier trustall alltrust',
    /\b(?:Noop|AllowAll)HostnameVerifier\b|ALLOW_ALL_HOSTNAME_VERIFIER|\bTrustAll\w*|\bAllTrust\w*/g,
  ],
  [
    'tls',
    'servercertificate',
    /ServerCertificate(?:Custom)?ValidationCallback\s*\+?=[^;\n]*(?:true|Dangerous)/g,
  ],
  ['tls', 'curlopt_ssl', /CURLOPT_SSL_VERIFY(?:PEER|HOST)\s*(?:,|=>)\s*(?:false|0)\b/gi],
  [
    'tls',
    'curl --insecure --no-check-certificate --trusted-host --allow-unauthenticated stricthostkeychecking',
    /(?<!\w)--(?:insecure|no-check-certificate|trusted-host|allow-unauthenticated)\b|\bcurl\b[^\n|;]*\s-[a-zA-Z]*k\b|StrictHostKeyChecking[ =]["']?no\b/g,
  ],
  ['tls', 'pythonhttpsverify', /PYTHONHTTPSVERIFY["']?\s*[:=]\s*["']?0/g],
  ['cors', 'access-control-allow-origin', /Access-Control-Allow-Origin["']?\s*(?:[:,=]|\))\s*["']?\*/gi],
  [
    'cors',
    'origin',
    /\b(?:cors\w*\(\s*\{[^}]{0,200})?\borigins?["']?\s*:\s*(?:["']\*["']|\[\s*["']\*["']|true\b)|allow_origins\s*=\s*\[\s*["']\*|\bCORS_(?:ORIGIN_ALLOW_ALL|ALLOW_ALL_ORIGINS)\s*=\s*True|\bAllowAnyOrigin\(\)|@CrossOrigin\(\s*(?:origins\s*=\s*)?["']\*/g,
  ],
  [
    'csrf',
    'csrf authenticity_token',
    /@csrf_exempt\b|\bcsrf["']?\s*[:=]\s*(?:false|False)\b|WTF_CSRF_ENABLED["'\]]*\s*[:=]\s*False|skip_before_action\s+:verify_authenticity_token|\bcsrf\(\)\s*\.\s*disable\(|csrf\([^)\n]*disable/g,
  ],
  [
    'token',
    'none verify_signature ignoreexpiration',
    /algorithms?["']?\s*[:=]\s*\[?\s*["']none["']|["']?verify_signature["']?\s*[:=]\s*(?:False|false)|ignoreExpiration["']?\s*:\s*true/gi,
  ],
  [
    'sandbox',
    'nodeintegration contextisolation websecurity',
    /nodeIntegration["']?\s*:\s*true|contextIsolation["']?\s*:\s*false|webSecurity["']?\s*:\s*false/g,
  ],
  ['escaping', 'autoescape', /autoescape\s*=\s*False|\{%\s*autoescape\s+(?:off|false)/gi],
  [
    'mode',
    '777 666',
    /\bchmod\b[^\n;|&]*\s(?:-R\s+)?0?(?:777|666)\b|\b0o?777\b|\bmode["']?\s*[:=]\s*["']?0?(?:777|666)\b/g,
  ],
  ['mode', 'umask', /\bumask[( ]\s*0+\b/g],
  [
    'container',
    'privileged',
    /\bprivileged:\s*true\b|--privileged\b|allowPrivilegeEscalation:\s*true|runAsNonRoot:\s*false/g,
  ],
  ['container', 'seccomp apparmor', /(?:seccomp|apparmor)[=:]\s*["']?unconfined/gi],
  [
    'hooks',
    '--no-verify husky hookspath',
    /\bgit\b[^\n;|&]*\s--no-verify\b|\bHUSKY(?:_SKIP_HOOKS)?\s*[=:]\s*["']?[01]\b|hooksPath\s*[= ]\s*["']?\/dev\/null/g,
  ],
]

/** Calls and annotations that let nobody through without a check: in authentication code fewer of them is less. */
export const CHECKED_ACCESS =
  /\b(?:require|ensure|check|verify|assert|is|has)_?(?:Auth\w*|Login|LoggedIn|Admin|Role\w*|Permission\w*|Access|Owner\w*|Token|Session|Signature|Password|auth\w*|login|admin|role\w*|permission\w*|token|signature)\b|@(?:login_required|permission_required|requires_auth|PreAuthorize|Secured|RolesAllowed|Authorize|UseGuards|jwt_required)\b|\[Authorize\b|\bbefore_action\s+:authenticate\w*|\b(?:timingSafeEqual|compare_digest|bcrypt\.compare\w*)\b|\b40[13]\b/g
