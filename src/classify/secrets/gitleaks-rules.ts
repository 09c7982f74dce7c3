/**
 * gitleaks’ rules (https://github.com/gitleaks/gitleaks, MIT, see NOTICE below) as data, made JavaScript’s by machine:
 * id, form, least Shannon entropy, keywords of which one must be near, expression; between tabs.
 *
 * Form: `i` = without regard to case, `c` = with; `=` = name, assignment, value, where ` ~~ ` parts the name from the
 * value; `-` = the expression is whole. Rules that need a file’s name, or whose expression could run away, are
 * ours (own-rules.ts).
 *
 * NOTICE: MIT License, Copyright (c) 2019 Zachary Rice. Permission is hereby granted, free of charge, to any person
 * obtaining a copy of this software and associated documentation files (the “Software”), to deal in the Software
 * without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute,
 * sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so,
 * subject to the following conditions: The above copyright notice and this permission notice shall be included in all
 * copies or substantial portions of the Software. THE SOFTWARE IS PROVIDED “AS IS”, WITHOUT WARRANTY OF ANY KIND,
 * EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE
 * AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
 * LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE
 * SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
 */
export const GITLEAKS_RULES = String.raw`
1password-secret-key	c-	3.8	a3-	\bA3-[A-Z0-9]{6}-(?:(?:[A-Z0-9]{11})|(?:[A-Z0-9]{6}-[A-Z0-9]{5}))-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}\b
1password-service-account-token	c-	4	ops_	ops_eyJ[a-zA-Z0-9+/]{250,}={0,3}
adafruit-api-key	i=	0	adafruit	(?:adafruit) ~~ ([a-z0-9_-]{32})
adobe-client-id	i=	2	adobe	(?:adobe) ~~ ([a-f0-9]{32})
adobe-client-secret	c-	2	p8e-	\b(p8e-(?i:[a-z0-9]{32}))(?:[\x60'"\s;]|\\[nr]|$)
age-secret-key	c-	0	age-secret-key-1	AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}
airtable-api-key	i=	0	airtable	(?:airtable) ~~ ([a-z0-9]{17})
airtable-personnal-access-token	c-	0	airtable pat	\b(pat[a-zA-Z0-9]{14}\.[a-f0-9]{64})\b
algolia-api-key	i=	0	algolia	(?:algolia) ~~ ([a-z0-9]{32})
alibaba-access-key-id	c-	2	ltai	\b(LTAI(?i:[a-z0-9]{20}))(?:[\x60'"\s;]|\\[nr]|$)
alibaba-secret-key	i=	2	alibaba	(?:alibaba) ~~ ([a-z0-9]{30})
anthropic-admin-api-key	c-	0	sk-ant-admin01	\b(sk-ant-admin01-[a-zA-Z0-9_\-]{93}AA)(?:[\x60'"\s;]|\\[nr]|$)
anthropic-api-key	c-	0	sk-ant-api03	\b(sk-ant-api03-[a-zA-Z0-9_\-]{93}AA)(?:[\x60'"\s;]|\\[nr]|$)
artifactory-api-key	c-	4.5	akcp	\bAKCp[A-Za-z0-9]{69}\b
artifactory-reference-token	c-	4.5	cmvmd	\bcmVmd[A-Za-z0-9]{59}\b
asana-client-id	i=	0	asana	(?:asana) ~~ ([0-9]{16})
asana-client-secret	i=	0	asana	(?:asana) ~~ ([a-z0-9]{32})
atlassian-api-token	i-	3.5	atlassian confluence jira atatt3	(?:(?-i:ATLASSIAN|[Aa]tlassian)|(?-i:CONFLUENCE|[Cc]onfluence)|(?-i:JIRA|[Jj]ira))(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-z0-9]{20}[a-f0-9]{4})(?:[\x60'"\s;]|\\[nr]|$)|\b(ATATT3[A-Za-z0-9_\-=]{186})(?:[\x60'"\s;]|\\[nr]|$)
authress-service-client-access-key	c-	2	sc_ ext_ scauth_ authress_	\b((?:sc|ext|scauth|authress)_(?i:[a-z0-9]{5,30}\.[a-z0-9]{4,6}\.(?-i:acc)[_-][a-z0-9-]{10,32}\.[a-z0-9+/_=-]{30,120}))(?:[\x60'"\s;]|\\[nr]|$)
aws-access-token	c-	3	a3t akia asia abia acca	\b((?:A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16})\b
aws-amazon-bedrock-api-key-long-lived	c-	3	absk	\b(ABSK[A-Za-z0-9+/]{109,269}={0,2})(?:[\x60'"\s;]|\\[nr]|$)
aws-amazon-bedrock-api-key-short-lived	c-	3	bedrock-api-key-	bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY29t
azure-ad-client-secret	c-	3	q~	(?:^|[\\'"\x60\s>=:(,)])([a-zA-Z0-9_~.]{3}\dQ~[a-zA-Z0-9_~.-]{31,34})(?:$|[\\'"\x60\s<),])
beamer-api-token	i=	0	beamer	(?:beamer) ~~ (b_[a-z0-9=_\-]{44})
bitbucket-client-id	i=	0	bitbucket	(?:bitbucket) ~~ ([a-z0-9]{32})
bitbucket-client-secret	i=	0	bitbucket	(?:bitbucket) ~~ ([a-z0-9=_\-]{64})
bittrex-access-key	i=	0	bittrex	(?:bittrex) ~~ ([a-z0-9]{32})
bittrex-secret-key	i=	0	bittrex	(?:bittrex) ~~ ([a-z0-9]{32})
cisco-meraki-api-key	c=	3	meraki	(?:(?-i:[Mm]eraki|MERAKI)) ~~ ([0-9a-f]{40})
clickhouse-cloud-api-secret-key	c-	3	4b1d	\b(4b1d[A-Za-z0-9]{38})\b
clojars-api-token	i-	2	clojars_	CLOJARS_[a-z0-9]{60}
cloudflare-api-key	i=	2	cloudflare	(?:cloudflare) ~~ ([a-z0-9_-]{40})
cloudflare-global-api-key	i=	2	cloudflare	(?:cloudflare) ~~ ([a-f0-9]{37})
cloudflare-origin-ca-key	c-	2	v1.0-	\b(v1\.0-[a-f0-9]{24}-[a-f0-9]{146})(?:[\x60'"\s;]|\\[nr]|$)
codecov-access-token	i=	0	codecov	(?:codecov) ~~ ([a-z0-9]{32})
cohere-api-token	c=	4	cohere co_api_key	(?:cohere|CO_API_KEY) ~~ ([a-zA-Z0-9]{40})
coinbase-access-token	i=	0	coinbase	(?:coinbase) ~~ ([a-z0-9_-]{64})
confluent-access-token	i=	0	confluent	(?:confluent) ~~ ([a-z0-9]{16})
confluent-secret-key	i=	0	confluent	(?:confluent) ~~ ([a-z0-9]{64})
contentful-delivery-api-token	i=	0	contentful	(?:contentful) ~~ ([a-z0-9=_\-]{43})
databricks-api-token	c-	3	dapi	\b(dapi[a-f0-9]{32}(?:-\d)?)(?:[\x60'"\s;]|\\[nr]|$)
datadog-access-token	i=	0	datadog	(?:datadog) ~~ ([a-z0-9]{40})
defined-networking-api-token	i=	0	dnkey	(?:dnkey) ~~ (dnkey-[a-z0-9=_\-]{26}-[a-z0-9=_\-]{52})
digitalocean-access-token	c-	3	doo_v1_	\b(doo_v1_[a-f0-9]{64})(?:[\x60'"\s;]|\\[nr]|$)
digitalocean-pat	c-	3	dop_v1_	\b(dop_v1_[a-f0-9]{64})(?:[\x60'"\s;]|\\[nr]|$)
digitalocean-refresh-token	i-	0	dor_v1_	\b(dor_v1_[a-f0-9]{64})(?:[\x60'"\s;]|\\[nr]|$)
discord-api-token	i=	0	discord	(?:discord) ~~ ([a-f0-9]{64})
discord-client-id	i=	2	discord	(?:discord) ~~ ([0-9]{18})
discord-client-secret	i=	2	discord	(?:discord) ~~ ([a-z0-9=_\-]{32})
doppler-api-token	c-	2	dp.pt.	dp\.pt\.(?i:[a-z0-9]{43})
droneci-access-token	i=	0	droneci	(?:droneci) ~~ ([a-z0-9]{32})
dropbox-api-token	i=	0	dropbox	(?:dropbox) ~~ ([a-z0-9]{15})
dropbox-long-lived-api-token	i=	0	dropbox	(?:dropbox) ~~ ([a-z0-9]{11}(AAAAAAAAAA)[a-z0-9\-_=]{43})
dropbox-short-lived-api-token	i=	0	dropbox	(?:dropbox) ~~ (sl\.[a-z0-9\-=_]{135})
duffel-api-token	c-	2	duffel_	duffel_(?:test|live)_(?i:[a-z0-9_\-=]{43})
dynatrace-api-token	c-	4	dt0c01.	dt0c01\.(?i:[a-z0-9]{24}\.[a-z0-9]{64})
easypost-api-token	c-	2	ezak	\bEZAK(?i:[a-z0-9]{54}\b)
easypost-test-api-token	c-	2	eztk	\bEZTK(?i:[a-z0-9]{54}\b)
etsy-access-token	i=	3	etsy	(?:(?-i:ETSY|[Ee]tsy)) ~~ ([a-z0-9]{24})
facebook-access-token	i-	3	facebook	\b(\d{15,16}(\||%)[0-9a-z\-_]{27,40})(?:[\x60'"\s;]|\\[nr]|$)
facebook-page-access-token	c-	4	eaam eaac	\b(EAA[MC](?i:[a-z0-9]{100,}))(?:[\x60'"\s;]|\\[nr]|$)
facebook-secret	i=	3	facebook	(?:facebook) ~~ ([a-f0-9]{32})
fastly-api-token	i=	0	fastly	(?:fastly) ~~ ([a-z0-9=_\-]{32})
finicity-api-token	i=	0	finicity	(?:finicity) ~~ ([a-f0-9]{32})
finicity-client-secret	i=	0	finicity	(?:finicity) ~~ ([a-z0-9]{20})
finnhub-access-token	i=	0	finnhub	(?:finnhub) ~~ ([a-z0-9]{20})
flickr-access-token	i=	0	flickr	(?:flickr) ~~ ([a-z0-9]{32})
flutterwave-encryption-key	c-	2	flwseck_test	FLWSECK_TEST-(?i:[a-h0-9]{12})
flutterwave-public-key	c-	2	flwpubk_test	FLWPUBK_TEST-(?i:[a-h0-9]{32}-X)
flutterwave-secret-key	c-	2	flwseck_test	FLWSECK_TEST-(?i:[a-h0-9]{32}-X)
flyio-access-token	c-	4	fo1_ fm1 fm2_	\b((?:fo1_[\w-]{43}|fm1[ar]_[a-zA-Z0-9+\/]{100,}={0,3}|fm2_[a-zA-Z0-9+\/]{100,}={0,3}))(?:[\x60'"\s;]|\\[nr]|$)
frameio-api-token	c-	0	fio-u-	fio-u-(?i:[a-z0-9\-_=]{64})
freemius-secret-key	i-	0	secret_key	["']secret_key["']\s*=>\s*["'](sk_[\S]{29})["']
freshbooks-access-token	i=	0	freshbooks	(?:freshbooks) ~~ ([a-z0-9]{64})
gcp-api-key	c-	4	aiza	\b(AIza[\w-]{35})(?:[\x60'"\s;]|\\[nr]|$)
generic-api-key	i=	3.5	access api auth key credential creds passwd password secret token	(?:access|auth|(?-i:[Aa]pi|API)|credential|creds|key|passw(?:or)?d|secret|token) ~~ ([\w.=-]{10,150}|[a-z0-9][a-z0-9+/]{11,}={0,3})
github-app-token	c-	3	ghu_ ghs_	(?:ghu|ghs)_[0-9a-zA-Z]{36}
github-fine-grained-pat	c-	3	github_pat_	github_pat_\w{82}
github-oauth	c-	3	gho_	gho_[0-9a-zA-Z]{36}
github-pat	c-	3	ghp_	ghp_[0-9a-zA-Z]{36}
github-refresh-token	c-	3	ghr_	ghr_[0-9a-zA-Z]{36}
gitlab-cicd-job-token	c-	3	glcbt-	glcbt-[0-9a-zA-Z]{1,5}_[0-9a-zA-Z_-]{20}
gitlab-deploy-token	c-	3	gldt-	gldt-[0-9a-zA-Z_\-]{20}
gitlab-feature-flag-client-token	c-	3	glffct-	glffct-[0-9a-zA-Z_\-]{20}
gitlab-feed-token	c-	3	glft-	glft-[0-9a-zA-Z_\-]{20}
gitlab-incoming-mail-token	c-	3	glimt-	glimt-[0-9a-zA-Z_\-]{25}
gitlab-kubernetes-agent-token	c-	3	glagent-	glagent-[0-9a-zA-Z_\-]{50}
gitlab-oauth-app-secret	c-	3	gloas-	gloas-[0-9a-zA-Z_\-]{64}
gitlab-pat	c-	3	glpat-	glpat-[\w-]{20}
gitlab-pat-routable	c-	4	glpat-	\bglpat-[0-9a-zA-Z_-]{27,300}\.[0-9a-z]{2}[0-9a-z]{7}\b
gitlab-ptt	c-	3	glptt-	glptt-[0-9a-f]{40}
gitlab-rrt	c-	3	gr1348941	GR1348941[\w-]{20}
gitlab-runner-authentication-token	c-	3	glrt-	glrt-[0-9a-zA-Z_\-]{20}
gitlab-runner-authentication-token-routable	c-	4	glrt-	\bglrt-t\d_[0-9a-zA-Z_\-]{27,300}\.[0-9a-z]{2}[0-9a-z]{7}\b
gitlab-scim-token	c-	3	glsoat-	glsoat-[0-9a-zA-Z_\-]{20}
gitlab-session-cookie	c-	3	_gitlab_session=	_gitlab_session=[0-9a-z]{32}
gitter-access-token	i=	0	gitter	(?:gitter) ~~ ([a-z0-9_-]{40})
gocardless-api-token	i=	0	live_ gocardless	(?:gocardless) ~~ (live_(?i:[a-z0-9\-_=]{40}))
grafana-api-key	i-	3	eyjrijoi	\b(eyJrIjoi[A-Za-z0-9]{70,400}={0,3})(?:[\x60'"\s;]|\\[nr]|$)
grafana-cloud-api-token	i-	3	glc_	\b(glc_[A-Za-z0-9+/]{32,400}={0,3})(?:[\x60'"\s;]|\\[nr]|$)
grafana-service-account-token	i-	3	glsa_	\b(glsa_[A-Za-z0-9]{32}_[A-Fa-f0-9]{8})(?:[\x60'"\s;]|\\[nr]|$)
harness-api-key	c-	0	pat. sat.	(?:pat|sat)\.[a-zA-Z0-9_-]{22}\.[a-zA-Z0-9]{24}\.[a-zA-Z0-9]{20}
hashicorp-tf-api-token	i-	3.5	atlasv1	[a-z0-9]{14}\.(?-i:atlasv1)\.[a-z0-9\-_=]{60,70}
hashicorp-tf-password	i=	2	administrator_login_password password	(?:administrator_login_password|password) ~~ ("[a-z0-9=_\-]{8,20}")
heroku-api-key	i=	0	heroku	(?:heroku) ~~ ([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})
heroku-api-key-v2	c-	4	hrku-aa	\b((HRKU-AA[0-9a-zA-Z_-]{58}))(?:[\x60'"\s;]|\\[nr]|$)
hubspot-api-key	i=	0	hubspot	(?:hubspot) ~~ ([0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{12})
huggingface-access-token	c-	2	hf_	\b(hf_(?i:[a-z]{34}))(?:[\x60'"\s;]|\\[nr]|$)
huggingface-organization-api-token	c-	2	api_org_	\b(api_org_(?i:[a-z]{34}))(?:[\x60'"\s;]|\\[nr]|$)
infracost-api-token	c-	3	ico-	\b(ico-[a-zA-Z0-9]{32})(?:[\x60'"\s;]|\\[nr]|$)
intercom-api-key	i=	0	intercom	(?:intercom) ~~ ([a-z0-9=_\-]{60})
intra42-client-secret	c-	3	s-s4t2ud- s-s4t2af-	\b(s-s4t2(?:ud|af)-(?i:[abcdef0123456789]{64}))(?:[\x60'"\s;]|\\[nr]|$)
jfrog-api-key	i=	0	jfrog artifactory bintray xray	(?:jfrog|artifactory|bintray|xray) ~~ ([a-z0-9]{73})
jfrog-identity-token	i=	0	jfrog artifactory bintray xray	(?:jfrog|artifactory|bintray|xray) ~~ ([a-z0-9]{64})
jwt	c-	3	ey	\b(ey[a-zA-Z0-9]{17,}\.ey[a-zA-Z0-9\/\\_-]{17,}\.(?:[a-zA-Z0-9\/\\_-]{10,}={0,2})?)(?:[\x60'"\s;]|\\[nr]|$)
jwt-base64	c-	2	zxlk	\bZXlK(?:(?:aGJHY2lPaU)|(?:aGNIVWlPaU)|(?:aGNIWWlPaU)|(?:aGRXUWlPaU)|(?:aU5qUWlP)|(?:amNtbDBJanBi)|(?:amRIa2lPaU)|(?:bGNHc2lPbn)|(?:bGJtTWlPaU)|(?:cWEzVWlPaU)|(?:cWQyc2lPb)|(?:cGMzTWlPaU)|(?:cGRpSTZJ)|(?:cmFXUWlP)|(?:clpYbGZiM0J6SWpwY)|(?:cmRIa2lPaUp)|(?:dWIyNWpaU0k2)|(?:d01tTWlP)|(?:d01uTWlPaU)|(?:d2NIUWlPaU)|(?:emRXSWlPaU)|(?:emRuUWlP)|(?:MFlXY2lPaU)|(?:MGVYQWlPaUp)|(?:MWNtd2l)|(?:MWMyVWlPaUp)|(?:MlpYSWlPaU)|(?:MlpYSnphVzl1SWpv)|(?:NElqb2)|(?:NE5XTWlP)|(?:NE5YUWlPaU)|(?:NE5YUWpVekkxTmlJNkl)|(?:NE5YVWlPaU)|(?:NmFYQWlPaU))[a-zA-Z0-9\/\\_+\-\r\n]{40,}={0,2}
kraken-access-token	i=	0	kraken	(?:kraken) ~~ ([a-z0-9\/=_\+\-]{80,90})
kucoin-access-token	i=	0	kucoin	(?:kucoin) ~~ ([a-f0-9]{24})
kucoin-secret-key	i=	0	kucoin	(?:kucoin) ~~ ([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})
launchdarkly-access-token	i=	0	launchdarkly	(?:launchdarkly) ~~ ([a-z0-9=_\-]{40})
linear-api-key	c-	2	lin_api_	lin_api_(?i:[a-z0-9]{40})
linear-client-secret	i=	2	linear	(?:linear) ~~ ([a-f0-9]{32})
linkedin-client-id	i=	2	linkedin linked_in linked-in	(?:linked[_-]?in) ~~ ([a-z0-9]{14})
linkedin-client-secret	i=	2	linkedin linked_in linked-in	(?:linked[_-]?in) ~~ ([a-z0-9]{16})
lob-api-key	i=	0	test_ live_	(?:lob) ~~ ((live|test)_[a-f0-9]{35})
lob-pub-api-key	i=	0	test_pub live_pub _pub	(?:lob) ~~ ((test|live)_pub_[a-f0-9]{31})
looker-client-id	i=	0	looker	(?:looker) ~~ ([a-z0-9]{20})
looker-client-secret	i=	0	looker	(?:looker) ~~ ([a-z0-9]{24})
mailchimp-api-key	i=	0	mailchimp	(?:MailchimpSDK.initialize|mailchimp) ~~ ([a-f0-9]{32}-us\d\d)
mailgun-private-api-token	i=	0	mailgun	(?:mailgun) ~~ (key-[a-f0-9]{32})
mailgun-pub-key	i=	0	mailgun	(?:mailgun) ~~ (pubkey-[a-f0-9]{32})
mailgun-signing-key	i=	0	mailgun	(?:mailgun) ~~ ([a-h0-9]{32}-[a-h0-9]{8}-[a-h0-9]{8})
mapbox-api-token	i=	0	mapbox	(?:mapbox) ~~ (pk\.[a-z0-9]{60}\.[a-z0-9]{22})
mattermost-access-token	i=	0	mattermost	(?:mattermost) ~~ ([a-z0-9]{26})
maxmind-license-key	c-	4	_mmk	\b([A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk)(?:[\x60'"\s;]|\\[nr]|$)
messagebird-api-token	i=	0	messagebird message-bird message_bird	(?:message[_-]?bird) ~~ ([a-z0-9]{25})
messagebird-client-id	i=	0	messagebird message-bird message_bird	(?:message[_-]?bird) ~~ ([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})
microsoft-teams-webhook	c-	0	webhook.office.com webhookb2 incomingwebhook	https://[a-z0-9]+\.webhook\.office\.com/webhookb2/[a-z0-9]{8}-([a-z0-9]{4}-){3}[a-z0-9]{12}@[a-z0-9]{8}-([a-z0-9]{4}-){3}[a-z0-9]{12}/IncomingWebhook/[a-z0-9]{32}/[a-z0-9]{8}-([a-z0-9]{4}-){3}[a-z0-9]{12}
netlify-access-token	i=	0	netlify	(?:netlify) ~~ ([a-z0-9=_\-]{40,46})
new-relic-browser-api-token	i=	0	nrjs-	(?:new-relic|newrelic|new_relic) ~~ (NRJS-[a-f0-9]{19})
new-relic-insert-key	i=	0	nrii-	(?:new-relic|newrelic|new_relic) ~~ (NRII-[a-z0-9-]{32})
new-relic-user-api-id	i=	0	new-relic newrelic new_relic	(?:new-relic|newrelic|new_relic) ~~ ([a-z0-9]{64})
new-relic-user-api-key	i=	0	nrak	(?:new-relic|newrelic|new_relic) ~~ (NRAK-[a-z0-9]{27})
notion-api-token	c-	4	ntn_	\b(ntn_[0-9]{11}[A-Za-z0-9]{32}[A-Za-z0-9]{3})(?:[\x60'"\s;]|\\[nr]|$)
npm-access-token	i-	2	npm_	\b(npm_[a-z0-9]{36})(?:[\x60'"\s;]|\\[nr]|$)
nytimes-access-token	i=	0	nytimes new-york-times newyorktimes	(?:nytimes|new-york-times,|newyorktimes) ~~ ([a-z0-9=_\-]{32})
octopus-deploy-api-key	c-	3	api-	\b(API-[A-Z0-9]{26})(?:[\x60'"\s;]|\\[nr]|$)
okta-access-token	c=	4	okta	(?:(?-i:[Oo]kta|OKTA)) ~~ (00[\w=\-]{40})
openai-api-key	c-	3	t3blbkfj	\b(sk-(?:proj|svcacct|admin)-(?:[A-Za-z0-9_-]{74}|[A-Za-z0-9_-]{58})T3BlbkFJ(?:[A-Za-z0-9_-]{74}|[A-Za-z0-9_-]{58})\b|sk-[a-zA-Z0-9]{20}T3BlbkFJ[a-zA-Z0-9]{20})(?:[\x60'"\s;]|\\[nr]|$)
openshift-user-token	c-	3.5	sha256~	\b(sha256~[\w-]{43})(?:[^\w-]|$)
perplexity-api-key	c-	4	pplx-	\b(pplx-[a-zA-Z0-9]{48})(?:[\x60'"\s;]|\\[nr]|$|\b)
plaid-api-token	i=	0	plaid	(?:plaid) ~~ (access-(?:sandbox|development|production)-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})
plaid-client-id	i=	3.5	plaid	(?:plaid) ~~ ([a-z0-9]{24})
plaid-secret-key	i=	3.5	plaid	(?:plaid) ~~ ([a-z0-9]{30})
planetscale-api-token	c-	3	pscale_tkn_	\b(pscale_tkn_(?i:[\w=\.-]{32,64}))(?:[\x60'"\s;]|\\[nr]|$)
planetscale-oauth-token	c-	3	pscale_oauth_	\b(pscale_oauth_[\w=\.-]{32,64})(?:[\x60'"\s;]|\\[nr]|$)
planetscale-password	c-	3	pscale_pw_	(?i:\b(pscale_pw_(?i:[\w=\.-]{32,64}))(?:[\x60'"\s;]|\\[nr]|$))
postman-api-token	c-	3	pmak-	\b(PMAK-(?i:[a-f0-9]{24}\-[a-f0-9]{34}))(?:[\x60'"\s;]|\\[nr]|$)
prefect-api-token	c-	2	pnu_	\b(pnu_[a-zA-Z0-9]{36})(?:[\x60'"\s;]|\\[nr]|$)
private-key	i-	0	-----begin	-----BEGIN[ A-Z0-9_-]{0,100}PRIVATE KEY(?: BLOCK)?-----[\s\S-]{64,}?KEY(?: BLOCK)?-----
privateai-api-token	c=	3	privateai private_ai private-ai	(?:private[_-]?ai) ~~ ([a-z0-9]{32})
pulumi-api-token	c-	2	pul-	\b(pul-[a-f0-9]{40})(?:[\x60'"\s;]|\\[nr]|$)
pypi-upload-token	c-	3	pypi-ageichlwas5vcmc	pypi-AgEIcHlwaS5vcmc[\w-]{50,1000}
rapidapi-access-token	i=	0	rapidapi	(?:rapidapi) ~~ ([a-z0-9_-]{50})
readme-api-token	c-	2	rdme_	\b(rdme_[a-z0-9]{70})(?:[\x60'"\s;]|\\[nr]|$)
rubygems-api-token	c-	2	rubygems_	\b(rubygems_[a-f0-9]{48})(?:[\x60'"\s;]|\\[nr]|$)
scalingo-api-token	c-	2	tk-us-	\b(tk-us-[\w-]{48})(?:[\x60'"\s;]|\\[nr]|$)
sendbird-access-id	i=	0	sendbird	(?:sendbird) ~~ ([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})
sendbird-access-token	i=	0	sendbird	(?:sendbird) ~~ ([a-f0-9]{40})
sendgrid-api-token	c-	2	sg.	\b(SG\.(?i:[a-z0-9=_\-\.]{66}))(?:[\x60'"\s;]|\\[nr]|$)
sendinblue-api-token	c-	2	xkeysib-	\b(xkeysib-[a-f0-9]{64}\-(?i:[a-z0-9]{16}))(?:[\x60'"\s;]|\\[nr]|$)
sentry-access-token	i=	3	sentry	(?:sentry) ~~ ([a-f0-9]{64})
sentry-org-token	c-	4.5	sntrys_eyjpyxqio	\bsntrys_eyJpYXQiO[a-zA-Z0-9+/]{10,200}(?:LCJyZWdpb25fdXJs|InJlZ2lvbl91cmwi|cmVnaW9uX3VybCI6)[a-zA-Z0-9+/]{10,200}={0,2}_[a-zA-Z0-9+/]{43}(?:[^a-zA-Z0-9+/]|$)
sentry-user-token	c-	3.5	sntryu_	\b(sntryu_[a-f0-9]{64})(?:[\x60'"\s;]|\\[nr]|$)
settlemint-application-access-token	c-	3	sm_aat	\b(sm_aat_[a-zA-Z0-9]{16})(?:[\x60'"\s;]|\\[nr]|$)
settlemint-personal-access-token	c-	3	sm_pat	\b(sm_pat_[a-zA-Z0-9]{16})(?:[\x60'"\s;]|\\[nr]|$)
settlemint-service-access-token	c-	3	sm_sat	\b(sm_sat_[a-zA-Z0-9]{16})(?:[\x60'"\s;]|\\[nr]|$)
shippo-api-token	c-	2	shippo_	\b(shippo_(?:live|test)_[a-fA-F0-9]{40})(?:[\x60'"\s;]|\\[nr]|$)
shopify-access-token	c-	2	shpat_	shpat_[a-fA-F0-9]{32}
shopify-custom-access-token	c-	2	shpca_	shpca_[a-fA-F0-9]{32}
shopify-private-app-access-token	c-	2	shppa_	shppa_[a-fA-F0-9]{32}
shopify-shared-secret	c-	2	shpss_	shpss_[a-fA-F0-9]{32}
sidekiq-secret	i=	0	bundle_enterprise__contribsys__com bundle_gems__contribsys__com	(?:BUNDLE_ENTERPRISE__CONTRIBSYS__COM|BUNDLE_GEMS__CONTRIBSYS__COM) ~~ ([a-f0-9]{8}:[a-f0-9]{8})
sidekiq-sensitive-url	i-	0	gems.contribsys.com enterprise.contribsys.com	\bhttps?://([a-f0-9]{8}:[a-f0-9]{8})@(?:gems.contribsys.com|enterprise.contribsys.com)(?:[\/|\#|\?|:]|$)
slack-app-token	i-	2	xapp	xapp-\d-[A-Z0-9]+-\d+-[a-z0-9]+
slack-bot-token	c-	3	xoxb	xoxb-[0-9]{10,13}-[0-9]{10,13}[a-zA-Z0-9-]*
slack-config-access-token	i-	2	xoxe.xoxb- xoxe.xoxp-	xoxe.xox[bp]-\d-[A-Z0-9]{163,166}
slack-config-refresh-token	i-	2	xoxe-	xoxe-\d-[A-Z0-9]{146}
slack-legacy-bot-token	c-	2	xoxb	xoxb-[0-9]{8,14}-[a-zA-Z0-9]{18,26}
slack-legacy-token	c-	2	xoxo xoxs	xox[os]-\d+-\d+-\d+-[a-fA-F\d]+
slack-legacy-workspace-token	c-	2	xoxa xoxr	xox[ar]-(?:\d-)?[0-9a-zA-Z]{8,48}
slack-user-token	c-	2	xoxp- xoxe-	xox[pe](?:-[0-9]{10,13}){3}-[a-zA-Z0-9-]{28,34}
slack-webhook-url	c-	0	hooks.slack.com	(?:https?://)?hooks.slack.com/(?:services|workflows|triggers)/[A-Za-z0-9+/]{43,56}
snyk-api-token	i=	0	snyk	(?:snyk[_.-]?(?:(?:api|oauth)[_.-]?)?(?:key|token)) ~~ ([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})
sonar-api-token	i=	0	sonar	(?:sonar[_.-]?(login|token)) ~~ ((?:squ_|sqp_|sqa_)?[a-z0-9=_\-]{40})
sourcegraph-access-token	i-	3	sgp_ sourcegraph	\b(\b(sgp_(?:[a-fA-F0-9]{16}|local)_[a-fA-F0-9]{40}|sgp_[a-fA-F0-9]{40}|[a-fA-F0-9]{40})\b)(?:[\x60'"\s;]|\\[nr]|$)
square-access-token	c-	2	sq0atp- eaaa	\b((?:EAAA|sq0atp-)[\w-]{22,60})(?:[\x60'"\s;]|\\[nr]|$)
squarespace-access-token	i=	0	squarespace	(?:squarespace) ~~ ([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})
stripe-access-token	c-	2	sk_test sk_live sk_prod rk_test rk_live rk_prod	\b((?:sk|rk)_(?:test|live|prod)_[a-zA-Z0-9]{10,99})(?:[\x60'"\s;]|\\[nr]|$)
sumologic-access-id	c=	3	sumo	(?:(?-i:[Ss]umo|SUMO)) ~~ (su[a-zA-Z0-9]{12})
sumologic-access-token	i=	3	sumo	(?:(?-i:[Ss]umo|SUMO)) ~~ ([a-z0-9]{64})
telegram-bot-api-token	i=	0	telegr	(?:telegr) ~~ ([0-9]{5,16}:(?-i:A)[a-z0-9_\-]{34})
travisci-access-token	i=	0	travis	(?:travis) ~~ ([a-z0-9]{22})
twilio-api-key	c-	3	sk	SK[0-9a-fA-F]{32}
twitch-api-token	i=	0	twitch	(?:twitch) ~~ ([a-z0-9]{30})
twitter-access-secret	i=	0	twitter	(?:twitter) ~~ ([a-z0-9]{45})
twitter-access-token	i=	0	twitter	(?:twitter) ~~ ([0-9]{15,25}-[a-zA-Z0-9]{20,40})
twitter-api-key	i=	0	twitter	(?:twitter) ~~ ([a-z0-9]{25})
twitter-api-secret	i=	0	twitter	(?:twitter) ~~ ([a-z0-9]{50})
twitter-bearer-token	i=	0	twitter	(?:twitter) ~~ (A{22}[a-zA-Z0-9%]{80,100})
typeform-api-token	i=	0	tfp_	(?:typeform) ~~ (tfp_[a-z0-9\-_\.=]{59})
vault-batch-token	c-	4	hvb.	\b(hvb\.[\w-]{138,300})(?:[\x60'"\s;]|\\[nr]|$)
vault-service-token	c-	3.5	hvs. s.	\b((?:hvs\.[\w-]{90,120}|s\.(?i:[a-z0-9]{24})))(?:[\x60'"\s;]|\\[nr]|$)
yandex-access-token	i=	0	yandex	(?:yandex) ~~ (t1\.[A-Z0-9a-z_-]+[=]{0,2}\.[A-Z0-9a-z_-]{86}[=]{0,2})
yandex-api-key	i=	0	yandex	(?:yandex) ~~ (AQVN[A-Za-z0-9_\-]{35,38})
yandex-aws-access-token	i=	0	yandex	(?:yandex) ~~ (YC[a-zA-Z0-9_\-]{38})
zendesk-secret-key	i=	0	zendesk	(?:zendesk) ~~ ([a-z0-9]{40})
`
