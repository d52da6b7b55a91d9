/** The process that the fault test kills; its argument is a {@link FaultyTraining} as JSON. It says when each step is done. */
import { type FaultyTraining, trainWithFaults } from './faulty-training.js';

await trainWithFaults(JSON.parse(process.argv[2] as string) as FaultyTraining, {
  onStep: ({ step }) => process.stdout.write(`${step}\n`),
});
