import { describe, expect, it } from 'vitest';
import { profileSummary, profileTable } from '../../lib/display/terminal/profile-table.js';
import { ProfileRecorder } from '../../lib/training/profile.js';

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('the profile of a training', () => {
  it('divides all of the time among the parts', async () => {
    const recorder = new ProfileRecorder({ steps: 'whole-graph', validation: 'distinct-tokens' });
    await recorder.time('validation', () => pause(30));
    await recorder.time('first pass', () => pause(20));
    recorder.add('first pass', 0, 4e9);
    await pause(20);
    recorder.countStep(75, 100);
    const profile = recorder.profile();
    const sum = (key: 'seconds' | 'share') => profile.parts.reduce((total, part) => total + part[key], 0);
    expect(sum('seconds')).toBeCloseTo(profile.seconds, 9);
    expect(sum('share')).toBeCloseTo(1, 9);
    const part = (name: string) => profile.parts.find((candidate) => candidate.name === name)!;
    expect(part('validation').seconds).toBeGreaterThan(0.025);
    expect(part('other').seconds).toBeGreaterThan(0.015);
    expect(part('loss')).toMatchObject({ seconds: 0, gigaflopsPerSecond: null });
    expect(part('first pass').gigaflopsPerSecond).toBeCloseTo(4 / part('first pass').seconds, 6);
    // the rate of the steps leaves validations out
    expect(profile.gigaflopsPerSecond).toBeCloseTo(4 / (profile.seconds - part('validation').seconds), 6);
    expect(profile).toMatchObject({ steps: 1, tokens: 75, paddingShare: 0.25, gigaflopsPerStep: 4 });
    expect(profileTable(profile)).toMatch(/first pass/);
    expect(profileTable(profile)).not.toMatch(/optimizer/);
    expect(profileSummary(profile)).toMatch(/1 step in .*25\.0 % padding, 4\.0 GFLOP a step/);
  });

  it('counts the time of work that fails', async () => {
    const recorder = new ProfileRecorder({ steps: 'whole-graph', validation: 'distinct-tokens' });
    const failing = recorder.time('loss', async () => {
      await pause(10);
      throw new Error('diverged');
    });
    await expect(failing).rejects.toThrow('diverged');
    expect(recorder.profile().parts.find(({ name }) => name === 'loss')!.seconds).toBeGreaterThan(0.005);
  });
});
