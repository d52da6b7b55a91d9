/**
 * Clauses that lengthen a sentence: tails go before the full stop, leads before "we", "our", "the" or "this". They bring
 * in examples (X), related subjects (K), authors (N), identifiers (I) and further terms, so that no two papers of a subfield say quite the same.
 */
import type { Move } from './frames.js';

function read(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.replace(/^ {4}/, ''))
    .filter((line) => line.trim() !== '');
}

const opening = read(`
    , [ever since|from the moment that] {T} became available
    , [yet|though] [textbook|introductory] accounts rarely mention {E}
    , [sometimes|occasionally] under [different|several] names
    , [with|amid] [lively|heated|fruitful] [discussion|controversy] [over|about] the {Q}
    , [notwithstanding|despite] [decades|years] of [effort|debate]
    ; [practitioners|specialists] in {C} [encounter|meet] it [daily|all the time]
    , from [laboratory|idealised|academic] [settings|examples] to {X}
    , a [question|theme] [taken up|revived|discussed] by {N}
    ; [similar|related|analogous] [questions|issues] arise for {K} and {K2}
    , [ranging|all the way] from {C} to {C2}
    , [as well as|and also] in {C}
    , [of which|among which] {X} {X:is/are} [perhaps the best-known|a prominent|a familiar] example
    ; {X} and {X2} are [well-known|prominent|typical|often-cited] examples
    , [particularly|all the more so] [since|because] {E} {E:is/are} [seldom|rarely|hardly ever] under control
    , as [exemplified|illustrated] by {X}
    , [an issue|a point] [raised|discussed] [early on|repeatedly] in the [literature on|context of] {C}
    , [whether or not|whether or not the role of] {E} {E:is/are} [taken into account|properly understood]
    , [although|though] the [relative|respective] [importance|weight] of {E} and {E2} [remains|is still] [debated|uncertain|a matter of dispute]
    , and the {Q} is [often|commonly|routinely] used to [characterise|quantify|monitor] it
    , not only in {X} but [also|equally] in {X2}
    , [a connection|a link] that [deserves|merits] [closer|more] [scrutiny|attention]
`);

const gap = read(`
    , [leaving|which leaves] {C} [on shaky ground|without a firm basis]
    ; [anecdotal|circumstantial|scattered] [evidence|hints] [comes|stems] from {X}
    , [a blind spot|an oversight] that [hampers|impedes] [progress in|work on] {C}
    , [partly|largely] for [lack|want] of {T}
    , [as noted|as pointed out|as emphasised] by {N}
    , [mainly|chiefly|presumably] because {E} {E:is/are} difficult to [treat|handle|describe] with {T}
    , [although|even though|while] {X} {X:has/have} been [studied|examined|treated] in [some|considerable] detail
    , [apart from|with the exception of] a few [special cases|examples] such as {X}
    , and [available|existing] [results|estimates] for {X} and {X2} [do not agree|point in different directions|cannot be compared directly]
    , [which|and this] [limits|restricts] the [use|reach] of {T} in {C}
    , [despite|in spite of] [considerable|sustained] [effort|work] [with|based on] {T}
    , [especially|notably] [when|where] the {Q} is [large|small|poorly known]
    ; [this|the question] is [particularly|especially] [pressing|acute] for {X}
`);

const doing = read(`
    , [sidestepping|circumventing|bypassing] {E}
    , [tuned|calibrated|adjusted] so as to [reproduce|recover] {X}
    , at [modest|negligible|affordable] cost
    , [step by step|in two stages|from scratch], [with|aided by] {T}
    , [guided|steered] by [intuition|insight|lessons] from {C}
    , [thereby|and so] [disentangling|teasing apart] {E} and {E2}
    , [deliberately|intentionally] [omitting|discarding] {E}
    , [whence|from which] the {Q} [follows|is read off] [immediately|at once]
    , [following|extending|building on] [earlier|the] work of {N}
    , a [technique|tool] [also|otherwise] [used|employed] in the study of {K}
    , [in a way|in a manner] that [carries over|extends] to {K}
    , [starting from|beginning with] {I}
    ; the [full|complete] [procedure|calculation] is [illustrated|documented] for {I} and {I2}
    , [much as|as] {N} [did|had done] for {K}
    , [with|paying] [particular|special] attention to {E} and the {Q}
    , [taking|using] {X} and {X2} as [examples|case studies|test cases]
    , with {X} as [our|a] [main|running|guiding] example
    , [supplemented|complemented|backed up] by {T}
    , with the [aim|goal] of [clarifying|quantifying|pinning down] the [role|effect|influence] of {E}
    , [motivated by|with a view to] [applications|open questions|recent claims] in {C}
    , [which makes it possible|allowing us] to [follow|isolate|determine|monitor] the {Q} [without further assumptions|with little additional effort|directly]
    , [similar|close] in spirit to {T}
    , [inspired by|by analogy with|borrowing ideas from] {T}
    ; {X} {X:serves/serve} as a [test case|benchmark|reference|sanity check]
    , [separately|in turn] for {X} and for {X2}
    , [for|across] [several|different|various] [choices|values] of the {Q} and the {Q2}
    , [first|initially] [without|in the absence of] {E} and then with this complication included
    , [an approach|a strategy|a combination] that has [proved|turned out to be] [useful|fruitful|successful] in {C}
    , which we [illustrate|demonstrate] with {X}
`);

const finding = read(`
    , [a hallmark|a fingerprint|a telltale sign] of {E}
    , [shedding|which sheds] light on {C}
    , [tantalisingly|intriguingly|suspiciously] [close to|reminiscent of] {X}
    , [long|much] before {E} {E:sets/set} in
    , [sooner|earlier] than [naive|back-of-the-envelope] [scaling|reasoning] [implies|would suggest]
    , [echoing|mirroring|paralleling] [findings|observations] in {C}
    , [hinting at|suggestive of|pointing towards] a [hidden|deeper] [link|kinship] [with|to] {C}
    ; [ironically|paradoxically], {E} {E:strengthens/strengthen} the [trend|tendency]
    , [thanks to|by virtue of|on account of] {E}
    , [barring|in the absence of] {E2}
    , [reminiscent of|not unlike] what is known [about|from] {K}
    , [in agreement|at variance] with {N}
    , [confirming|sharpening|contradicting] a [conjecture|suggestion|claim] of {N}
    , with {I} as [a|the] [notable|single|possible] exception
    , [a parallel|an analogy] to {K} that [may not be|is hardly] accidental
    ; [related|analogous] behaviour [has been|was] reported for {K} and {K2}
    , [best seen|most visible] in {I}
    , a [feature|behaviour|pattern] that [persists|survives|is retained] [when|if|even when] {E} {E:is/are} [added|included|allowed for]
    , in [line|keeping|accordance] with [expectations|arguments|estimates] based on {T}
    , [irrespective|regardless] of the {Q} [and of|or of] {E}
    , [even when|even where|although] the {Q} [is varied widely|differs considerably|is far from its typical value]
    , with [direct|immediate|obvious] consequences for {C}
    , as [is the case|is also seen|one would expect] for {X}
    ; the same [holds|is true] [for|of] {X} and, [to a lesser degree|with some reservations|less clearly], {X2}
    ; by contrast, {E} {E:leaves/leave} the {Q} [almost|practically|nearly] [unchanged|unaffected]
    ; the {Q} is affected [only|much] less
    , [most clearly|most visibly|as is best seen] in the {Q}
    , [in contrast|contrary] to [what {T} {T:suggests/suggest}|the case of {X}]
    , [while|whereas] the {Q} and the {Q2} [remain|stay] [almost|essentially] [constant|unaffected|the same]
    , [a consequence|a reflection] of [the competition|the interplay] between {E} and {E2}
    , provided that {E} {E:is/are} [not too strong|sufficiently weak|kept small]
    , which we [trace|attribute|ascribe] to {E}
    , [something|an effect] that [went|had gone] unnoticed in [earlier|previous] [studies|discussions] of {X}
    ; the [only|main] exceptions are {X} and {X2}
    ; {T} {T:confirms/confirm} this [picture|trend|conclusion] [independently|at least qualitatively]
`);

const numbers = read(`
    , [a modest|a sizeable|an appreciable] [gain|improvement] over {T}
    , [bracketing|straddling] the [value|figure] [quoted|adopted] in {C}
    , [whichever|no matter which] [prescription|convention] is [adopted|used] for {E}
    , as [measured|obtained|determined] for {I}
    , with {I} and {I2} [at|marking] the two extremes
    , the [largest|dominant|main] [contribution|uncertainty] coming from {E}
    , to be compared with the [value|estimate] for {X}
    , [well within|not far from|just beyond] the reach of {T}
    , with [little|only a weak|hardly any] dependence on {E}
    , while the {Q} [changes|varies] by no more than {percent2}
    , [close|similar] to what is [found|known] for {X}
    , [after correcting for|taking account of] {E} and {E2}
`);

const judging = read(`
    , [reassuringly|gratifyingly], even for {X}
    , [vindicating|lending credence to] {T}
    , [modulo|apart from] [minor|cosmetic] [differences|discrepancies]
    , [contrary|opposite] to [folklore|popular belief]
    , [in particular|notably|especially] for {X} and {X2}
    , both for {X} and for [related|similar] cases
    , as [proposed|anticipated|discussed] by {N}
    , [answering|partly answering|sharpening] a question [raised|posed] by {N}
    , [perhaps|possibly] because of {E}
    ; {I} and {I2} [are|remain] the only exceptions
    , and {X} {X:offers/offer} a [clear|good] example
    ; [more on this|details] will be [given|presented] elsewhere
`);

const closing = read(`
    , [paving|clearing] the way for {T}
    , [inviting|encouraging] [experimental|further|independent] [scrutiny|tests]
    , [bridging|narrowing] the [gap|divide] between {C} and {C2}
    , [a boon|good news] for {C}
    , [ultimately|eventually] [enabling|facilitating] {T}
    , [in particular|notably|especially] for {X} and {X2}
    , and may [help|contribute] to [clarify|settle|inform] [open questions|current debates|ongoing work] in {C}
    , [perhaps|possibly] in [combination|conjunction] with {T}
    , with {X} as the most [promising|obvious|natural] [candidate|place to look|starting point]
    ; the [case|example] of {X} [shows|illustrates] what is at stake
    , [with|and perhaps with] [extensions|applications] to {K}
    ; {I} would be a [natural|good] [place|point] to start
    , a [conclusion|suggestion] that [deserves|merits] further [tests|scrutiny]
    , provided that {E} can be [controlled|understood|modelled] [well enough|to sufficient accuracy]
`);

/** Tails that suit a move. */
export const TAILS: Record<Move | 'background', string[]> = {
  background: [],
  motivation: opening,
  gap,
  approach: doing,
  detail: doing,
  setting: doing,
  result: finding,
  quantify: numbers,
  comparison: judging,
  caveat: judging,
  implication: closing,
  outlook: closing,
};

/** Leads that suit a result. */
export const LEADS: string[] = read(`
    [Allowing for|In the presence of|With|Even without] {E}, 
    [For|In the case of|Taking the example of] {X}, 
    [At fixed|For given|Whatever the] {Q}, 
    [As suggested by|Consistent with|In agreement with] {T}, 
    [In the context of|With a view to|From the standpoint of] {C}, 
`).map((lead) => `${lead.trim()} `);
