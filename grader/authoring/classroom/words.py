"""Words of code and of our sentences that are people's names as well."""

from __future__ import annotations

# What code is made of, our sentences begin with, or files are called. People are called so too:
# 'max_pool' and 'Linear' are no names, and hold none.
WORDS = frozenset(
    """
    about abs acc accuracy act activation adagrad adam adamw add affine after again all alpha also
    am amp an and angle ann annealing any api are arg args array arrays art as assert asset assign
    assignment assignsubmission async at attempt attention aug august auto autograd average avg
    axes axis backbone backward bad bar base baseline batch batches batchnorm be best beta better
    bias bin bins bird bit black blank block blocks blue bn board bool border both bound bounds box
    branch break brown buffer build but by byte cache call can cap car case cases cast cat cause
    ceil cell center chain chan chance change channel channels char chart check checkpoint chi
    choice chunk cifar clamp class classes classifier classifiers clean clear client clip clone
    close cls cluster cnn code col colon color colour column come comment common complete concat
    config const constant conv convnet convolution copy core cos cosine cost count counter counts
    course cpu crop cross crossentropy cuda curve cut cycle dark data dataloader dataset date day
    db debug decay deep deer def default del delta demo dense depth desc dest dev device dict did
    diff dim dims dir direct disk dist do doc docs does dog done dot double down draft draw drive
    drop dropout dtype dummy dump dw dx each early easy echo edge edges edit elem else embed empty
    end entries entropy entry env epoch epochs eps equal error eta eval evaluate even ever every
    exact exam example exercise exp expand extra eye factor fail failed false fast fc feature
    features few field fields fig figure file files fill filter final find first fit fix fixed flat
    flatten flip float floor flow focal fold folder font for forest fork form format forward found
    four fraction frame free frog from front full func function future gain gamma gap gate gauss
    gelu gen gene general generator get give given global go goal good gpu grace grad gradient
    gradients gram graph gray great green grey grid ground group groups guard had half hand hann
    hard has hash have he head heads heap heat height held helper her here hidden high hint his
    history hold hole home homework hook hooks horse host hot how hub huber hue hw icon idea idx if
    image images img import in inception index info init inner inp input inputs int into inverse
    invert iris is it item items iter its job join june just kaiming kappa keep kernel kernels key
    keys kind know known kron lab label labels lake lambda lane large last late later layer layers
    lazy leaf leak learn learning least left legacy len less let level levels lib lie light like
    limit line linear lines link list live load loader local lock log logit logits logsoftmax long
    look loop loops loose loss losses lost low lower lr lstm lu mac made main make makefile manual
    many map margin mark marks mask masks master mat match math matmul matrix matter max maxpool
    maxpooling may me mean memory merge meta method metric min mini mish missing mit mix mixup mlp
    mobilenet mock mod mode model models module modules momentum more most move mse mu much mul
    multi must my mymodel name names nan near need nest nesterov net network networks neural neuron
    never new next nll nn no node nodes noise none norm normal not notebook notes nothing now np nu
    null num number numbers numel numpy obj object odd of off offset ok old on once one onehot ones
    only op open operator optim optimizer optimizers option or ord order other our out outer output
    outputs over own pack pad padding page pages pair pan param parameter parameters params parent
    pareto parse part parts pass past patch path peak per perm phi pi pick pillow pipe pix pixel
    place plain plane please plot plots plus point points poisson pool pooling port pos pow power
    pre precision pred predict preds prev print prob probs proc prod program progress project prop
    proto proxy psi ptr public pull push put py pytest python pytorch qr quant query quick race rad
    rand random range rank rate rather ratio ravel raw ray re read reader readme real reason
    reasons record records red reduce ref reference reg register relu rem remote render repeat repo
    report res reset reshape residual resize resnet rest resubmission result results return reverse
    reweight rho right rise rng rnn role roll root roots rot rotate round route row rows rule run
    runs safe said sam same sample sampler samples save say scale scales scan schedule scheduler
    scope score scores see seed seeds self sep seq sequence sequential series server session set
    sgd sgn sha shape shapes share sharp she shell shift ship short show shuffle side sigma sigmoid
    sign signal simple sin since single size sizes skip slice slide slope slow small smooth so soft
    softmax solution solutions solver some sort source space span spec speed split sqrt square src
    stack staff stage standard star start state states static std stem step steps still stop store
    story stream stride string strong struct student style sub submission submissions submit such
    sum summer super support sure swap sweep sys table tag tail take tan tanh target targets task
    tasks tau team tell temp template ten tensor tensors term test tests text texture than that the
    their them then there these theta they thin thing this those thread three tick ties tile time
    timer title tmp to token too tool top torch torchvision total touch trace track train trainer
    training trans transfer transform transforms tree trees tri trial trick trim truck true try
    tune tuple turn two twolayernet type types under unet union unique unit units until up update
    upper us use user util utils val valid validate validation value values vander vanilla
    vanillacnn var vec vector velocity version very vgg view vision vit voc wait walk wall want
    warm warmup warn was watch wave way we weight weights well were what when where which while
    white who whole why wide width wild will window winter wise with word work worker worse worst
    wrap write wrong xavier xent xi year yes yolo you zero zeros zip zone zoo
    """.split()  # noqa: SIM905  a thousand literals are no reading
)
# Of these, what is a name where it stands alone with a capital.
NAMES_TOO = frozenset(
    """
    ann art august bin bird black blue branch brown case chan chance chi day deer early field
    fields forest gene good grace gray green grey hook huber iris june key lake lane long lu mark
    marks master mu nan page pan power quick race ray sam sharp short star strong summer tan wall
    white will winter wise xavier xi
    """.split()  # noqa: SIM905  as above
)
