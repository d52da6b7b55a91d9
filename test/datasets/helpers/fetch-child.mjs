// A fetch in a process of its own, to be killed or to run beside another:
//   node fetch-child.mjs '{"module": "file:///…/fetch.js", "options": {…}, "clock": {"start": 0, "speed": 20} | null}'
// Its clock runs faster than the world's from a common start, or jumps over every wait where none is given.
const { module, options, clock } = JSON.parse(process.argv[2]);
const { fetchArxiv } = await import(module);
let time = Date.parse('2026-01-05T10:00:00Z');
const jumping = {
  now: () => time,
  sleep: async (milliseconds) => {
    time += milliseconds;
  },
};
const fast = {
  now: () => clock.start + (Date.now() - clock.start) * clock.speed,
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds / clock.speed)),
};
const result = await fetchArxiv({ ...options, clock: clock === null ? jumping : fast });
console.log(JSON.stringify(result));
