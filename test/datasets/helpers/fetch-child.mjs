// A fetch in a process of its own, to be killed or to run beside another:
//   node fetch-child.mjs '{"module": "file:///…/fetch.js", "options": {…}, "realClock": false}'
const { module, options, realClock } = JSON.parse(process.argv[2]);
const { fetchArxiv } = await import(module);
let time = Date.parse('2026-01-05T10:00:00Z');
const clock = {
  now: () => time,
  sleep: async (milliseconds) => {
    time += milliseconds;
  },
};
const result = await fetchArxiv({ ...options, ...(realClock ? {} : { clock }) });
console.log(JSON.stringify(result));
