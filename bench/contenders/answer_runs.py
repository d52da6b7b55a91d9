"""The answering end of a contender in Python: see contender.ts, and answer-runs.ts for the same in Node."""
import json
import resource
import sys
import time


def peak_bytes():
    """Highest resident memory so far."""
    try:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) * 1024
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def answer_runs(description, start, work, bare_product=None):
    """Announces itself, then times `work` at every "go"; `bare_product` gives GFLOP/s, outside the timed work."""
    ready = {"description": description, "loadSeconds": time.perf_counter() - start, "loadProcessorSeconds": time.process_time(), "peakBytes": peak_bytes()}
    print(json.dumps(ready), flush=True)
    for line in sys.stdin:
        if line.strip() != "go":
            break
        begin, processor = time.perf_counter(), time.process_time()
        result = work()
        run = {
            "seconds": time.perf_counter() - begin,
            "processorSeconds": time.process_time() - processor,
            "peakBytes": peak_bytes(),
            "result": result,
        }
        if bare_product:
            run["productGigaflops"] = bare_product()
        print(json.dumps(run), flush=True)
