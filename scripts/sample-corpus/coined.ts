/** Names that authors give their own methods, codes and benchmarks. */
import type { Random } from '../../lib/core/random.js';

const FIRST =
  'Adapt Align Amber Anchor Arbor Atlas Aura Bridge Cascade Causal Chrono Clear Coral Core Cross Deep Delta Distil Drift Dual Echo Edge Ensemble Ever Fair Fast Flex Flow Fold Fusion Geo Glyph Graph Grid Hyper Iso Kernel Lattice Layer Lens Light Link Lumen Mask Mesh Meta Mirror Mosaic Multi Neuro Nimbus North Nova Omni Open Orbit Para Path Persist Pivot Poly Prism Probe Proto Quant Query Rapid Ridge Robust Route Safe Scale Self Shard Shift Signal Slim Sparse Spectra Spiral Stable Stitch Stream Swift Sym Tensor Terra Tidal Token Trace Tri True Uni Variant Vector Verity Weave Wide'.split(
    ' ',
  );
const SECOND =
  'Adapter Agent Arena Bench Boost Cast Check Coder Craft Diff Drop Eval Field Flow Former Forge Gate Gauge Gen GNN Grad Graph Guard Head Hub Kit Lab LM Loop Map Match Mem Mix Net Norm ODE Opt Pack Path Pipe Plan Policy Pool Prompt Prune Quest Rank Router Sampler Scope Search Seg Set Sim SSM Stack Suite Track Trainer Tree Tune VAE View Vote Walk'.split(
    ' ',
  );
const LETTERS = 'BCDFGHKLMNPRSTV';
const VOWELS = 'AEIOU';

/** A name such as "LatticeFormer", "Prism-Bench" or "MIRAK". */
export function coinName(random: Random): string {
  const form = random.uniform();
  if (form < 0.6) {
    const first = random.pick(FIRST);
    const second = random.pick(SECOND.filter((part) => part !== first));
    return form < 0.15 ? `${first}-${second}` : `${first}${second}`;
  }
  const acronym = coinAcronym(random);
  return random.uniform() < 0.2 ? `${acronym}-${2 + random.integer(3)}` : acronym;
}

/** A pronounceable acronym such as "MIRAK". */
export function coinAcronym(random: Random): string {
  const letter = (letters: string): string => letters.charAt(random.integer(letters.length));
  let name = letter(LETTERS) + letter(VOWELS) + letter(LETTERS);
  if (random.uniform() < 0.8) name += letter(VOWELS);
  if (random.uniform() < 0.7) name += letter(LETTERS);
  return name;
}
