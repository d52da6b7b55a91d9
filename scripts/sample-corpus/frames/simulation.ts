/** Sentence frames of numerical work. */
import { frames } from './frames.js';

export const simulation = frames({
  motivation: `
    [Accurate|Reliable|Realistic] simulations of {PO} are [needed|required|indispensable] for {C}, [but|yet] [remain|are] [computationally expensive|technically demanding|limited by {E}].
    [Numerical work over the past years has|Simulations of the last decade have] [transformed|shaped] our picture of {PO}[, from the {Q} to the {Q2}|].
    [Direct access to {PO} is|Analytic approaches to {PO} are] [hindered|limited] by {E}, [which makes simulation the method of choice|so that numerical methods are called for].
  `,
  gap: `
    [Most|Many] [published|existing] simulations [neglect|omit|do not include] {E} or [assume|impose] [symmetries|initial conditions] that [suppress|exclude|hide] {P}.
    [Simulations|Computations] [with|that include] {E} have so far been [limited to|restricted to] [short times|small systems|low resolution|a handful of models].
  `,
  approach: `
    We [perform|carry out|present] [large-scale|high-resolution|extensive|long-term] [simulations|numerical simulations] of {O}[, [using|based on] {M}|] [to study|and analyse] {P}.
    [Using|By means of] {M}, we [simulate|evolve|follow] {O} [for {count} different choices of|over a wide range in] the {Q} [and|to] [quantify|measure|determine] {P}.
    We [report|present] results [of|from] {S}, [designed|aimed] [to|at] [isolate|resolve|resolving] [the effects of|the role of] {E} [on|in] {PO}.
    [With|Using] {S}, we [study|explore] {PO} [numerically|] [in|at] [unprecedented|considerable] [detail|resolution].
  `,
  detail: `
    All [runs|simulations] use {coined}, [a new|an open-source|our own] [code|solver] [built on|that combines] {T} and {T2}.
    The [results|output] of {coined}, [our|a publicly available] code, were compared with {T} [at the level of {percent}|for {X}|case by case].
    [Our|The] code [couples|combines|implements] {T} [with|and] {T2}[, and [conserves|preserves] the {Q} to [one part in $10^{4}$|machine precision|within {percent}]|].
    [We use|Our simulations use] {T} with [up to|more than] {bigcount} [grid points|cells|core hours|time steps] [to resolve|in order to capture] {E}.
    [Convergence|The convergence] [is|has been] [checked|verified|demonstrated] [at|with] {few} resolutions[, [with|and] the {Q} [converging|converges] at [second|fourth|third] order|].
    [A suite of {count} runs covers|Altogether, {count} simulations cover|Our {count} realisations span] [a wide|a broad|the relevant] range of the {Q} and the {Q2}[, with and without {E}|].
  `,
  setting: `
    [The suite|Our set] [includes|comprises] {I}, {I2} and {I3}[, which differ in the {Q}|].
    [The computations|All runs] were [performed|carried out] on [machines|clusters] in {place} and {place2}[, [using|with] {bigcount} [core|GPU] hours|].
    [Output|Results] of {I} and {I2} [are|were] [compared|cross-checked] [with|against] {X}[, [both|each] at {few} resolutions|].
    [The runs|The simulations] [are based on|make use of|draw on] {S}[, [in which|where] {E} {E:is/are} [included|switched on] [self-consistently|gradually]|].
    [Initial|The initial] [data|conditions] [are|were] [generated|prepared|constructed] [with|using] {T} and [evolved|followed] [for|over] {count} [dynamical times|characteristic times|periods|relaxation times].
    [In|For] {S}, the {Q} is [monitored|recorded|measured] [as|while] the {Q2} is [varied over {few} orders of magnitude|changed from {low} to {high}|increased step by step].
  `,
  result: `
    [In all runs|In most runs|Across the whole suite], {claim}.
    [The simulations|Our simulations|The numerical data] [show|reveal|indicate|demonstrate] that {claim}.
    [The simulations|Our runs] [exhibit|produce|develop] {R}[, [which grows|whose strength grows] with the {Q}|].
    [We observe|We see|One observes] {R} [only|] [above|below] a [threshold|critical value] in the {Q}[, [while|and] the {Q2} [saturates|levels off]|].
    [At late times|After an initial transient|Once a steady state is reached], the {Q} [settles|saturates|fluctuates] [at|around] a value [set by|that depends on] the {Q2}.
  `,
  quantify: `
    [A fit to|Fitting] the [numerical data|simulations] [yields|gives] {QV}[, with a [systematic|numerical] uncertainty of {percent}|].
    [Over|During] [the simulated time|the run], the {Q} [drops|rises|changes] by [a factor of {factor}|{percent}][, [mostly|largely] [because of|owing to] {E}|].
    [The error|The numerical error] [in|of] the {Q} is [estimated|found] to be [below|about] {percent}.
  `,
  comparison: `
    [The results|Our data] are [well described|reproduced] by {T}[, [except|but not] [where|when] {E} {E:becomes/become} [strong|important]|].
    [A direct comparison|Comparison] with {T} [yields differences of {percent}|shows agreement to within {percent2}] in the {Q}.
    [Simple|Semi-analytic] models [based on|built on] {T} [overestimate|underestimate] the {Q} by [up to|about] {percent}.
  `,
  caveat: `
    [Finite resolution|Limited resolution] and {E} [remain|are] the [main|dominant] sources of uncertainty.
    [Longer|Larger] [runs|simulations] are [needed|required] to [decide|establish] whether {E} eventually {E:changes/change} the {Q}.
  `,
  implication: `
    [The simulations|Our runs] [provide|offer] [a benchmark|reference data|a calibration] for {T} and [can be used|will be useful] [in|for] {C}.
    [Fitting formulas for the {Q} are|A fitting formula for the {Q} is] [provided|given] [for use in|with a view to] {C}.
  `,
  outlook: `
    [The data|Our data|All simulation data] [are made|will be made] [public|publicly available] [to support|for use in] {C}.
    [Future|Next-generation] [simulations|runs] [with|that include] {E} [will|should] [settle|clarify] [this point|the remaining discrepancy].
  `,
});
