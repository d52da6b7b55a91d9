/** Sentence frames of mathematics: theorems and their proofs. */
import { frames } from './frames.js';

export const proof = frames({
  motivation: `
    The [mathematical|rigorous] [theory|study|analysis] of {PO} [goes back to|has its roots in|was initiated in connection with] {C}[, where {E} {E:is/are} [ubiquitous|unavoidable]|].
    {O} {O:arises/arise} [naturally|] in [many|several] [areas|branches] of mathematical physics, [among them|including|notably] {C} and {C2}.
    [Classical|Well-known] [results|theorems] on {PO} [assume|require|are restricted to] {S}.
  `,
  gap: `
    [A rigorous|A complete] proof [beyond|outside|not restricted to] {S} [has been missing|was known only in special cases|has remained open].
    [The difficulty|The main difficulty] [lies in|stems from|is due to] {E}, which [prevents|rules out] [the direct use of|a straightforward application of] {T}.
    [Heuristic|Formal] arguments [suggest|predict] {R}, but [a proof|a rigorous justification] [was|has been] [lacking|available only under restrictive assumptions].
  `,
  approach: `
    We [consider|study|investigate] {O} in {S} and [prove|establish] {R}.
    We [prove|show] that, in {S}, {claim}.
    [This paper|The present paper] [develops|contributes] {M} for {O}, [with a view towards|motivated by|with applications to] {P}.
    [Using|By means of] {M}, we [establish|obtain|prove] [new|sharp|quantitative] [results|bounds|estimates] [on|for] {PO}.
    We [give|present] a [new|short|simple|self-contained] proof [of|for] {R} [for|in the case of] {O}[, [based on|which uses] {M}|].
  `,
  detail: `
    The proof [combines|relies on|rests on|uses] {T} [with|and|together with] {T2}[, [adapted|extended] to {E}|].
    [A key|The main] [ingredient|tool] [is|in the proof is] [an a priori|a new|a sharp] [estimate|bound|inequality] [on|for] the {Q}, [derived|obtained] [from|with] {T}.
    [The argument|Our argument] is [constructive|elementary|purely variational|by contradiction] and [avoids|does not use|dispenses with] {T}[, so that {E} {E:is/are} allowed|].
    [The main novelty|What is new] is [the treatment of|that we can treat] {E}[, [handled|which is handled] [with|by means of] {T}|].
    [We first|In a first step we] [reduce|relate] the problem to [the study of|an estimate on] the {Q} and then [apply|use] {T}.
  `,
  setting: `
    [Examples|Applications] [include|cover] {X}, {I} and {I2}[, [where|for which] the {Q} can be computed|].
    [Our assumptions|The hypotheses] [allow for|cover|include] {E} [and|as well as] {E2}[, and are [optimal|essentially sharp]|].
    [The results|All statements] [hold|are valid] in {S}[, [without|with no] [smallness|symmetry|convexity] assumption|].
    In {S}, [we moreover|we also] [obtain|derive] [uniform|explicit|quantitative] [bounds|estimates] [on|for] the {Q}.
  `,
  result: `
    [As our main result|As a main theorem], we [prove|establish] {R}[, [uniformly|locally uniformly] in the {Q}|].
    [More precisely|To be precise], [we show that|] {claim}.
    [A necessary and sufficient|A sufficient] condition for {R} is [given|found|formulated] [in terms of|as a condition on] the {Q}.
    [Under|Assuming] [mild|natural|suitable] [conditions|hypotheses] on the {Q}, {claim}.
    [We also prove|We further show] [that|the converse:] {claim}.
  `,
  quantify: `
    [The rate|The order] of convergence is [governed|dictated] by {F}[, [which|and this] is [optimal|sharp up to a logarithm]|].
    [The constant|The exponent] in [the estimate|this bound] is [explicit|sharp] and [depends|given in terms that depend] only on the {Q}.
    [Central to|At the heart of] the [estimate|analysis] is {F}[, for which we [give|obtain] [an explicit|a universal] constant|].
  `,
  comparison: `
    This [improves|extends|generalises|strengthens] [earlier|previous|known] results [obtained|proved] [with|by means of|under] {T}, [which required|where] [stronger assumptions|the {Q} to be small|the absence of {E}].
    [An example|A counterexample] [shows|demonstrates] that [the condition on|the assumption on] the {Q} [cannot be [dropped|relaxed|weakened]|is necessary].
    [Our|The] theorem [contains|recovers] [the classical result|several known cases] when {E} {E:is/are} absent.
  `,
  caveat: `
    [The case of|The situation with] {E} [is|remains] [open|more delicate][, and we [formulate|state] [a conjecture|conjectures] [in this direction|concerning the {Q}]|].
    [For|In the case of] [critical|borderline] values of the {Q}, [the method|our method] [gives only|yields] a [weaker|conditional] statement.
  `,
  implication: `
    [As a corollary|As a consequence|As an application], we [obtain|deduce] {R2}[ for {O}|].
    [The result|This] [gives|provides] a rigorous [justification|foundation|basis] for [the use of|] {T} in {C}.
    [The method|The technique] [also applies|extends] to {C}[, [as we show|which is illustrated] by [an example|two examples]|].
  `,
  outlook: `
    [Several|A few] [open problems|conjectures] [on|concerning] {P} are [formulated|listed|discussed] [at the end|].
    [We expect|We believe] [our|these] [methods|techniques|estimates] to be useful [in|for the study of] {C}.
  `,
});
