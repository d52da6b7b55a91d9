/** Sentence frames that any science can use. */
import { frames } from './frames.js';

export const general = frames({
  motivation: `
    Understanding {PO} is [central to|a prerequisite for|at the heart of|essential for progress in] {C}[| and, increasingly, {C2}].
    {P} {P:has/have} attracted [growing|renewed|considerable|sustained] [attention|interest] [in recent years|over the past decade|lately], [not least because of|partly owing to|driven by] [a close connection|an intimate link|an unexpected relation] to {C}.
    [Recent|Several recent|A number of recent] [advances|developments] in {C} have [revived|rekindled|renewed] [interest in|the discussion of|old questions about] {PO}.
    [The study of|Research into|Work on] {PO} [cuts across|connects|brings together|sits between] {C} and {C2}.
    {P} {P:plays/play} [a key|a pivotal|a decisive|an often underestimated] role in {C}[|, in {C2}][| and in our [understanding|picture] of {E}].
    [It is commonly assumed|It is widely believed|Conventional wisdom holds] that {PO} [can be understood without reference to|{P:owes/owe} little to|{P:is/are} largely unaffected by] {E}.
    Much of what is known about {PO} [rests on|derives from|relies on] {T}[|, a technique first developed with {C} in mind].
    The [interplay|competition|trade-off] between {E} and {E2} [shapes|governs|determines|controls] {P} in many situations of [practical|theoretical|current] interest.
    [Progress in|Further work on|Quantitative work on] {C} [requires|calls for|depends on] [an accurate|a reliable|a quantitative|a detailed] [account|description|understanding] of {PO}[|, in particular when {E} cannot be neglected].
    Few [topics|problems] in {C} are as [subtle|contentious|consequential|deceptively simple] as {PO}.
    The {Q} and the {Q2} are among the most [informative|widely used|basic|closely watched] [characteristics|diagnostics|descriptors] of {O}.
    [Since|Because] {E} [{E:leaves/leave}|can leave] a [distinct|lasting|characteristic] mark on {P}, it [matters for|bears directly on|is of interest to] {C}.
    A [long-standing|recurring|central|fundamental] [question|problem|challenge] in {C} is how {P} {P:depends/depend} on {E}.
    [Motivated by|Prompted by|In the light of] recent [progress|results|work] on {C}, we [revisit|reconsider|re-examine|return to] {PO}.
    {O} {O:offers/offer} [a natural|an ideal|a particularly clean|a fertile] [setting|testing ground|laboratory] in which to [study|explore|investigate] {P}.
  `,
  gap: `
    [However|Yet|Despite this progress], [a systematic|a quantitative|a comprehensive|a unified] [treatment|analysis|account] of {PO} [has so far been lacking|is still missing|remains elusive][|, above all in the presence of {E}].
    [Existing|Previous|Earlier|Most] [studies|treatments|analyses] [neglect|ignore|leave out|have not considered] {E}, [an omission|a simplification|an approximation] that [may not be justified|is hard to defend|becomes questionable] [for|in the case of] {O}.
    [Still|Even so|Nevertheless], [little is known|surprisingly little is understood|much less is known] about [what happens to {P} when {E} {E:becomes/become} important|how the {Q} responds to {E}].
    Whether [this picture survives the inclusion of|the same holds in the presence of|these conclusions carry over to systems with] {E} [is unclear|remains an open question|has been debated|has not been settled].
    [Attempts|Efforts] to [extend|carry over] {T} to {O} have [met with limited success|been hampered by {E}|been complicated by {E}].
    [In particular|Specifically], the [relation|connection|link] between the {Q} and the {Q2} [remains|is] [poorly understood|controversial|unexplored|unknown].
    [At present|To date|So far], [most|many] [estimates|determinations|calculations] of the {Q} [disagree|differ|vary] by [up to|as much as] {percent}, [for reasons that are not understood|a discrepancy usually blamed on {E}].
    [One difficulty|A major obstacle|The main obstacle] is that {E} {E:tends/tend} to [mask the dependence on the {Q}|obscure the role of the {Q}|hide {E2}].
    [Standard|Traditional|Conventional] approaches, such as {T}, [break down|become unreliable|are of limited use|lose accuracy] [once|as soon as|when] {E} {E:is/are} [taken into account|included|no longer negligible].
    [What is missing|What has been lacking] is a [framework|method|description] that [treats|handles] {E} and {E2} [on the same footing|at the same time|consistently].
  `,
  approach: `
    [In this paper|In this work|Here], we [study|investigate|analyse|examine] {PO} [by means of|using|with the help of] {M}.
    We [revisit|reconsider|return to] {PO} [with|using|from the point of view of] {M}[|, paying [particular|special] attention to {E}].
    [Here|In this article], we [address|tackle|approach] this [problem|question|issue] with {M}[|, applied to {O}].
    We [present|report|describe] [a detailed|a systematic|a comprehensive|an extensive] [study|investigation|analysis] of {PO}[|, based on {M}].
    [Using|Employing|Building on|Combining] {M} [and|with|together with] {T}, we [study|explore|characterise|determine] {PO}.
    [The aim|The purpose] of this [paper|work|article] is to [clarify|understand|establish] how {E} [{E:affects/affect}|{E:modifies/modify}|{E:influences/influence}] {PO}.
    We [develop|introduce|put forward|propose] {M} [tailored to|suited to|designed for] {O}[| and use [it|this approach] to [study|quantify] {P}].
    {M} {M:is/are} [used|employed|applied] to [investigate|study|analyse] {PO}[| in the presence of {E}].
    We ask [whether|to what extent|under which conditions] {P} can [arise in|occur in|be controlled in|be predicted for] {O}[|, and answer with {M}].
    [To address this question|To make progress|To this end], we [combine|bring together] {M} [with|and] {T}[|, which allows us to follow the {Q} [directly|explicitly|without further approximation]].
    This [paper|article|work] [deals with|is concerned with|is devoted to] {PO}, [with an emphasis on|focusing on|and in particular with] the [role|influence|effects] of {E}.
    We [extend|generalise|adapt] {M} to {O}[|, where {E} [must|has to] be [treated|handled] with care].
  `,
  detail: `
    Our [approach|method|strategy|treatment] [combines|builds on|rests on|relies on] {T} and {T2}[|, and [requires|needs] no assumption about the {Q}].
    [Unlike|In contrast to] [earlier|previous] [work|approaches|treatments], we [do not assume the {Q}|make no assumption about the {Q}|do not need to fix the {Q} in advance][|, which is instead [determined|obtained] [self-consistently|from {T}]].
    [The key|A key|The central] [idea|ingredient|step|observation] is to [use|exploit] {T} to [isolate|separate|disentangle] {E} from {E2}.
    [Technically|In practice], this is [achieved|accomplished] [using|through|with] {T}[|, followed by {T2}].
    We [vary|scan over|allow for variations of] the {Q} and the {Q2} [independently|over a wide range|systematically][| while [keeping|holding] the {Q3} fixed].
    [Both|The effects of] {E} and {E2} are [taken into account|included|treated] [consistently|from the outset|on an equal footing][|, using {T}].
    [We also|In addition, we|Moreover, we] [examine|discuss|study|analyse] the [influence|impact|effect] of {E} on the {Q}.
    [Special|Particular] [attention|care] is [paid to|given to|devoted to] {E}[|, which {E:is/are} [known|expected] to [affect|change|bias] the {Q}].
    The [procedure|calculation|computation|analysis] is [organised|arranged] [so that|such that] {E} {E:enters/enter} [only through|separately from|independently of] the {Q}.
    [Several|A number of] [variants|versions] are [considered|compared], which differ in [how they treat|the treatment of] {E}[| and in the choice of {T}].
    [Results|Intermediate results] are [checked|cross-checked|verified|validated] [against|with] {T}[| and, where possible, {T2}].
    [Two|Three|Several] [cases|regimes|scenarios] are [distinguished|considered separately|treated in turn], [according to|depending on] the [size|value|magnitude] of the {Q}.
  `,
  result: `
    [We find|We show|We observe] that {claim}.
    [Our main result is|The main outcome is|The central finding is] that {claim}.
    [Remarkably|Surprisingly|Interestingly|Unexpectedly|Strikingly], {claim}.
    [In particular|Specifically|Furthermore|Moreover], we [show|find|observe|demonstrate] that {claim}.
    We [find|report|identify|uncover] {R}[|, which [has no counterpart|is absent] [when {E} {E:is/are} neglected|without {E}]].
    [Our analysis reveals|Our results reveal|The calculations uncover|Both analyses point to] {R}[|, [driven|caused] by {E}|, [even in the presence of|despite] {E}].
    [It turns out|It is shown|We demonstrate|We establish] that {claim}.
    The {Q} is [found|shown|seen] to [increase|decrease|grow|decline] [monotonically|steadily|rapidly|slowly|sharply] with the {Q2}[|, [while|whereas] the {Q3} [remains|stays] [nearly|almost|essentially] [constant|unchanged]].
    [We show|We find|Our results show] that {E} [{E:leads/lead}|{E:gives/give} rise] to {R}[|, [independently of|irrespective of|whatever] the {Q}].
    [When|Once|As soon as] {E} {E:is/are} [included|taken into account|present], the {Q} [changes|shifts|varies] [qualitatively|appreciably|by only {percent}|in a characteristic way].
    [This|The analysis] [results in|leads to|yields] {R}[|, which [persists|survives] [when|as] the {Q} is [varied|increased|lowered]].
    {P} {P:is/are} [found|seen|shown] to [depend|hinge] [mainly|chiefly|almost exclusively|critically] on the {Q}[| and only [weakly|marginally] on the {Q2}].
    [There is|We find] a [clear|sharp|smooth|marked] [transition|crossover|change of behaviour] [when|as] the {Q} [reaches|exceeds|crosses] a [critical|threshold] value[| that [depends on|is set by] the {Q2}].
    [Contrary to expectation|Against expectations|In contrast to what is often assumed], {claim}.
    The [picture|scenario] that [emerges|arises] is one [in which|where] {claim}.
  `,
  quantify: `
    The {Q} [changes|varies|shifts] by [less than|about|roughly|more than|up to] {percent} [over the range considered|when {E} {E:is/are} included|if {E} {E:is/are} switched off].
    [Including|Accounting for|Allowing for] {E} [reduces|lowers|improves] the [error on|uncertainty of|spread in] the {Q} [by a factor of {factor}|from {percent} to {percent2}].
    [Quantitatively|Numerically], the {Q} [exceeds|falls below] the [usual|standard|naive] [estimate|expectation] by {percent}.
    We [obtain|find|measure|infer] {QV}[|, [in agreement|consistent] with {T}].
    For [typical|realistic|representative] [parameters|values], this [corresponds|amounts] to {QV}.
    The [effect|correction|deviation|shift] [reaches|amounts to|is of the order of] {percent} [for|at] the [largest|smallest] [values|value] of the {Q}[| and [drops|falls] below {percent2} elsewhere].
    [In {percent} of the cases|In {count} out of {bigcount} cases], the {Q} [lies|stays] [within|below] [the predicted range|the expected bound|its critical value].
    The [agreement|match] is [better than|within|at the level of] {percent} for the {Q} and {percent2} for the {Q2}.
    [Near|Close to] the [threshold|transition], the {Q} is [well described|governed|set] by {F}.
    [Up to|To within] {percent}, the {Q} [agrees|is consistent] with [what follows from|the prediction of] {F}.
  `,
  comparison: `
    [Our|These|The] [results|findings] [agree|are in good agreement|are consistent] with {T} [where the two overlap|whenever the two can be compared|in the common domain of validity].
    [Compared with|Relative to] {T}, the [present|new|proposed] [approach|method|treatment] [is|proves] [more accurate|more robust|less sensitive to {E}|considerably simpler].
    [This|The result] [agrees with|confirms|contradicts|sharpens|complements] [earlier|previous|recent] [findings|estimates|expectations] [based on|obtained with|derived from] {T}.
    [The discrepancy|Part of the discrepancy|The difference] with [earlier|previous] work can be [traced|attributed] to {E}.
    [Our|The] [conclusions|results] are [robust|stable] [against|under] [changes|variations] of the {Q}[| and [do not depend|depend only weakly] on [the details of|the treatment of] {E}].
    [A comparison with {T} shows|A test against {T} confirms|Comparing with {T} reveals] that {E} [cannot be|can safely be] [neglected|ignored].
    [In the limit|In the case] of [vanishing|small|large] {E}, [known|earlier|standard] results are [recovered|reproduced].
    Neither {T} nor {T2} [{T2:captures/capture}|{T2:reproduces/reproduce}|{T2:predicts/predict}] this [behaviour|dependence|feature].
    [These findings|The results] [hold|persist] [also|even] [for|in the case of] {O}[| with [sizeable|moderate] {E}|, [irrespective|regardless] of {E}].
  `,
  caveat: `
    [Caution is needed|Some care is required], [however|though], since {E} [may|can] [bias|mimic|mask|distort] the {Q}.
    The [main|dominant|largest] [source of uncertainty|limitation] [is|remains] {E}[|, [followed by|and, to a lesser extent,] {E2}].
    We [discuss|comment on|point out] [possible|several] [limitations|caveats], [including|among them|notably] {E} and {E2}.
    [These conclusions|The results] [weaken|no longer hold] [when|if] {E} {E:dominates/dominate}[|, a regime [left|that we leave] for [future work|later study]].
    [This|The argument] [breaks down|fails] [when|once] the {Q} [becomes large|approaches its critical value|is no longer small].
    [We caution|It should be stressed|We stress] that the [inferred|resulting] {Q} [depends|may depend] on [assumptions|prior assumptions] about {E}.
  `,
  implication: `
    [Our|These|The] [results|findings] [have|carry] [direct|important|immediate|broad] [implications|consequences] for {C}[| and {C2}].
    [This|The result] [suggests|indicates|implies|supports the view] that {E} {E:plays/play} a [larger|smaller|more subtle] role in {C} than [previously thought|is usually assumed].
    [These results|Our findings] [shed|throw] [new|fresh] light on {C}[| and [open|may open] [a route|the way|the door] to {C2}].
    [This|Our work] [provides|offers] a [new|simple|practical|unified] [handle|window|perspective|tool] on {PO}.
    [As a consequence|Consequently|As a by-product], [work|research] on {C} [can|could] [benefit|profit] from [a better|improved] [control|knowledge] of the {Q}.
    We [discuss|comment on|outline] [the implications|the consequences|the relevance] of these results for [{C}|{C} and {C2}|{C}, {C2} and {C3}].
    [Applications|Possible applications] to {C} and {C2} are [discussed|outlined|sketched|briefly considered].
    [Taken together|In summary|Overall], [these results|our findings] [establish|identify|single out] {E} as [a key|an essential|a generic] [ingredient|factor] in {C}.
    [They|These results] [call into question|challenge|cast doubt on] [the use of|the common reliance on] {T} in {C}.
    [The method|Our framework|The present approach] [is general|is readily generalised|carries over] and [may be|should be] [useful|of interest] [in|for] {C}.
  `,
  outlook: `
    [Extensions|Generalisations] to {E} [are|will be] [left for future work|straightforward|discussed|the subject of future work].
    [In the future|Looking ahead], {T} [should|could|may] make it possible to [test|probe|measure] the {Q} [directly|with {percent} precision].
    We [close|conclude|end] with [a discussion|an outline|a list] of [open problems|open questions|directions] [related to|in|concerning] {C}.
    [Finally|Lastly], we [comment|speculate|remark] on the [role|possible role] of {E} in {C}.
    [Future|Further|Forthcoming] [work|studies] will [address|extend this analysis to|need to include] {E}[| and {E2}].
  `,
});
