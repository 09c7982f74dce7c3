/**
 * Files that say what a program does without being named on its command line: where they lie, in the folder that it
 * runs in or above, decides what runs. Those that are not there are held too, since one that appears would count.
 */
const MANIFESTS: readonly (readonly [programs: string, files: string])[] = [
  [
    'npm npx pnpm pnpx yarn bun bunx corepack turbo nx lerna ncu',
    'package.json .npmrc .yarnrc.yml .pnpmfile.cjs bunfig.toml',
  ],
  ['make gmake', 'GNUmakefile makefile Makefile'],
  ['just', 'justfile Justfile .justfile'],
  ['task', 'Taskfile.yml Taskfile.yaml Taskfile.dist.yml'],
  ['rake rails', 'Rakefile rakefile Gemfile'],
  ['bundle rspec rubocop', 'Gemfile .rspec .rubocop.yml'],
  ['cargo', 'Cargo.toml build.rs .cargo/config.toml'],
  ['go', 'go.mod go.work'],
  [
    'gradle gradlew ./gradlew',
    'build.gradle build.gradle.kts settings.gradle settings.gradle.kts gradle/wrapper/gradle-wrapper.properties',
  ],
  ['mvn mvnw ./mvnw', 'pom.xml .mvn/extensions.xml .mvn/jvm.config'],
  ['pytest py.test', 'pytest.ini pyproject.toml tox.ini setup.cfg conftest.py'],
  ['tox', 'tox.ini pyproject.toml setup.cfg'],
  ['nox', 'noxfile.py'],
  ['pip pip3 uv poetry pdm hatch', 'pyproject.toml setup.py setup.cfg'],
  ['pre-commit', '.pre-commit-config.yaml'],
  ['lefthook', 'lefthook.yml lefthook.yaml'],
  [
    'docker podman nerdctl',
    'Dockerfile Containerfile .dockerignore compose.yaml compose.yml docker-compose.yml docker-compose.yaml',
  ],
  [
    'docker-compose',
    'compose.yaml compose.yml docker-compose.yml docker-compose.yaml docker-compose.override.yml',
  ],
  ['composer', 'composer.json'],
  ['mix', 'mix.exs'],
  ['cmake ctest', 'CMakeLists.txt CMakePresets.json'],
  ['ninja', 'build.ninja'],
  ['bazel', 'MODULE.bazel WORKSPACE WORKSPACE.bazel .bazelrc'],
  [
    'vitest vite',
    'package.json vitest.config.ts vitest.config.js vitest.config.mts vite.config.ts vite.config.js vite.config.mts',
  ],
  ['jest', 'package.json jest.config.js jest.config.ts jest.config.cjs jest.config.mjs'],
  ['mocha', 'package.json .mocharc.json .mocharc.js .mocharc.cjs .mocharc.yml'],
  ['playwright', 'package.json playwright.config.ts playwright.config.js'],
  [
    'eslint',
    'package.json eslint.config.js eslint.config.mjs eslint.config.cjs eslint.config.ts .eslintrc.json .eslintrc.js .eslintrc.cjs',
  ],
  ['prettier', 'package.json .prettierrc .prettierrc.json .prettierrc.js prettier.config.js'],
  ['webpack', 'package.json webpack.config.js webpack.config.ts'],
  ['tsc', 'tsconfig.json'],
]

const FILES: ReadonlyMap<string, readonly string[]> = new Map(
  MANIFESTS.flatMap(([programs, files]) =>
    programs.split(' ').map((program) => [program, files.split(' ')] as const),
  ),
)

/** @param program as written, without a standard folder. */
export function manifestsOf(program: string): readonly string[] {
  return FILES.get(program) ?? []
}

/** Programs that run the file which their first word names. */
const RUN_FILES =
  /^(?:sh|bash|dash|ash|zsh|ksh|mksh|fish|csh|tcsh|source|\.|python[\d.]*|pypy3?|node|nodejs|deno|bun|tsx|ts-node|ruby|perl|php|lua|Rscript|julia|osascript|pwsh|groovy|java|elixir|tclsh)$/

export function runsFiles(program: string): boolean {
  return RUN_FILES.test(program)
}
