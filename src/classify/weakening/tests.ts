/**
 * How tests look in the usual frameworks, each from its own documentation: Jest, Vitest, Mocha, AVA, node:test,
 * Playwright, pytest, unittest, JUnit, TestNG, NUnit, xUnit, MSTest, Go, Rust, RSpec, minitest, PHPUnit, Pest, XCTest,
 * ExUnit, GoogleTest, Catch2, Bats, Dart.
 */

/** A test, or a group of them, also one that is skipped. */
export const TESTS =
  /(?<![\w.$])[xf]?(?:it|test|specify|describe|context|suite)(?:\.\w+)*\s*(?:\(|`)|^\s*[xf]?(?:it|specify|describe|context|test)\s+['"]|^\s*(?:async\s+)?def\s+test\w*|^\s*class\s+Test\w+|@(?:Test|ParameterizedTest|RepeatedTest|TestFactory)\b|\[(?:Fact|Theory|Test|TestCase|TestMethod)\b|^func\s+(?:Test|Benchmark|Fuzz|Example)\w*\(|\bt\.Run\(|#\[(?:\w+::)?test\b|\bfunc(?:tion)?\s+test\w*\(|^\s*TEST(?:_[FP]|_CASE)?\s*\(|^\s*@test\b/gm

/** A test that does not run. */
export const SKIPS =
  /(?<![\w.$])(?:it|test|describe|suite|context|specify|bench)(?:\.\w+)*\.(?:skip|todo|fixme|fails|failing|skipIf|runIf)\b|(?<![\w.$])x(?:it|test|describe|context|specify)\b|\b(?:this|t|ctx|context|test)\.skip\(|\bskip:\s*(?:true|['"])|@(?:pytest\.mark\.|unittest\.)?(?:skip|skipif|skipIf|skipUnless|xfail|expectedFailure)\b|\bpytest\.(?:skip|xfail|importorskip)\(|\bpytestmark\s*=\s*pytest\.mark\.(?:skip|xfail)|\bself\.skipTest\(|\braise\s+(?:unittest\.)?SkipTest\b|\bcollect_ignore\w*\s*=|\b__test__\s*=\s*False|@(?:Disabled|Ignore|DisabledOn\w+|DisabledIf\w*|EnabledIf\w*|EnabledOn\w*)\b|\benabled\s*=\s*false|\[(?:Ignore|Explicit)\b|\bSkip\s*=\s*"|\bAssert\.(?:Ignore|Inconclusive)\(|\bt\.Skip(?:f|Now)?\(|\/\/go:build\s+ignore|#\[ignore\b|#\[cfg\((?:any\(\)|FALSE)\)\]|^\s*(?:xit|xdescribe|xcontext|pending|skip)\b(?=\s*(?:['"(]|do\b|$))|,\s*(?:skip|pending):\s|\bmarkTest(?:Skipped|Incomplete)\(|->skip\(|\bXCTSkip\b|\.disabled\(|@(?:module)?tag\s+:?(?:skip|pending)|\bDISABLED_\w+|\bGTEST_SKIP\(|\bassume(?:True\(\s*false|False\(\s*true)/gm

/** Runs nothing but itself. */
export const ONLYS =
  /(?<![\w.$])(?:it|test|describe|suite|context|specify)(?:\.\w+)*\.only\b|(?<![\w.$])f(?:it|describe|context|specify)\s*\(|,\s*:?focus(?::\s*true)?\b/g

export const ASSERTIONS =
  /\bexpect(?:\.(?:soft|poll))?\s*[({]|\b(?:assert|refute)\w*(?:\.\w+)*\s*[(!]|^\s*assert\s|\b[aA]ssert\.\w+\(|\bassert_\w+|\brequire\.\w+\(\s*t\b|\bt\.(?:Error|Fatal)f?\(|\bt\.Fail(?:Now)?\(|\bt\.(?:is|not|deepEqual|like|true|false|truthy|falsy|throws\w*|regex|ok|equal|same|match|assert\.\w+)\(|\bpytest\.raises\(|\.should(?:\.|\(|\s)|\bmust_\w+|\bXCTAssert\w*\(|\b(?:EXPECT|ASSERT|CHECK|REQUIRE)(?:_\w+)?\(|\bverify\(|\braise_error\b/gm

/** Holds for nearly every value, or for all. */
export const LOOSE_ASSERTIONS =
  /\bexpect\(\s*(?:true|false|1|0|null|undefined|!0)\s*\)|\b(?:toBeDefined|toBeTruthy|toHaveBeenCalled|toThrow|toThrowError)\(\s*\)|\bnot\.toBe(?:Null|Undefined)\(|\bexpect\.any(?:thing)?\(|\bassert\w*(?:\.(?:ok|isTrue|True|IsTrue))?\s*\(\s*(?:true|True|1|1\s*===?\s*1)\s*[,)]|^\s*assert\s+(?:True|1|1\s*==\s*1)\s*(?:,|#|$)|\bassert(?:IsNotNone|NotNull|_not_nil|NotEmpty)\(|^\s*assert\s+[\w.()[\]]+\s+is\s+not\s+None\s*$|\bassert\s+[\w.]+\s*$|\bassert\(true\)|\bassert!\(true\)|\bt\.(?:pass|true)\(\s*(?:true)?\s*\)/gm

/** A failure that nobody hears. */
export const SWALLOWED =
  /\bexcept\b[^\n:]*:\s*(?:\n\s*)?pass\b|\bcatch\s*(?:\([^)\n]*\))?\s*\{\s*(?:\/\/[^\n]*\n\s*)?\}|\brescue\b[^\n]*\n\s*(?:nil\s*\n\s*)?end\b|\bif\s*\(?\s*(?:false|False|0)\s*\)?\s*[:{]|\bretryTimes\(|@(?:pytest\.mark\.)?flaky\b|\bretries\s*:\s*[1-9]|--reruns\b/g

const TEST_FILE =
  /(?:^|\/)(?:__tests__|tests?|specs?|e2e|cypress|testing|src\/(?:test|androidTest|integrationTest))\/|(?:^|\/)(?:test_[^/]*|[^/]*[._-](?:test|tests|spec|specs|e2e|cy|it)\.[a-z]+|[^/]*_(?:test|spec)\.[a-z]+|[^/]*[a-z](?:Test|Tests|Spec|IT|TestCase)\.[a-z]+|conftest\.py|[^/]*\.(?:feature|bats|t))$/
/** Copies and what is made from something else. */
const MADE =
  /(?:^|\/)(?:node_modules|dist|build|out|coverage|target|vendor|\.venv|venv|site-packages|__pycache__|\.next|\.cache|tmp|fixtures|__fixtures__|testdata|__snapshots__|snapshots)\//
const PROGRAM =
  /\.(?:[cm]?[jt]sx?|vue|svelte|py|pyi|java|kt|kts|scala|groovy|cs|fs|go|rs|rb|php|swift|m|mm|ex|exs|erl|c|cc|cpp|cxx|h|hpp|dart|lua|pl|t|bats|feature|sh|r|jl|clj|hs|ml)$/i

/** Whether a path inside the workspace is one of a program’s tests. */
export function isTestFile(path: string): boolean {
  return TEST_FILE.test(path) && PROGRAM.test(path) && !MADE.test(path)
}

/** Whether a folder holds tests by its name. */
export function isTestFolder(path: string): boolean {
  return /(?:^|\/)(?:__tests__|tests?|specs?|e2e|cypress)$/.test(path) && !MADE.test(`${path}/`)
}

/** What is made from something else is no control of its own. */
export function isMade(path: string): boolean {
  return MADE.test(path)
}
