/** A workflow for a CI system that holds a scenario to limits. Pure: text in, text out. */

/** CI systems that a workflow can be written for. */
export const CI_SYSTEMS = ['github', 'gitlab'] as const;
export type CiSystem = (typeof CI_SYSTEMS)[number];

/** Where each looks for it, from the root of a repository. */
export const WORKFLOW_FILES: Record<CiSystem, string> = { github: '.github/workflows/performance.yml', gitlab: '.gitlab-ci.yml' };

/** What a workflow does. */
export interface Workflow {
  /** Path of the scenario, from the root of the repository. */
  scenario: string;
  /** Users, or requests a second, that it is measured at; empty are those of the scenario. */
  load: { option: '--users' | '--rate'; levels: readonly number[] } | null;
  /** Limits, as thresholds. */
  thresholds: readonly string[];
  /** What is installed: `sync-vs-events@0.1.0`. */
  install: string;
}

/** The workflow as YAML. */
export function workflowOf(system: CiSystem, workflow: Workflow): string {
  return system === 'github' ? githubWorkflow(workflow) : gitlabWorkflow(workflow);
}

/** What every line of the workflow's command is, without the place for its files. */
function command({ scenario, load, thresholds }: Workflow): string[] {
  return [
    `npx sync-vs-events bench ${quoted(scenario)}`,
    ...(load ? [`${load.option} ${load.levels.join(',')}`] : []),
    ...thresholds.map((threshold) => `--threshold ${quoted(threshold)}`),
    '-o json=record.json -o junit=junit.xml -o markdown=report.md',
  ];
}

/** A word of the shell; plain ones stay as they are. */
function quoted(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

function githubWorkflow(workflow: Workflow): string {
  const lines = command(workflow).map((line, i, all) => `          ${i === 0 ? '' : '  '}${line}${i < all.length - 1 ? ' \\' : ''}`);
  return `# A performance check of ${workflow.scenario}: limits that hold with room to spare today. docs/ci.md explains them.
name: performance

on: pull_request

permissions:
  contents: read

concurrency:
  group: performance-\${{ github.ref }}
  cancel-in-progress: true

jobs:
  limits:
    runs-on: ubuntu-latest
    timeout-minutes: 20
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with:
          node-version: 20
      # A repository, git+https://..., or a tarball made by npm pack will do as well.
      - run: npm install --no-save ${workflow.install}
      # The summary of the job and the annotations come by themselves. 1: a limit does not hold, 3: it cannot tell.
      - run: |
${lines.join('\n')}
      - uses: actions/upload-artifact@v4
        if: always()
        with:
          name: performance
          path: |
            record.json
            report.md
            junit.xml
`;
}

function gitlabWorkflow(workflow: Workflow): string {
  return `# A performance check of ${workflow.scenario}: limits that hold with room to spare today. docs/ci.md explains them.
performance:
  image: node:20
  timeout: 20 minutes
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
  script:
    # A repository, git+https://..., or a tarball made by npm pack will do as well.
    - npm install --no-save ${workflow.install}
    - |-
${command(workflow).map((line, i, all) => `      ${i === 0 ? '' : '  '}${line}${i < all.length - 1 ? ' \\' : ''}`).join('\n')}
  # 3 is "cannot tell": it is shown as a warning and does not stop the pipeline.
  allow_failure:
    exit_codes:
      - 3
  artifacts:
    when: always
    paths:
      - record.json
      - report.md
    reports:
      junit: junit.xml
`;
}
