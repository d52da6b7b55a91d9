/** Sentence frames of statistics and learning theory: estimators, rates, guarantees. */
import { frames } from './frames.js';

export const statistics = frames({
  motivation: `
    {P} [with|in the presence of] {E} {P:arises/arise} in [many|a wide range of] applications, [including|from|notably] {C} [and|to] {C2}.
    {O} are [widely used|popular|a standard choice] [in|for] {C}, [but|yet] their [statistical|theoretical] properties [under|with] {E} are [not well understood|only partly known].
    [Modern|Contemporary] data [in|from] {C} [often|frequently] [exhibit|involve|come with] {E}, [which invalidates|violating] the assumptions [behind|underlying] [classical methods|{T}].
  `,
  gap: `
    [Existing|Available] [theory|guarantees] [for|on] {P} [require|assume] [independent|bounded|Gaussian] [observations|noise] and [do not extend to|exclude] {E}.
    [Popular|Standard] [estimators|procedures] such as {T} are [inconsistent|biased|inefficient] [under|in the presence of] {E}.
    [Quantifying|Assessing] uncertainty [about|in] the {Q} [is|remains] [difficult|largely ad hoc][, [especially|in particular] [when|if] {E} {E:is/are} [present|severe]|].
  `,
  approach: `
    We [propose|develop|study] [an estimator|a procedure|a method] for {PO} [based on|that builds on] {M}[ and [analyse|establish] its [finite-sample|asymptotic] properties|].
    We [introduce|propose] {M} [for|as a tool for] {PO} [under|in the presence of] {E}.
    We consider {PO} [under|in the presence of] {E} and [propose|develop] [a new approach|a solution] [via|based on] {M}.
    [Building on|Using] {M}, we [derive|obtain] [new|sharp|non-asymptotic] [guarantees|bounds] [for|on] {PO}.
  `,
  detail: `
    [An R package|A Python package|An implementation], {coined}, [accompanies|is provided with] the paper and [includes|covers] {T}.
    The resulting procedure, [called|which we call] {coined}, [alternates between|combines] {T} and {T2}.
    The [estimator|procedure|algorithm] [alternates between|combines] {T} and {T2}, [and|] [scales|is computed in time that scales] [linearly|almost linearly] with the {Q}.
    [Our analysis|The analysis] [hinges on|uses|relies on] [a new|a refined] [concentration inequality|decomposition|coupling argument] for the {Q}[, [which may be|possibly] of independent interest|].
    [Hyperparameters|Tuning parameters] are [chosen|set] [by|through] {T}[, [so that|which ensures that] the {Q} is [controlled|kept] [at|below] a [nominal|prescribed] level|].
    [The prior|The model] [accommodates|allows for] {E} [through|by means of] {T}[, [and|while] inference [uses|is carried out with] {T2}|].
  `,
  setting: `
    [Records|Observations] from {place}, {place2} and {place3}[, collected between {year} and {year2},] [serve as|provide] [an illustration|a test case].
    [Data|Measurements] from {I} and {I2} [are|were] [used|reanalysed] to [compare|contrast] {T} [with|and] {T2}.
    [A reanalysis|An analysis] of {I} [with|by] {T} [serves as|provides] [an illustration|a case study][, and {I2} as a [control|second example]|].
    [The method|Our method] is [illustrated|evaluated] on {S}[, where {E} {E:is/are} [known|suspected] to be [present|strong]|].
    [Simulations|Numerical experiments] and [an application to|a case study with] {S} [illustrate|demonstrate|confirm] [the theory|our findings|its practical value].
    [On|In experiments with] {S}, we [examine|study] the [effect|influence] of {E} on the {Q}[ for {few} competing [methods|estimators]|].
  `,
  result: `
    We [prove|show|establish] that {claim}.
    [We derive|We establish|Our theory gives] {R}[ [under|for] {E}|].
    [Under|Assuming] [mild|standard|weak] [regularity|moment] conditions, [the estimator|our method] [attains|achieves] {R}[, [up to|with] logarithmic factors|].
    [Both theory|Our theory] and [experiments|simulations] [indicate|show] that {claim}.
  `,
  quantify: `
    [The excess risk|The error|The regret] is [controlled|characterised|governed] by {F}[, [matching|which matches] the lower bound [up to constants|up to logarithms]|].
    [In simulations|Empirically], [the method|our procedure] [reduces|lowers] the {Q} by {percent} [relative to|compared with] {T}.
    [Nominal|The] {ninety} intervals [cover|attain coverage in] [between {lowpercent} and {highpercent}|more than {ninety}] of [cases|replications] [even|] [under|with] {E}.
  `,
  comparison: `
    [This|The rate] [improves on|should be contrasted with|matches] [the best known|existing] [guarantees|bounds] [for|based on] {T}, which [deteriorate|degrade] with the {Q}.
    [Compared with|Relative to] {T}, [the proposed|our] [estimator|procedure] [is less affected by|better tolerates] {E} and [requires|needs] [fewer|far fewer] samples.
  `,
  caveat: `
    [When|If] {E} {E:is/are} [severe|extreme], [no method|no estimator] can [do better than|improve on] {T}[, as [a matching lower bound|an impossibility result] shows|].
    [The guarantee|The result] [requires|rests on] [knowledge|an upper bound] of the {Q}, [though|but] [experiments suggest|we argue] that [this can be relaxed|{T} can supply it].
  `,
  implication: `
    [The results|Our results] [explain|help to explain] [the empirical success|the behaviour] of {T} in {C}.
    [This|The analysis] [clarifies|makes precise] [when|the sense in which] {E} [{E:helps/help}|{E:hurts/hurt}|{E:matters/matter}] [in|for] {C}.
  `,
  outlook: `
    [Extensions|Generalisations] to {E} and [applications|further applications] [in|to] {C} [are|are also] [discussed|considered].
    [An implementation|Software] is [provided|available] [as|in the form of] an open-source package[, together with [scripts|notebooks] for {S}|].
  `,
});
