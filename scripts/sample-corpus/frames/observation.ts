/** Sentence frames of observation and data analysis. */
import { frames } from './frames.js';

export const observation = frames({
  motivation: `
    [Upcoming|Current and upcoming|Next-generation] [surveys|experiments|observations] will measure the {Q} [of {O}|] with [unprecedented|per-cent-level|exquisite] precision, [so that|and] {E} must be [understood|modelled|controlled] [accordingly|at the same level].
    {PO} {P:is/are} a [powerful|promising|sensitive|well-established] probe of {C}[, [complementary to|independent of] {T}|].
    [Measurements|Observations] of {P} [constrain|have been used to constrain] the {Q}[, thereby [testing|informing] models of {C}|].
    The {Q} [inferred|measured] from {O} is [sensitive to|degenerate with] {E}, [which limits|a fact that limits] its [use|value] for {C}.
  `,
  gap: `
    [Interpreting|The interpretation of] these [data|measurements] is [complicated|limited] by {E} and {E2}[, both of which [mimic|bias] the {Q}|].
    [Current|Existing] [constraints|analyses] are [limited by|dominated by] {E} rather than by [statistics|statistical noise|the size of the sample].
    [Different|Independent] [measurements|probes] of the {Q} [are in tension|disagree] at the {sigma}$\\sigma$ level, [and {E} {E:has/have} been [suggested|invoked] as a cause|a discrepancy without a convincing explanation].
  `,
  approach: `
    We [measure|constrain|infer] {PO} [using|with|from] {S}[, [analysed|which we analyse] with {M}|].
    We [analyse|present an analysis of|search] {S} [for|with a view to] {P}[, [using|based on] {M}|].
    [Using|With] {S} and {M}, we [constrain|measure|estimate] the {Q} of {O}[ and [look for|quantify] {P}|].
    We [forecast|assess] how well {S} [will|can] [constrain|measure] {PO}[, [including|allowing for] {E}|].
    [Combining|By combining] {S} with {T}, we [test|place limits on|search for] {PO}.
  `,
  detail: `
    The analysis [is carried out|was performed] with {coined}, a [public|new|modular] [pipeline|package] [based on|for] {T}.
    We [introduce|release] {coined}, [a likelihood code|a pipeline|a catalogue builder] that [accounts for|includes] {E} and {E2}[| by default].
    [Our|The] pipeline [marginalises|is designed to marginalise] over {E} and [is validated|has been tested] [on|with] {bigcount} [mock|simulated] [realisations|catalogues|data sets][, [generated|produced] [with|using] {T}|].
    [The likelihood|Our likelihood] [includes|accounts for|models] {E} and {E2}, [with|using] [priors|nuisance parameters] [calibrated on|informed by] {T}.
    [To mitigate|To guard against] {E}, we [apply|use|adopt] {T}[ and [exclude|discard] {percent} of the data|].
    [The sample|Our sample] [comprises|contains|consists of] {bigcount} [objects|events|sources] [selected|chosen] [by|according to] their {Q}[, with a median {Q2} of {decimal}|].
    [A blind|A blinded] analysis [is|was] carried out[, [in which|so that] the {Q} [was|remained] [hidden|concealed] until [all tests had been passed|the treatment of {E} was frozen]|].
  `,
  setting: `
    [Spectra|Images|Light curves] [were|had been] [taken|obtained] with {I} and {I2} between {year} and {year2}[, [from|at] {place}|].
    [Targets|Sources] [include|comprise] {I}, {I2} and {I3}[, [chosen|selected] [because|since] {E} {E:is/are} [small|well understood] there|].
    [Archival|Public] data [from|of] {I}, {I2} and {I3} [extend|complement] {S}.
    The [data|observations] [come from|are taken from|are those of] {S}[, [complemented|supplemented] [by|with] {T}|].
    [We apply|We have applied] [it|the method|our pipeline] to {S}, [for which|where] {E} {E:is/are} [expected to be|known to be] [small|under control|the dominant systematic effect].
    [On its own|Taken alone|By itself], {S} cannot [break|lift] the degeneracy between the {Q} and the {Q2}[, but {T} can|].
  `,
  result: `
    [From|With] {S}, we [find|obtain|report] {R}[ at {percent} confidence|].
    [The data|Our data|The measurements] [prefer|favour|are consistent with] {R}[, [although|but] {E} cannot yet be [ruled out|excluded] as an explanation|].
    We [find|see] no [evidence|sign|indication] of [a departure|any deviation] from the [standard|null|simplest] [model|hypothesis] [once|after] {E} {E:is/are} [accounted for|modelled].
    [In our baseline|In the fiducial] analysis, {claim}.
    [Splitting the sample by {Q} shows|When we split the sample by {Q}, we find] that {claim}.
  `,
  quantify: `
    We [measure|find|obtain] {QV}[, [a {percent} measurement|which corresponds to a precision of {percent}]|].
    [This|The result] [excludes|disfavours] [larger|smaller] values of the {Q} at {ninety} confidence[, [improving|an improvement] on [previous|earlier] limits by a factor of {factor}|].
    [The detection|The signal] has a [significance|signal-to-noise ratio] of {sigma}[, [which|and] [drops|falls] to {sigma2} when {E} {E:is/are} [marginalised over|included]|].
    The [uncertainty|error budget] is [dominated|limited] by {E}, which contributes {percent}[, [followed by|with] {E2} [contributing|adding] {percent2}|].
  `,
  comparison: `
    [This|Our] [value|result|measurement] [is consistent with|agrees with|lies {sigma} standard deviations [above|below]] the one [from|based on] {T}.
    [The constraint|Our constraint] is [competitive with|tighter than|comparable to] [that|the one] [from|derived from] {T}[, [despite|in spite of] the [smaller|more modest] sample|].
    [Tests|Null tests] with {T} [show|reveal] [no|little] [evidence|indication] of [contamination by|residual] {E}.
  `,
  caveat: `
    If {E} {E:was/were} [stronger than assumed|underestimated], the {Q} would be [biased|shifted] by {percent}.
    [The largest|The dominant] systematic [uncertainty|effect] is {E}, the [calibration|modelling] of which [will improve|can be improved] with [larger samples|dedicated simulations|deeper data].
  `,
  implication: `
    [This demonstrates|Our analysis demonstrates|These results demonstrate] [the potential|the power] of {P} [for|as a tool for] {C}.
    [The measurement|This] [strengthens|weakens] the case for [new physics|models] [in which|where] the {Q} [evolves|differs from its standard value][ and [bears|has a bearing] on {C}|].
  `,
  outlook: `
    [With|Given] the [full|final|upcoming] data [set|release], the [error|uncertainty] on the {Q} [should|will|is expected to] [shrink|decrease|improve] by a factor of {factor}.
    [The catalogue|The code|The likelihood] [is|has been made] publicly available[ to [facilitate|aid] work on {C}|].
  `,
});
