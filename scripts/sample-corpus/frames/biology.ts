/** Sentence frames of quantitative biology. */
import { frames } from './frames.js';

export const biology = frames({
  motivation: `
    {P} {P:is/are} [fundamental|essential|crucial] to {C}[, [from|ranging from] {C2} to {C3}|].
    [Living|Biological] systems [must|have to] [cope with|function despite|exploit] {E}, and {PO} {P:is/are} [no exception|a case in point].
    [How|Why] {O} {O:responds/respond} to {E} [is|remains] [a central|an open|a long-standing] question in {C}.
    [Experiments|Recent experiments] [on|with] {O} [have revealed|show|report] [unexpected|substantial|large] [variability|heterogeneity] in the {Q}[, [commonly|often] attributed to {E}|].
  `,
  gap: `
    [The mechanisms|The principles] [behind|underlying|that govern] {PO} [are|remain] [poorly understood|debated|difficult to access experimentally].
    [Most|Existing] [models|mathematical models] [assume|posit] [constant|homogeneous|fixed] conditions and [neglect|ignore] {E}[, [even though|although] [data|experiments] [suggest|show] [otherwise|a strong effect]|].
    [It is not known|It is difficult to tell] [whether|how far] {E} [can|may] [drive|determine|limit] {P} [in vivo|under natural conditions|in real populations].
  `,
  approach: `
    We [develop|present|analyse] a [mathematical|mechanistic|stochastic|minimal] model of {PO}[ [based on|that uses] {M}|].
    [Here|In this study], we [combine|integrate] {M} with {S} to [investigate|dissect|quantify] {PO}.
    [Using|Applying] {M} to {S}, we [infer|characterise|track] {PO}[ [across|under] [conditions|environments] that differ in the {Q}|].
    We [introduce|describe] a [computational|statistical] [pipeline|framework] for {PO} [based on|built around] {M}[, [and apply|which we apply] it to {S}|].
  `,
  detail: `
    [The pipeline|Our software], {coined}, [combines|builds on] {T} and is [freely available|distributed as open source].
    We [call|name] the [resulting tool|method] {coined}; it [corrects for|models] {E} [with|by] {T}.
    [The model|Our model] [includes|incorporates|accounts for] {E} and {E2}, [and is|while being] [simple enough to be|sufficiently simple to be] [solved|analysed] [with|using] {T}.
    [Parameters|Model parameters] [are|were] [estimated|inferred|calibrated] [from|using] {S}[ [by|with] {T}|].
    [We use|Our analysis uses] {T} to [separate|distinguish] [the contribution|the effects] of {E} from [that|those] of {E2}.
    [Each|Every] [cell|individual|unit] is [described|characterised] by its {Q} and its {Q2}, [which|both of which] [change|fluctuate] [in response to|under] {E}.
  `,
  setting: `
    [Samples|Recordings|Specimens] [were|had been] [collected|obtained] in {place} and {place2} between {year} and {year2}[, [under|with] [two|three] [protocols|observers]|].
    [Data|Measurements] from {I}, {I2} and {I3} [are|were] [pooled|analysed jointly][, after [correcting for|excluding] {E}|].
    [In addition to|Besides] {S}, [we reanalyse|we draw on] {I} and {I2}[, both of which show {E}|].
    [The predictions|Model predictions] [are|were] [tested|compared] [against|with] {S}[, [spanning|which span] {count} [individuals|samples|conditions|sessions]|].
    [We analysed|We reanalysed] {S}, [comprising|a total of] {bigcount} [measurements|sequences|cells|recordings][, to [test|probe] the role of {E}|].
  `,
  result: `
    [The model|Our model|The theory] [predicts|reproduces|explains] {R}[, [in agreement with|as observed in] {S}|].
    [Analysis|Our analysis] of {S} [reveals|shows] that {claim}.
    [The model|The theory] [predicts|shows|suggests] that {claim}.
    [We show|We find] that {E} {E:is/are} [sufficient|necessary but not sufficient] to [explain|produce|account for] {R}.
    [Depending on|According to] the {Q}, [the system|the model] [shows|displays] [either|] {R} or [a loss of|a return to] [the original state|homeostasis|stability].
  `,
  quantify: `
    [A {percent} change in|An increase of {percent} in|Reducing by {percent}] the {Q} [shifts|alters] the {Q2} by {percent2}[, [consistent with|as seen in] [experiment|the data]|].
    [The model|A model with only {few} parameters] [explains|captures] {percent} of the [variance|variation] [in|of] the {Q}[ [across|in] {S}|].
    [The median|The mean] {Q} [was|is] {middle} ({ninety} interval {low} to {high})[, [higher|lower] than [reported|estimated] [earlier|from {T}]|].
  `,
  comparison: `
    [Models without|Models that ignore|Variants lacking] {E} fail to [reproduce|explain] [these|the] [patterns|observations][, [whereas|while] {T} {T:performs/perform} [equally well|better only at short times]|].
    [These|The] [predictions|estimates] [agree|are consistent] with [independent|published] [measurements|estimates] [obtained|made] [with|by] {T}.
  `,
  caveat: `
    [Because|Since] {E} [cannot|could not] be [measured|observed] directly, [alternative explanations|a role for {E2}] [cannot|can not] be excluded.
    [Data|The available data] [do not allow us to|cannot] [distinguish|separate] {E} [from|and] {E2} [at present|with confidence].
  `,
  implication: `
    [Our results|These findings] [suggest|point to] {E} as [a target|a lever|an important factor] [for|in] {C}.
    [Our|The] [findings|results] [provide|offer] [a quantitative|a mechanistic|an evolutionary] [explanation|basis|rationale] for {P}[ and [inform|may guide] {C}|].
    [The framework|Our approach] [applies|can be applied] [to|in] [other|related] [systems|organisms][ and [may|could] [help|aid] {C}|].
  `,
  outlook: `
    [Experiments|Further experiments] [that|which] [manipulate|perturb|vary] {E} [could|would] [test|challenge] [this prediction|the model|our hypothesis].
    [We propose|We suggest] [experiments|measurements] of the {Q} that would [discriminate|distinguish] between [these|the competing] [mechanisms|hypotheses].
  `,
});
