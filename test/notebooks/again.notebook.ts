/** What a reader does next: changes a setting and runs cells again, stops a training, makes mistakes, looks things up. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  newWorkspace,
  type OpenNotebook,
  openNotebook,
  plotsOf,
  replaceOnce,
  smallPreset,
  textOf,
  type Workspace,
} from './small-run.js';

let workspace: Workspace;
let notebook: OpenNotebook;

beforeEach(() => {
  workspace = newWorkspace();
});
afterEach(async () => {
  await notebook.close();
  workspace.remove();
});

async function runThrough(...ids: string[]): Promise<void> {
  for (const id of ids) {
    const result = await notebook.run(id);
    expect(textOf(result, 'stderr'), id).toBe('');
  }
}

/** Names, sizes and times of the files of a kind below a folder. */
function filesOf(folder: string, kind: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(kind))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => `${path} ${statSync(path).size} ${statSync(path).mtimeMs}`)
    .sort();
}

describe('a changed setting', () => {
  it('applies other token limits without tokenizing again', async () => {
    notebook = await openNotebook('2-tokens', smallPreset(workspace));
    await runThrough('preset', 'settings', 'work', 'histogram');
    const before = filesOf(join(workspace.cache, 'tokens'), '.safetensors');
    const changed = await notebook.run('settings', replaceOnce('tokens.maxAbstractTokens,', '96,'));
    expect(textOf(changed)).toMatch(/maxAbstractTokens +96 +\d{2,} /);
    const again = await notebook.run('work');
    expect(textOf(again)).not.toContain('tokenizing');
    const [plot] = plotsOf(await notebook.run('histogram'));
    expect(JSON.stringify(plot)).toContain('limit of 96 tokens');
    expect(filesOf(join(workspace.cache, 'tokens'), '.safetensors')).toEqual(before);
  });

  it('is found by the notebooks after it, and told there', async () => {
    notebook = await openNotebook('3-batches', smallPreset(workspace));
    await notebook.run('preset');
    await notebook.run('settings', replaceOnce('pairs: batches.pairs,', 'pairs: 24,'));
    await notebook.close();
    notebook = await openNotebook('5-training', smallPreset(workspace));
    await notebook.run('preset');
    const settings = await notebook.run('settings');
    expect(textOf(settings)).toContain('As set in an earlier notebook: batches.pairs = 24');
    await notebook.close();
    // the notebook itself goes back to its preset when its cell says so
    notebook = await openNotebook('3-batches', smallPreset(workspace));
    await notebook.run('preset');
    expect(textOf(await notebook.run('settings'))).toMatch(/pairs +32 /);
  });

  it('of the evaluation encodes nothing and trains nothing', async () => {
    notebook = await openNotebook('5-training', smallPreset(workspace));
    await runThrough('preset', 'settings', 'work');
    await notebook.close();
    notebook = await openNotebook('6-evaluation', smallPreset(workspace));
    await runThrough('preset', 'settings', 'work');
    const embeddings = filesOf(join(workspace.cache, 'embeddings'), '.vectors');
    expect(embeddings.length).toBeGreaterThan(0);
    const edit = (source: string): string =>
      replaceOnce('systems: evaluation.systems', "systems: ['tuned', 'bm25']")(replaceOnce('k = 10', 'k = 5')(source));
    await notebook.run('settings', edit);
    const again = await notebook.run('work');
    expect(again.status).toBe('ok');
    expect(textOf(again)).toMatch(/MRR@5/);
    expect(textOf(again)).not.toMatch(/encoding|training:/);
    expect(filesOf(join(workspace.cache, 'embeddings'), '.vectors')).toEqual(embeddings);
    expect(again.seconds).toBeLessThan(20);
  });

  it('of the training leaves the earlier run where it is', async () => {
    notebook = await openNotebook('5-training', smallPreset(workspace));
    await runThrough('preset', 'settings', 'work');
    await notebook.run('settings', replaceOnce('training.learningRate,', '1e-3,'));
    const other = await notebook.run('work');
    expect(textOf(other)).toContain('training: 4 steps');
    await notebook.run('settings');
    const back = await notebook.run('work');
    expect(textOf(back)).toContain('trained before with these settings');
    expect(plotsOf(back)[0]?.data[0]?.x).toEqual([1, 2, 3, 4]);
  });
});

describe('the stop button', () => {
  it('ends a training within five seconds, keeps the work, and the cell goes on when it runs again', async () => {
    notebook = await openNotebook('5-training', smallPreset(workspace, { maxSteps: 40, epochs: 10, validateEvery: 4 }));
    await runThrough('preset', 'settings');
    let stopped = 0;
    const result = await notebook.run('work', undefined, (outputs) => {
      const steps = outputs.flatMap((output) => (output.type === 'display' ? [countSteps(output.data)] : []));
      if (stopped === 0 && Math.max(0, ...steps) >= 6) {
        stopped = performance.now();
        notebook.kernel.interrupt();
      }
    });
    expect((performance.now() - stopped) / 1000).toBeLessThan(5);
    expect(result.status).toBe('ok');
    expect(textOf(result, 'stderr')).toBe('');
    const [, step] = /stopped after step (\d+) of 40; kept in \S+: the best adapter so far /.exec(textOf(result)) ?? [];
    expect(Number(step)).toBeGreaterThanOrEqual(6);
    expect(textOf(await notebook.run('result'))).toContain(`${step} of 40, stopped: partial`);

    // another cell works at once, and nothing goes on behind its back
    const after = await notebook.kernel.execute('await new Promise((resolve) => setTimeout(resolve, 1500));');
    expect(after.outputs).toEqual([]);

    const again = await notebook.run('work');
    expect(textOf(again, 'stderr')).toBe('');
    expect(textOf(again)).toContain(`resuming at step ${Number(step) + 1} of 40`);
    const [plot] = plotsOf(again);
    expect(plot?.data[0]?.x).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
  });
});

describe('the value of a cell', () => {
  it('is a table where it is one of arquero or a list of records, and what Node prints otherwise', async () => {
    notebook = await openNotebook('1-datasets', smallPreset(workspace));
    await runThrough('preset', 'settings', 'work');
    const html = async (code: string): Promise<string> => {
      const { outputs, status } = await notebook.kernel.execute(code);
      expect(status, code).toBe('ok');
      return outputs.map((output) => (output.type === 'display' ? String(output.data['text/html']) : '')).join('');
    };
    expect(await html('topicTable(dataset.papers)')).toMatch(/9 rows<.*gr-qc/s);
    expect(await html('[{ a: 1 }, { a: 2 }]')).toContain('2 rows<');
    const number = await notebook.kernel.execute('6 * 7');
    expect(textOf(number)).toBe('42\n');
    const logged = await notebook.kernel.execute('console.log([{ a: 1 }]);');
    expect(textOf(logged)).toBe('[ { a: 1 } ]\n');
  });
});

describe('mistakes', () => {
  it('of a setting are one line with the fix', async () => {
    notebook = await openNotebook('5-training', smallPreset(workspace));
    await notebook.run('preset');
    const wrong = await notebook.run('settings', replaceOnce('training.learningRate,', '7,'));
    expect(wrong.status).toBe('error');
    expect(textOf(wrong, 'stderr').trim()).toMatch(/^UserError: training\.learningRate = 7: .+$/);
    const name = await notebook.run('settings', replaceOnce('learningRate:', 'learnigRate:'));
    expect(textOf(name, 'stderr').trim()).toMatch(
      /^UserError: unknown setting "training\.learnigRate"[^\n]*did you mean "learningRate"\?[^\n]*$/,
    );
    const kind = await notebook.run('settings', replaceOnce('training.learningRate,', "'fast',"));
    expect(textOf(kind, 'stderr').trim()).toMatch(/^UserError: training\.learningRate = [^\n]*$/);
    const unknown = await notebook.kernel.execute("openExperiment('sampel');");
    expect(textOf(unknown, 'stderr').trim()).toMatch(/^UserError: unknown preset "sampel": .*did you mean "sample"\?$/);
  });

  it('of the program keep their stack', async () => {
    notebook = await openNotebook('1-datasets', smallPreset(workspace));
    const wrong = await notebook.kernel.execute('(undefined as any).papers;');
    expect(wrong.status).toBe('error');
    expect(textOf(wrong, 'stderr')).toMatch(/TypeError: .*\n +at /);
  });
});

describe('an evaluation without a training', () => {
  it('says what is there and does not train', async () => {
    notebook = await openNotebook('6-evaluation', smallPreset(workspace));
    await runThrough('preset', 'settings');
    const result = await notebook.run('work');
    expect(textOf(result, 'stderr').trim()).toBe(
      'UserError: nothing is trained with these settings: run notebook 5 (experiment.train(config))',
    );
    expect(textOf(result)).not.toContain('training:');
  });
});

describe('looking things up', () => {
  it('completes names of the package with their types and docstrings', async () => {
    notebook = await openNotebook('5-training', smallPreset(workspace));
    await runThrough('preset', 'settings');
    const code = 'config.training.';
    expect(await notebook.kernel.complete(code, code.length)).toEqual(
      expect.arrayContaining(['learningRate', 'temperature', 'maxGradientNorm']),
    );
    const setting = "experiment.configure('training', { learn";
    expect(await notebook.kernel.complete(`${setting} });`, setting.length)).toContain('learningRate');
    const about = await notebook.kernel.inspect('experiment.train', 'experiment.train'.length);
    expect(about).toContain('Promise<NotebookRun>');
    expect(about).toContain('trains with live plots');
  });
});

function countSteps(data: Record<string, unknown>): number {
  const plot = data['application/vnd.plotly.v1+json'] as { data: { x: unknown[] }[] } | undefined;
  return plot?.data[0]?.x.length ?? 0;
}
