/** Sentence frames of machine learning and artificial intelligence: a method, its benchmarks, its gains. */
import { frames } from './frames.js';

export const learning = frames({
  motivation: `
    {O} {O:has/have} [achieved|shown] [remarkable|impressive|striking] [success|performance] in {C}[, [but|yet] often {O:struggles/struggle} with {E}|].
    [Despite|In spite of] [rapid|impressive] progress [in|on] {C}, {PO} {P:remains/remain} a [major|persistent|practical] [challenge|bottleneck|concern].
    [Deploying|Scaling|Training] {O} [for|in] {C} [requires|hinges on] [reliable|efficient|careful] [control|handling|treatment] of {P}.
    {P} {P:is/are} [increasingly|widely] [used|relied upon] [in|for] {C}[, where [errors|failures] are [costly|hard to detect|hard to undo]|].
    [The success|The usefulness] of {O} [in|for] {C} [rests|depends] on [high-quality|large amounts of|carefully curated] data, [which are scarce|which are expensive to collect|yet these often suffer from {E}].
  `,
  gap: `
    [Existing|Current|Prior] [methods|approaches|solutions] [suffer from|are vulnerable to|do not handle] {E}[ or [require|rely on] [costly|extensive] {T}|].
    [Most|Many] [benchmarks|evaluations] [overlook|ignore|do not measure] {E}, [making it|which makes it] [hard|difficult] to [compare methods|tell real progress from noise|assess {P}].
    [However|Unfortunately], [naively|directly] applying {T} [{T:leads/lead} to|{T:results/result} in|{T:causes/cause}] {E}[, [especially|in particular] [when|as] the {Q} [grows|is large]|].
    [It is unclear|We lack an understanding of] [why|how] {O} {O:fails/fail} [in the presence of|under] {E}.
  `,
  approach: `
    We [propose|introduce|present] {coined}, a [simple|novel|general|scalable|principled] [framework|method|approach] for {P} [in|that works with] {O}[, [built on|which builds on] {M}|].
    [To address|To tackle] [these issues|this challenge|this limitation], we [propose|introduce] {coined}, which [combines|integrates|couples] {M} with {T}.
    [In this work|In this paper], we [propose|explore|introduce] [the use of|] {M} [for|to improve] {PO}.
    We [introduce|present|release] {coined}, [a new benchmark|a benchmark|an evaluation suite] for {PO}[, [comprising|consisting of] {bigcount} [examples|tasks|instances] [across|from] {few} domains|].
    [This paper|This work] [presents|provides|offers] [a systematic|an empirical|a large-scale] [study|evaluation|comparison] of {PO}, [with|using] {M}.
    We [show|demonstrate] [how|that] {M} [can be used|can be adapted] to [improve|control|enable] {PO}[ [without|with no] [retraining|additional supervision|access to labels]|].
  `,
  detail: `
    {coined} [first|initially] [uses|applies|employs] {T} to [estimate|predict|control] the {Q}, and then [refines|adapts] [the result|its output|the model] [with|using|through] {T2}.
    [At its core|At the heart of {coined}] [is|lies] {T}, [which {T:allows/allow} the model to [adapt to|cope with|separate] {E} [at test time|during training|without labels]|an ingredient that is cheap to compute].
    [Our|The] [training objective|loss function] [balances|trades off] the {Q} [against|and] the {Q2}[, [encouraging|which encourages] [robustness to|invariance to] {E}|].
    [We further|We also] [introduce|propose|design] [a|an] [lightweight|auxiliary|adaptive] [module|component|objective] [based on|built from] {T} [that|which] [mitigates|reduces|compensates for] {E}.
    [Unlike|In contrast to] {T}, [our method|{coined}] [requires|needs] [no knowledge of the {Q}|neither extra labels nor additional parameters|no access to the training data][ and [adds|incurs] only {percent} [overhead|computation]|].
  `,
  setting: `
    [Besides|In addition to] {S}, we [report|include] results [on|for] {I}, {I2} and {X}.
    [Evaluation|The evaluation] [covers|includes] {X}, {X2} and {I}[, [with|using] {few} random seeds|].
    [Annotators|Participants] from {place} and {place2} [labelled|judged|rated] {bigcount} [examples|answers|items] [from|of] {I}.
    We [evaluate|test|benchmark] [our method|our approach|it|{coined}] on {S}[, [covering|including] [settings|cases] with {E}|].
    [Experiments|Extensive experiments|Our experiments] [cover|span|include] {S} [and|as well as] [tasks|problems] from {C}.
    [On|Using] {S}, we [compare|evaluate] [against|] {few} [baselines|competing methods|strong baselines], [including|among them] {T}.
  `,
  result: `
    [Experiments|Extensive experiments|Empirical results] [on|with] {S} [show|demonstrate|confirm] that {claim}.
    [On|Across] {S}, [our method|our approach|{coined}] [outperforms|improves on|surpasses] {T} by {points} [points|percentage points] in [accuracy|average score|recall|macro-averaged accuracy][, [with|at] [half|a third|a fraction] of the [compute|parameters|training data]|].
    [Empirically|In our experiments], {claim}[, [even|also] in the presence of {E}|].
    [Our analysis|A closer look|An ablation] [reveals|shows] {R}[, [suggesting|which suggests] that {E} {E:is/are} [the main cause|a contributing factor|less important than thought]|].
    [We observe|We find|The evaluation reveals] {R} [across|in|for] {O}[ of [different|varying] [sizes|architectures]|].
  `,
  quantify: `
    [Our method|Our approach|{coined}] [reduces|cuts|lowers] [the error|training time|memory use|inference cost] by {percent} [while|and at the same time] [maintaining|preserving|keeping] the {Q}[ within {percent2} of the [full|original] model|].
    [With|Using] only {percent} of the [labels|data|parameters], [it|our method|{coined}] [matches|reaches] the {Q} of [the fully supervised model|the full model|the strongest baseline].
    [Accuracy|Average accuracy|Task success] [improves|rises|increases] from {lowpercent} to {highpercent} [on|for] [the hardest|out-of-domain|held-out] [examples|tasks|instances].
    [Ablations|Ablation studies] [attribute|trace] {percent} of the [gain|improvement] to {T}[ and the rest to {T2}|].
    [Training|Inference] is {factor} times [faster|cheaper] than [with|for] {T}[, [at|with] [no|a negligible] loss in {Q}|].
  `,
  comparison: `
    [These gains|The improvements] [hold|persist|are consistent] across [architectures|model sizes|random seeds|domains][ and [grow|increase] with the {Q}|].
    [Compared|In comparison] with {T}, [our approach|our method] is [more robust to|less sensitive to|better calibrated under] {E}.
    [Surprisingly|Interestingly], [a simple|a well-tuned] baseline [using|based on] {T} is [competitive|hard to beat] [when|if] the {Q} is [low|small|matched].
  `,
  caveat: `
    [We also|Finally, we] [identify|document|analyse] [failure cases|failure modes|limitations], [mostly|typically] [caused by|linked to|related to] {E}.
    [The gains|Improvements] [vanish|shrink] [under|in the presence of] {E}[, [indicating|which shows] that [more work is needed|the problem is far from solved]|].
  `,
  implication: `
    [Our findings|These results] [suggest|indicate] that {T} can be [a practical|an effective|a promising] [tool|alternative|building block] [for|in] {C}.
    [Overall|Taken together], [our results|our work] [offer|provide|take a step towards] [practical guidance|a path|reliable tools] [for|to] {C}[ and {C2}|].
    [This|Our work] [highlights|underlines] [the importance|the value] of [rethinking|better understanding] {T} in {C}.
  `,
  outlook: `
    [Code and data|Code and models|All prompts and scripts] [are publicly available|will be released upon publication|can be obtained online][ to [support|encourage] [further|reproducible] research [on|in] {C}|].
    [We hope|We believe] [our|this] [work|study] [will|can] [encourage|inspire] [more|further] research [on|into] {P}.
  `,
});
