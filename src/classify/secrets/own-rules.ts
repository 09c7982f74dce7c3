/**
 * What gitleaks’ rules leave out, in the same form (gitleaks-rules.ts): credentials in URLs and headers, files of
 * tools, newer providers, and the rules whose own expression could run away.
 */
export const OWN_RULES = String.raw`
url-credentials	i-	2	://	:\/\/[^\s:@\/'"<>]{0,100}:([^\s@\/'"<>]{3,200})@
authorization-header	i-	2.75	authorization	authorization['"]?[ \t]{0,3}[:=][ \t]{0,3}['"]?(?:bearer|basic|token|apikey|negotiate)[ \t]{1,3}([a-z0-9._~+\/=-]{12,2000})
bearer-token	i-	3.3	bearer	\bbearer[ \t]{1,3}([a-z0-9._~+\/-]{20,2000}={0,2})
curl-auth-header	i-	2.75	-h --header	(?:^|\s)(?:-h|--header)[ \t=]{0,3}['"]?(?:[a-z]{1,20}-){0,4}(?:authorization|token|key|secret)[ \t]{0,3}:[ \t]{0,3}(?:[a-z-]{3,16}[ \t]{1,3})?([\w=~@.+\/-]{8,2000})
curl-auth-user	c-	2	curl	\bcurl\b[^\n|;]{0,300}?\s(?:-u|--user)[ \t=]{0,3}(['"]?[^\s:'"]{0,80}:[^\s'"]{3,200}['"]?)
netrc-password	i-	2	machine	\bmachine\s{1,5}\S{1,200}\s{1,5}login\s{1,5}\S{1,200}\s{1,5}password\s{1,5}(\S{4,200})
kubeconfig-client-key	c-	3	client-key-data	client-key-data:[ \t]{0,3}['"]?([A-Za-z0-9+\/]{40,8000}={0,2})
kubernetes-secret-yaml	i-	2.5	secret	\bkind:[ \t]{0,3}["']?secret\b[\s\S]{0,400}?\b(?:data|stringData):\s{1,20}["']?[\w.-]{1,80}["']?:[ \t]{0,3}["']?([a-z0-9+\/]{10,2000}={0,3})
kubernetes-secret-yaml	i-	2.5	data:	\b(?:data|stringData):\s{1,20}["']?[\w.-]{1,80}["']?:[ \t]{0,3}["']?([a-z0-9+\/]{10,2000}={0,3})[\s\S]{0,400}?\bkind:[ \t]{0,3}["']?secret\b
nuget-config-password	i-	1	<add	<add key=['"](?:ClearText)?Password['"]\s{1,5}value=['"]([^'"\s]{6,200})['"]
remit-local-credential	c-	3	remit_local_	\b(remit_local_[A-Za-z0-9_-]{43})
figma-token	c-	3	figd_	\b(figd_[A-Za-z0-9_-]{30,})
supabase-token	c-	3	sbp_	\b(sbp_[a-f0-9]{40})\b
groq-api-key	c-	3	gsk_	\b(gsk_[A-Za-z0-9]{40,})\b
xai-api-key	c-	3	xai-	\b(xai-[A-Za-z0-9]{60,})\b
replicate-token	c-	3	r8_	\b(r8_[A-Za-z0-9]{37})\b
new-relic-user-key	c-	3	nrak-	\b(NRAK-[A-Z0-9]{27})\b
docker-token	c-	3	dckr_pat_ dckr_oat_	\b(dckr_(?:pat|oat)_[A-Za-z0-9_-]{20,})
openrouter-key	c-	3	sk-or-	\b(sk-or-v1-[a-f0-9]{60,})\b
openai-compatible-key	c-	3.5	sk-	\b(sk-(?!ant-)(?:proj-|svcacct-|live-|test-)?[A-Za-z0-9][A-Za-z0-9_-]{30,200})(?![A-Za-z0-9_-])
tavily-key	c-	3	tvly-	\b(tvly-[A-Za-z0-9-]{28,})
webhook-signing-secret	c-	3	whsec_	\b(whsec_[A-Za-z0-9+\/=]{24,})
google-oauth-token	c-	3	ya29.	\b(ya29\.[\w-]{30,})
google-oauth-secret	c-	3	gocspx-	\b(GOCSPX-[\w-]{28})
azure-storage-key	i-	3.5	accountkey sharedaccesskey	\b(?:AccountKey|SharedAccessKey)\s{0,3}=\s{0,3}([a-z0-9+\/]{40,100}={0,2})
azure-sas	i-	3	sig=	[?&]sig=([a-z0-9%+\/]{40,120}(?:%3d|=)?)
aws-secret-key	i-	3.5	secret	aws.{0,5}secret.{0,5}(?:access)?.{0,5}key['"]?[\s:=]{1,5}['"]?([a-z0-9\/+]{40})(?![a-z0-9\/+=])
npmrc-token	c-	2	_auth	(?:^|[\s:/])_auth(?:Token)?\s{0,3}=\s{0,3}['"]?([\w.+\/=-]{16,300})
discord-webhook	i-	3	discord	discord(?:app)?\.com\/api\/webhooks\/\d{15,22}\/([\w-]{50,80})
putty-key	c-	3	private-lines	Private-Lines: \d{1,3}\s{1,4}([A-Za-z0-9+\/=\s]{40,})
private-key-open	i-	3.5	-----begin	-----BEGIN[ A-Z0-9_-]{0,100}PRIVATE KEY(?: BLOCK)?-----(?:\\[nr]|\s|"|\+){1,10}([A-Za-z0-9+\/=][A-Za-z0-9+\/=\s\\]{30,})
quoted-password	i-	2.8	passw pwd passphrase secret	(?:passw(?:or)?d|pwd|passphrase|secret)['"]?[ \t]{0,3}(?::=|=>|[:=])[ \t]{0,3}(['"][^'"\s]{8,120}['"])
environment-password	c-	2.8	password passwd	\b[A-Z][A-Z0-9_]{0,40}PASSW(?:OR)?D=['"]?([^\s'"$]{8,120})
mysql-argument-password	c-	2	-p	\b(?:mysql|mysqldump|mysqladmin|sshpass)\b[^\n|;]{0,200}?\s(?:-p|--password=)(['"]?[^\s'"-][^\s'"]{5,80}['"]?)
`
