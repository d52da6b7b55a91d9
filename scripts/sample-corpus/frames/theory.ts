/** Sentence frames of analytic theory: physics derived with pen and paper. */
import { frames } from './frames.js';

export const theory = frames({
  motivation: `
    {P} {P:has/have} long been [regarded|viewed] as a [window|probe] into {C}, [where|and] {E} {E:is/are} [beyond the reach of perturbation theory|expected to become strong|hard to describe classically].
    In [most|many] [theories|models] of {C}, {PO} {P:is/are} [tied|linked|related] to the {Q}.
    {O} in {S} [exhibit|display|show] a [rich|surprisingly rich|intricate] [structure|phenomenology], of which {P} {P:is/are} perhaps the [best-known|least understood|most striking] example.
    [To a first approximation|At lowest order|In the simplest description], {PO} {P:is/are} [governed|determined] by {F}.
    A [consistent|satisfactory|complete] theory of {C} should [explain|account for|predict] {PO} [from first principles|without fine-tuning].
  `,
  gap: `
    [While|Although] {P} {P:is/are} well understood in [simple|highly symmetric|idealised] cases, [the generalisation to|much less is known about] {S} [remains challenging|has resisted analytic treatment|is far from obvious].
    In {S}, [however|by contrast], the [usual|standard] [derivation|argument] [fails|does not apply|must be modified], since {E} [invalidates|spoils|alters] [one of its assumptions|the symmetry it relies on].
    [No analytic|No closed-form] [expression|result] for the {Q} [was known|has been available] [so far|until now] [beyond leading order|in {S}].
  `,
  approach: `
    We [derive|construct|obtain] [an analytic|an exact|a closed-form|a perturbative] description of {PO} in {S}[, [using|by means of] {M}|].
    We [compute|calculate|determine] the {Q} of {O} [in {S}|at next-to-leading order], [using|with the aid of|starting from] {M}.
    We [consider|study] {O} in {S} and [show how|work out how] {M} [can be used to describe|{M:captures/capture}|{M:gives/give} access to] {P}.
    [Within|In the framework of] {M}, we [analyse|derive|reconsider] {PO}[, treating {E} [exactly|perturbatively|non-perturbatively]|].
  `,
  detail: `
    The [calculation|derivation] [proceeds by|is based on|amounts to] [expanding|a systematic expansion] in the {Q}, with [the coefficients|each order] [fixed|determined] by {T}.
    [Crucially|Importantly], {T} {T:allows/allow} us to [reduce the problem to|trade the full dynamics for] [a single ordinary differential equation|an algebraic condition|a set of decoupled equations|a boundary-value problem] for the {Q}.
    [Starting from|Given] {F}, we [derive|obtain] [an effective|a closed|a linear] equation for the {Q}[ and solve it [with|using] {T}|].
    We [solve|treat] the [resulting|corresponding] equations [order by order|perturbatively in the {Q}|exactly for special values of the {Q}], [with|and supplement them with] [boundary|regularity|matching] conditions [that account for|dictated by] {E}.
  `,
  setting: `
    [Explicit|Worked] [examples|formulas] are given for {I}, {I2} and {X}[, [where|for which] the {Q} [simplifies|can be found in closed form]|].
    [Throughout|For definiteness], we work in {S}[, where {E} can be treated analytically|].
    [The analysis is carried out|Explicit results are given] in {S}, where the {Q} and the {Q2} [are under analytic control|decouple|can be computed exactly].
    In {S}, the [problem|equation of motion] [reduces|simplifies] to [one for|an equation for] the {Q}, [which|and] [can be|is] solved [analytically|in terms of special functions|by {T}].
    We [specialise to|focus on|restrict attention to] {S}[, although much of the analysis is more general|, the simplest case in which {E} {E:appears/appear}].
  `,
  result: `
    [At leading order|To first order|Beyond linear order], the {Q} is [governed|controlled|fixed] by {F}[, with corrections [suppressed|enhanced] by the {Q2}|].
    [An explicit|A compact|A remarkably simple] expression for the {Q} is [derived|given|obtained], [from which|and from it] [one reads off|we extract|follows] {R}.
    In {S}, [by contrast|on the other hand|we find that], {claim}.
    [The solution|The spectrum] is [shown|found] to be [stable|unstable|regular] [if and only if|provided that|as long as] the {Q} [exceeds|stays below] [a critical|a certain] value.
    [The symmetry|The structure] behind this [result|behaviour] is [made manifest|identified] and [shown to imply|seen to lead to] {R}.
  `,
  quantify: `
    [Asymptotically|At late times|In this limit], the {Q} is [governed|described|controlled] by {F}[, [up to|with] [logarithmic|subleading|exponentially small] corrections|].
    The [transition|onset of the effect] [is found at|corresponds to] {QV}[, [independent of|insensitive to] the {Q2}|].
    [The expansion|The series] [converges|is reliable] [up to|for] [values of the {Q}|couplings] [within {percent} of the exact result|as large as {decimal}].
  `,
  comparison: `
    [As a check|As a consistency check], we [reproduce|recover] the known [result|value] of the {Q} [in the absence of|without] {E}.
    [The analytic|Our analytic] [results|formulas] [agree|match] [perfectly|to high accuracy] with [numerical|independent] [solutions|calculations] [obtained|performed] [with|using] {T}.
    [This|The result] [generalises|extends] [a result|a formula] [previously|so far] known only [in the limit of|for] {E}.
  `,
  caveat: `
    [Beyond|Outside] {S}, [additional|further] contributions from {E} [appear|arise] and [spoil|modify] [this|the] [simple|] [relation|result].
    [At higher orders|Non-perturbatively], {E} [may|could] [change this conclusion|restore the symmetry|alter the picture].
  `,
  implication: `
    [We interpret|We explain] [this|the result] [in terms of|as a manifestation of] {E}[ and [discuss|comment on] its [relevance|consequences] for {C}|].
    [The result|This] [provides|gives] [further|new|independent] evidence [that|for the claim that] {P} and {C} [are|share] [two aspects of the same structure|a common origin].
    [From the point of view of|In the context of] {C}, this [means|implies] that the {Q} is [not a free parameter|protected|fixed by consistency].
  `,
  outlook: `
    [It would be interesting|It remains] to [see|understand|determine] whether [the same mechanism|this structure|a similar result] [operates|is present|holds] [in|for] {C}.
    [Generalisations|Extensions] to [higher dimensions|other boundary conditions|higher orders] and [connections|possible links] to {C} are [briefly|also] [discussed|mentioned].
  `,
});
