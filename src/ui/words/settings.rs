//! Name and explanation of every setting, and what their values are called.

use super::{Word, Words};
use crate::{dataset::Language, jobs::pipeline::listed};

/// Name and explanation of every setting of the lanes, by key, in English and Chinese.
const SETTINGS: &[(&str, [&str; 2], [&str; 2])] = &[
    (
        "split.kind",
        ["Split", "划分方式"],
        ["How training part and later part are told apart", "如何区分训练部分与之后的部分"],
    ),
    (
        "split.reference_time_secs",
        ["Reference time", "基准时间"],
        [
            "What lies before it is trained on, what lies after is the test; automatic takes the last fifth of the log, at most 7 days",
            "此前的数据用于训练，此后的用于测试；自动取日志最后五分之一，最多 7 天",
        ],
    ),
    (
        "split.window_days",
        ["Window in days", "窗口天数"],
        [
            "How long before the reference time behaviour counts for graphs and popularity; off takes all",
            "基准时间之前多长的行为用于构建图和统计热度；关闭则全部计入",
        ],
    ),
    (
        "split.seed",
        ["Seed of the split", "划分的随机种子"],
        ["Draws the parts of a random split", "用于随机划分的抽样"],
    ),
    (
        "graph.measure",
        ["Similarity", "相似度"],
        [
            "How similar items are found: common users, common neighbours in a visit, or pairs of users",
            "如何寻找相似内容：共同用户、同一会话内的邻近位置，或用户对",
        ],
    ),
    (
        "graph.top_k",
        ["Neighbours per item", "每个内容的邻居数"],
        ["How many of the most similar items are kept for each", "每个内容保留多少个最相似的内容"],
    ),
    (
        "graph.min_support",
        ["Min. common users", "最少共同用户"],
        ["Pairs with fewer are taken for chance and left out", "少于该数的配对视为偶然而舍弃"],
    ),
    (
        "graph.window",
        ["Positions to each side", "左右位置数"],
        ["How far apart in a visit two items may stand to count as neighbours", "同一会话中相距多少个位置以内视为邻居"],
    ),
    (
        "graph.swing_alpha",
        ["Alpha", "平滑项 α"],
        [
            "What every pair of users shares at the least; more dampens pairs with little in common",
            "每对用户至少共享的量；越大越抑制共同点少的用户对",
        ],
    ),
    (
        "graph.swing_beta",
        ["Beta", "活跃度惩罚 β"],
        ["How much a user's many items speak against that user", "用户内容越多，其投票权重降低的程度"],
    ),
    (
        "graph.cap",
        ["Sampled above", "采样上限"],
        [
            "Users with more items, and items with more users, are sampled down to this many",
            "内容过多的用户和用户过多的内容抽样到该数",
        ],
    ),
    ("graph.seed", ["Seed of the graph", "图的随机种子"], ["Draws the samples above the cap", "用于超出上限时的抽样"]),
    (
        "hot.half_life_days",
        ["Half-life in days", "半衰期（天）"],
        [
            "After so many days an interaction counts half; off means that none fades",
            "经过这些天后互动的权重减半；关闭则不衰减",
        ],
    ),
    (
        "item_cf.last_items",
        ["Recent items", "最近内容数"],
        ["How many of a user's newest items are asked for similar ones", "取用户最近多少个内容来寻找相似内容"],
    ),
    (
        "item_cf.half_life_items",
        ["Half-life in items", "半衰期（内容数）"],
        [
            "After so many newer items one counts half; off means that all count alike",
            "每多这么多个更新的内容，权重减半；关闭则同等对待",
        ],
    ),
    (
        "item_cf.attribute_weight",
        ["Weight of attributes", "属性边权重"],
        ["Factor on edges that only tags, circles or topics gave", "仅由标签、圈子或话题产生的边的系数"],
    ),
    (
        "skip_gram.dim",
        ["Dimensions", "向量维数"],
        ["Length of a vector: more can tell more apart, and takes longer", "向量的长度：越大区分力越强，训练也越慢"],
    ),
    (
        "skip_gram.epochs",
        ["Epochs", "训练轮数"],
        ["How often training walks through all sessions", "遍历全部会话的次数"],
    ),
    (
        "skip_gram.window",
        ["Context window", "上下文窗口"],
        [
            "Positions to each side that count as context; 0 takes the whole session",
            "左右多少个位置算作上下文；0 表示整个会话",
        ],
    ),
    (
        "skip_gram.shrink_windows",
        ["Shrinking windows", "随机缩小窗口"],
        ["Each item draws its own window, so that near items count more", "每个内容随机取窗口大小，使近邻权重更高"],
    ),
    (
        "skip_gram.negatives",
        ["Negatives", "负样本数"],
        ["Random items that each true pair is told apart from", "每个正样本对应的随机内容数"],
    ),
    (
        "skip_gram.share_negatives",
        ["Contexts sharing negatives", "共享负样本的上下文数"],
        ["More are faster; 1 is as in the paper", "越大越快；1 与论文一致"],
    ),
    (
        "skip_gram.ns_exponent",
        ["Exponent of negatives", "负采样指数"],
        [
            "Negatives are drawn by count to this power: 1 follows popularity, 0 treats all alike",
            "按出现次数的该次幂抽取负样本：1 与热度成正比，0 则均匀",
        ],
    ),
    (
        "skip_gram.learning_rate",
        ["Learning rate", "学习率"],
        ["Size of a step at the begin; falls in a straight line towards none", "起始步长；随训练线性下降至近零"],
    ),
    (
        "skip_gram.subsampling",
        ["Subsampling", "高频降采样"],
        [
            "Share of all occurrences above which frequent items are thinned out; 0 keeps all",
            "出现占比超过该值的高频内容会被抽稀；0 表示全部保留",
        ],
    ),
    (
        "skip_gram.threads",
        ["Threads", "线程数"],
        ["0 takes one per core; 1 gives the same vectors each time", "0 表示每核一个；1 每次得到相同向量"],
    ),
    ("skip_gram.seed", ["Seed", "随机种子"], ["Draws the first vectors and the negatives", "用于初始向量和负样本"]),
    (
        "gnn.features",
        ["Features", "特征"],
        [
            "What describes a node before messages pass: its id, its attributes, or both; attributes serve who is new",
            "消息传递之前用什么描述节点：编号、属性或两者；属性可服务新用户和新内容",
        ],
    ),
    ("gnn.dim", ["Dimensions", "维度"], ["Numbers a vector has", "每个向量的长度"]),
    (
        "gnn.layers",
        ["Layers", "层数"],
        ["How many times messages pass: how many steps away a node looks", "消息传递的次数，即节点能看到几跳之外"],
    ),
    (
        "gnn.fan_outs",
        ["Fan-outs", "采样邻居数"],
        [
            "Neighbours taken in hop by hop, 0 for all; fewer are faster and learn worse on a dense log",
            "每一跳取多少邻居，0 表示全部；少则快，但在稠密日志上效果较差",
        ],
    ),
    (
        "gnn.draw_users",
        ["Users' neighbours", "用户邻居的选取"],
        ["Which of a user's items are taken where there are more than the fan-out", "用户的内容多于采样数时取哪些"],
    ),
    (
        "cover.level",
        ["Tags", "标签层级"],
        ["Which tags the network learns to read off a cover", "网络学习从封面识别哪一层标签"],
    ),
    ("cover.backbone", ["Network", "骨干网络"], ["The ResNet that looks at the covers", "看封面的 ResNet"]),
    (
        "cover.checkpoint",
        ["Checkpoint", "预训练权重"],
        [
            "A file of torchvision's weights to begin with (.pth or .safetensors); empty begins at random",
            "起始权重文件（torchvision 的 .pth 或 .safetensors）；留空则随机初始化",
        ],
    ),
    (
        "cover.tuning",
        ["What is trained", "训练范围"],
        ["Which part of the network training changes", "训练改变网络的哪一部分"],
    ),
    (
        "cover.side",
        ["Side in pixels", "边长（像素）"],
        [
            "Side of what the network sees; 0 chooses by the number of covers",
            "网络所见图片的边长；0 表示按封面数量决定",
        ],
    ),
    (
        "cover.max_pool",
        ["Pool the first map", "首层池化"],
        [
            "As torchvision does; off keeps more detail and takes four times as long",
            "与 torchvision 一致；关闭则保留更多细节，耗时约四倍",
        ],
    ),
    ("cover.framing", ["Framing", "取景"], ["How a cover becomes a square", "封面如何变为正方形"]),
    ("cover.dim", ["Length of the vector", "封面向量长度"], ["Numbers of a cover vector", "封面向量的维数"]),
    (
        "cover.epochs",
        ["Epochs", "轮数"],
        [
            "Times that training sees every cover; 0 chooses by their number",
            "训练看每张封面的次数；0 表示按封面数量决定",
        ],
    ),
    ("cover.batch", ["Covers a step", "每步封面数"], ["Covers that one step learns from", "每一步学习的封面数"]),
    ("cover.learning_rate", ["Learning rate", "学习率"], ["How far a step moves the weights", "每步移动权重的幅度"]),
    ("cover.schedule", ["Schedule", "学习率变化"], ["How the learning rate falls", "学习率如何下降"]),
    ("cover.weight_decay", ["Weight decay", "权重衰减"], ["How strongly weights are drawn to 0", "权重趋向 0 的力度"]),
    (
        "cover.label_smoothing",
        ["Label smoothing", "标签平滑"],
        ["Share of the truth that is spread over all tags", "分摊到所有标签上的真值比例"],
    ),
    (
        "cover.class_balance",
        ["Balance of tags", "标签均衡"],
        ["0 counts every cover alike, 1 every tag", "0 表示每张封面同等重要，1 表示每个标签同等重要"],
    ),
    ("cover.crop", ["Crop", "随机裁切"], ["Share of a side by which crops wander", "裁切位置移动的幅度（占边长比例）"]),
    ("cover.flip", ["Flip", "随机翻转"], ["Mirror every other cover in training", "训练时一半封面左右翻转"]),
    (
        "cover.colour",
        ["Colour", "随机调色"],
        ["How far brightness, contrast and saturation wander", "亮度、对比度、饱和度变化的幅度"],
    ),
    (
        "cover.held_out",
        ["Held out", "保留比例"],
        ["Share of the covers that is measured and never learnt from", "只用于评估、从不参与训练的封面比例"],
    ),
    (
        "cover.validation",
        ["Validation", "验证比例"],
        ["Share of the other covers that chooses the epoch", "用于选择轮次的封面比例"],
    ),
    (
        "cover.patience",
        ["Patience", "提前停止轮数"],
        ["Epochs without a rise after which training ends", "连续多少轮没有提高就结束训练"],
    ),
    (
        "cover.most_covers",
        ["Most covers", "封面上限"],
        ["At most so many covers are learnt from; they stay in memory", "最多从多少张封面学习；它们保留在内存中"],
    ),
    ("cover.threads", ["Threads", "线程数"], ["0 takes all processors", "0 表示使用全部处理器"]),
    ("cover.seed", ["Seed", "随机种子"], ["Where its draws at random begin", "随机抽取的起点"]),
    (
        "cover_lane.last_items",
        ["Recent items", "近期内容数"],
        ["How many of a user's newest items with a cover count", "计入用户最近多少条有封面的内容"],
    ),
    (
        "cover_lane.half_life_items",
        ["Half-life in items", "半衰期（条数）"],
        ["After how many newer items one counts half", "每隔多少条更新的内容权重减半"],
    ),
    (
        "cover_lane.new_share",
        ["Share of new content", "新内容占比"],
        [
            "Share of the first 50 places that content without an interaction is lifted to; 0 leaves it where it is",
            "把没有互动的内容提升到前 50 个位置中的比例；0 表示不提升",
        ],
    ),
    ("fused.dim", ["Dimensions", "向量维数"], ["Numbers of a vector", "向量的维数"]),
    (
        "fused.covers",
        ["Covers", "封面"],
        [
            "Whether covers count, by the cover model with the settings of `cover`; it is trained first where there is none",
            "是否计入封面向量（来自相同设置的封面模型；若无则先训练）",
        ],
    ),
    ("fused.titles", ["Titles", "标题"], ["Whether the words of titles count", "是否计入标题中的词"]),
    (
        "fused.last_items",
        ["Recent items", "近期内容数"],
        ["How many of a user's newest items ask, in training too", "用户最近多少条内容作为触发（训练时相同）"],
    ),
    (
        "fused.half_life_items",
        ["Half-life in items", "半衰期（条数）"],
        ["After how many newer items one counts half", "每隔多少条更新的内容权重减半"],
    ),
    (
        "fused.half_life_days",
        ["Half-life in days", "半衰期（天）"],
        ["After how many days an interaction is learnt from half as often", "每隔多少天互动被学习的次数减半"],
    ),
    ("fused.epochs", ["Epochs", "训练轮数"], ["How often training goes over all", "训练遍历数据的次数"]),
    ("fused.batch", ["Batch", "批大小"], ["Interactions that one step learns from", "每一步学习的互动数"]),
    (
        "fused.negatives",
        ["Negatives", "负样本数"],
        ["Items of chance beside those of the batch", "批内样本之外随机抽取的内容数"],
    ),
    (
        "fused.temperature",
        ["Temperature", "温度"],
        ["The lower, the more the nearest wrong items count", "越低，最接近的错误内容影响越大"],
    ),
    (
        "fused.dropout",
        ["Dropout", "随机丢弃"],
        ["Share of the numbers that are left out in training", "训练时丢弃的数值比例"],
    ),
    (
        "fused.title_dropout",
        ["Hidden titles", "隐藏标题"],
        [
            "Share of a batch's items whose title is not seen, so that new items are told by what they share with others",
            "每批中不看标题的内容比例，使新内容能凭与其他内容的共同点被识别",
        ],
    ),
    ("fused.learning_rate", ["Learning rate", "学习率"], ["How far a step moves the weights", "每步移动权重的幅度"]),
    ("fused.seed", ["Seed", "随机种子"], ["Where its draws at random begin", "随机抽取的起点"]),
    (
        "gnn.draw_items",
        ["Items' neighbours", "内容邻居的选取"],
        ["Which similar items are taken where there are more than the fan-out", "相似内容多于采样数时取哪些"],
    ),
    (
        "gnn.item_neighbours",
        ["Similar items", "相似内容数"],
        [
            "Item-item neighbours that messages pass along, of those that the graph keeps",
            "消息沿多少个相似内容传递（不超过图中保留的数量）",
        ],
    ),
    (
        "gnn.user_neighbours",
        ["User's items at recall", "召回时的用户内容数"],
        [
            "Items that a user is encoded from when he asks, those that weigh most; 0: all",
            "用户发起召回时用于编码的内容数，取权重最大者；0 为全部",
        ],
    ),
    (
        "gnn.aggregator",
        ["Aggregator", "聚合方式"],
        ["How neighbours are summed up; GraphSAGE only", "如何汇总邻居；仅用于 GraphSAGE"],
    ),
    (
        "gnn.heads",
        ["Heads", "注意力头数"],
        [
            "Attention heads: concatenated in hidden layers, averaged in the last",
            "注意力头数：中间层拼接，最后一层取平均",
        ],
    ),
    (
        "gnn.dropout",
        ["Dropout", "随机失活"],
        ["Share of the inputs left out at random while training", "训练时随机置零的输入比例"],
    ),
    (
        "gnn.id_dropout",
        ["Id dropout", "编号失活"],
        [
            "Share of ids hidden while training, so that attributes alone come to tell something",
            "训练时隐藏编号的比例，使属性本身也有意义",
        ],
    ),
    (
        "gnn.newcomers",
        ["Shown as newcomers", "视作新用户的比例"],
        [
            "Share of a batch's users trained without id and with few interactions or none, as new users will be",
            "训练时隐去编号、仅保留少量或不保留互动的用户比例，如同新用户",
        ],
    ),
    (
        "gnn.half_life_days",
        ["Half-life in days", "半衰期（天）"],
        [
            "After so many days an interaction is learned from half as often; off means that age does not matter",
            "经过这些天后互动被学习的机会减半；关闭则不考虑时间",
        ],
    ),
    ("gnn.loss", ["Loss", "损失函数"], ["What training lowers", "训练所降低的目标"]),
    (
        "gnn.temperature",
        ["Temperature", "温度"],
        ["Cosines are divided by it: lower is sharper", "余弦除以该值：越低越尖锐"],
    ),
    (
        "gnn.negatives",
        ["Negatives", "负样本数"],
        [
            "Items drawn beside those of the batch; with as many as there are items, all compete",
            "批次之外另抽的内容数；等于内容总数时全部参与竞争",
        ],
    ),
    ("gnn.batch", ["Batch", "批大小"], ["Pairs of user and item a step", "每步的用户-内容对数"]),
    ("gnn.epochs", ["Most epochs", "最多轮数"], ["Training ends here at the latest", "训练最迟在此结束"]),
    (
        "gnn.patience",
        ["Patience", "耐心"],
        ["Epochs without a better validation before training ends", "验证指标多少轮没有提高后停止"],
    ),
    (
        "gnn.validation",
        ["Validation", "验证比例"],
        [
            "Share of the interactions, the users' last ones, that choose the epoch",
            "用多少比例的互动（各用户最后的）来选择轮次",
        ],
    ),
    ("gnn.learning_rate", ["Rate of vectors", "向量学习率"], ["Size of a step of the embedding table", "嵌入表的步长"]),
    (
        "gnn.dense_learning_rate",
        ["Rate of layers", "网络学习率"],
        ["Size of a step of the layers' weights", "网络层权重的步长"],
    ),
    ("gnn.device", ["Device", "设备"], ["Where the products of a training are computed", "训练中的矩阵乘法在何处计算"]),
    ("gnn.threads", ["Threads", "线程数"], ["0 takes one per core", "0 表示每核一个"]),
    (
        "gnn.seed",
        ["Seed", "随机种子"],
        ["Draws the first weights, batches, neighbours and negatives", "用于初始权重、批次、邻居和负样本"],
    ),
    (
        "ease.regularisation",
        ["Regularisation", "正则"],
        [
            "What every weight costs: higher trusts only what many users show",
            "每个权重的代价：越高越只相信多人共同的行为",
        ],
    ),
    (
        "ease.most_items",
        ["Most items", "最多内容数"],
        ["Beyond it the closed form would take too much memory", "超过该数时闭式解占用内存过多"],
    ),
    (
        "ease.keep",
        ["Weights kept", "保留权重数"],
        ["Of each item the greatest, without regard to sign", "每个内容保留绝对值最大的权重"],
    ),
    ("rp3beta.alpha", ["Alpha", "阿尔法"], ["Chances of steps are raised to it", "游走概率的指数"]),
    (
        "rp3beta.beta",
        ["Beta", "贝塔"],
        ["How much popular items are damped; 0 does not", "热门内容降权的程度；0 表示不降"],
    ),
    ("rp3beta.top_k", ["Neighbours", "邻居数"], ["Items kept for each item of a user", "为用户的每个内容保留的内容数"]),
    (
        "item2vec.min_count",
        ["Min. interactions", "最少互动数"],
        ["Items with fewer get no vector: it would be a poor one", "少于该数的内容没有向量：训练不充分"],
    ),
    (
        "item2vec.session",
        ["Sessions", "会话"],
        ["Which of a user's interactions stand in one sequence", "用户的哪些互动构成一个序列"],
    ),
    (
        "item2vec.vectors",
        ["Vectors", "向量"],
        [
            "Input asks and output answers: what follows; input on both sides: what looks alike",
            "输入查询、输出应答：召回接下来会看的；两侧都用输入：召回相似的",
        ],
    ),
    (
        "walks.walks",
        ["Walks per node", "每节点游走数"],
        ["How many walks begin at each node", "从每个节点出发的游走条数"],
    ),
    ("walks.length", ["Length of a walk", "游走长度"], ["Nodes that one walk passes", "一条游走经过的节点数"]),
    (
        "walks.half_life_days",
        ["Half-life in days", "半衰期（天）"],
        [
            "After so many days an interaction is walked along half as often; off means that none fades",
            "互动每过这么多天，被走到的几率减半；关闭则不衰减",
        ],
    ),
    (
        "walks.min_count",
        ["Min. interactions", "最少互动数"],
        [
            "Items with fewer are walked over but not recalled: their vectors are poor",
            "少于该数的内容参与游走但不被召回：其向量训练不充分",
        ],
    ),
    (
        "walks.scoring",
        ["Scoring", "打分方式"],
        [
            "How likely an item follows, the product of both vectors, or their cosine; the last leaves popularity out",
            "内容随后出现的可能性、两向量的内积，或余弦；后者不计热度",
        ],
    ),
    (
        "node2vec.p",
        ["Return p", "返回参数 p"],
        ["Above 1 a walk seldom goes back at once, below it often does", "大于 1 时游走很少立即折返，小于 1 时常折返"],
    ),
    (
        "node2vec.q",
        ["In-out q", "进出参数 q"],
        [
            "Above 1 a walk stays near, below it goes far; between users and items only p/q counts",
            "大于 1 时停留在附近，小于 1 时走远；在用户与内容之间只有 p/q 起作用",
        ],
    ),
    (
        "metapath2vec.metapaths",
        ["Metapaths", "元路径"],
        [
            "Which types a walk passes, with commas between: u user, i item, t tag, c circle, p topic; each ends where it begins",
            "游走依次经过的类型，逗号分隔：u 用户、i 内容、t 标签、c 圈子、p 话题；首尾须相同",
        ],
    ),
    (
        "metapath2vec.same_type_negatives",
        ["Negatives of the same type", "同类型负样本"],
        [
            "Tells users from users and items from items only (metapath2vec++)",
            "只在同类型节点之间区分（metapath2vec++）",
        ],
    ),
    (
        "walk_lane.user_share",
        ["Share of the user", "用户向量占比"],
        [
            "How much the user's own vector asks; the recent items have the rest, and all of it for whoever was not walked over",
            "用户自身向量所占比重，其余归最近内容；没有被游走到的用户全由最近内容决定",
        ],
    ),
    (
        "walk_lane.last_items",
        ["Recent items", "最近内容数"],
        ["How many of a user's newest items ask", "取用户最近多少个内容进行查询"],
    ),
    (
        "walk_lane.half_life_items",
        ["Half-life in items", "半衰期（内容数）"],
        [
            "After so many newer items one counts half; off means that all count alike",
            "每多这么多个更新的内容，权重减半；关闭则同等对待",
        ],
    ),
    (
        "user_cluster.rounds",
        ["Rounds", "轮数"],
        [
            "How often the log is gone through, each time with others of a user's clusters and without others of what faded",
            "遍历日志的次数；每次抽取用户的其他类群，并舍去不同的已衰减互动",
        ],
    ),
    (
        "user_cluster.half_life_days",
        ["Half-life in days", "半衰期（天）"],
        [
            "After so many days an interaction is taken half as often; off takes all",
            "互动每过这么多天，被取用的几率减半；关闭则全部取用",
        ],
    ),
    (
        "user_cluster.min_users",
        ["Min. users of a value", "属性值最少用户数"],
        ["A value of an attribute that fewer have is no cluster", "拥有该属性值的用户少于该数时不成类群"],
    ),
    (
        "user_cluster.shrink_users",
        ["Users for half a say", "半数权重所需用户数"],
        [
            "With so many users a cluster counts half, and coarser ones the rest; more leans on the coarse",
            "类群达到该用户数时权重为一半，其余由更粗的类群承担；越大越依赖粗类群",
        ],
    ),
    (
        "user_cluster.attribute_weight",
        ["Weight of attributes", "属性权重"],
        ["How much each attribute adds to what everybody likes", "每个属性在大众偏好之上增加多少影响"],
    ),
    (
        "user_cluster.item_types",
        ["Types of items", "内容类型"],
        ["Which level of tags is an item's type", "以哪一级标签作为内容的类型"],
    ),
    (
        "user_cluster.shrink_items",
        ["Interactions for half a say", "半数权重所需互动数"],
        [
            "With so many interactions an item counts half, and its type the rest",
            "内容达到该互动数时自身权重为一半，其余由其类型承担",
        ],
    ),
    (
        "user_cluster.min_count",
        ["Min. interactions", "最少互动数"],
        ["Items with fewer are not recalled", "少于该数的内容不被召回"],
    ),
    (
        "user_cluster_lane.item_weight",
        ["Weight of recent items", "最近内容权重"],
        [
            "How much a user's recent items add to the clusters; 0 asks with the clusters alone",
            "用户最近内容在类群之上增加多少影响；0 表示只用类群",
        ],
    ),
    (
        "user_cluster_lane.last_items",
        ["Recent items", "最近内容数"],
        ["How many of a user's newest items ask", "取用户最近多少个内容进行查询"],
    ),
    (
        "user_cluster_lane.half_life_items",
        ["Half-life in items", "半衰期（内容数）"],
        [
            "After so many newer items one counts half; off means that all count alike",
            "每多这么多个更新的内容，权重减半；关闭则同等对待",
        ],
    ),
    (
        "item2vec_lane.query",
        ["Query", "查询方式"],
        [
            "One search with the mean of the recent items, or one for each of them",
            "用最近内容的平均向量查一次，或逐个查询",
        ],
    ),
    (
        "item2vec_lane.last_items",
        ["Recent items", "最近内容数"],
        ["How many of a user's newest items ask", "取用户最近多少个内容进行查询"],
    ),
    (
        "item2vec_lane.half_life_items",
        ["Half-life in items", "半衰期（内容数）"],
        [
            "After so many newer items one counts half; off means that all count alike",
            "每多这么多个更新的内容，权重减半；关闭则同等对待",
        ],
    ),
    (
        "item2vec_lane.neighbours_per_seed",
        ["Nearest per item", "每个内容的近邻数"],
        ["How many nearest items each recent one brings", "每个最近内容带来多少个近邻"],
    ),
    (
        "index.m",
        ["Connections", "索引连接数"],
        [
            "Links of a vector in the search graph: more find better and take more memory",
            "检索图中每个向量的连接数：越多越准，内存越大",
        ],
    ),
    (
        "index.ef_construction",
        ["Candidates while building", "构建候选数"],
        [
            "More make a better graph and take longer; above twice the connections",
            "越大图越好、构建越慢；须大于连接数的两倍",
        ],
    ),
    (
        "index.ef_search",
        ["Candidates while searching", "检索候选数"],
        ["More find better and search longer", "越大越准、检索越慢"],
    ),
    (
        "index.exact",
        ["Exact search", "精确检索"],
        [
            "Compares with every vector; automatic does so below 10,000",
            "与所有向量逐一比较；自动模式在少于 10,000 个时采用",
        ],
    ),
    (
        "index.reproducible",
        ["Same index each time", "可复现索引"],
        ["Built on one thread, which takes longer", "单线程构建，耗时更长"],
    ),
    ("evaluate.ks", ["Cut-offs", "截断位置"], ["The K of Recall@K and the others", "Recall@K 等指标中的 K"]),
    (
        "evaluate.bootstrap",
        ["Bootstrap draws", "自助抽样次数"],
        ["Behind the 95 % intervals; 0 leaves them out", "用于 95 % 区间；0 表示不计算"],
    ),
    (
        "evaluate.seed",
        ["Seed of the bootstrap", "抽样随机种子"],
        ["Draws the users behind the intervals", "用于区间估计的用户抽样"],
    ),
];

/// What the values are called that are a name, by key and value.
const CHOICES: &[(&str, &str, [&str; 2])] = &[
    ("split.kind", "temporal", ["by time", "按时间"]),
    ("split.kind", "user-time", ["last fifth of each user", "每位用户最后五分之一"]),
    ("split.kind", "leave-last-out", ["last one of each user", "每位用户最后一次"]),
    ("split.kind", "random", ["random 8 : 1 : 1", "随机 8 : 1 : 1"]),
    ("split.kind", "given", ["as published", "按发布时的划分"]),
    ("graph.measure", "cosine", ["cosine of users", "用户余弦"]),
    ("graph.measure", "window", ["window in a visit", "会话窗口"]),
    ("graph.measure", "swing", ["swing", "Swing 用户对"]),
    ("gnn.features", "id-attributes", ["id and attributes", "编号与属性"]),
    ("gnn.features", "id", ["id", "编号"]),
    ("gnn.features", "attributes", ["attributes", "属性"]),
    ("gnn.draw_users", "uniform", ["at random", "随机"]),
    ("gnn.draw_users", "weight", ["at random by weight", "按权重随机"]),
    ("gnn.draw_users", "falling", ["the heaviest", "权重最高"]),
    ("gnn.draw_items", "uniform", ["at random", "随机"]),
    ("gnn.draw_items", "weight", ["at random by weight", "按权重随机"]),
    ("gnn.draw_items", "falling", ["the most similar", "最相似"]),
    ("gnn.device", "cpu", ["processor", "处理器"]),
    ("gnn.aggregator", "mean", ["mean", "平均"]),
    ("gnn.aggregator", "weighted-mean", ["mean by weight", "加权平均"]),
    ("gnn.aggregator", "max-pool", ["max-pool", "最大池化"]),
    ("cover.level", "leaf", ["leaf tags", "叶子标签"]),
    ("cover.level", "level2", ["level 2", "二级标签"]),
    ("cover.level", "level1", ["level 1", "一级标签"]),
    ("cover.backbone", "resnet18", ["ResNet-18", "ResNet-18 网络"]),
    ("cover.backbone", "resnet34", ["ResNet-34", "ResNet-34 网络"]),
    ("cover.backbone", "resnet50", ["ResNet-50", "ResNet-50 网络"]),
    ("cover.tuning", "all", ["all of it", "全部"]),
    ("cover.tuning", "last-stage", ["the last stage", "最后一段"]),
    ("cover.tuning", "frozen", ["only the added layers", "仅新增的层"]),
    ("cover.framing", "stretch", ["the whole cover", "整张封面"]),
    ("cover.framing", "crop", ["the middle", "中间部分"]),
    ("cover.schedule", "cosine", ["cosine", "余弦下降"]),
    ("cover.schedule", "linear", ["straight line", "直线下降"]),
    ("cover.schedule", "constant", ["constant", "不变"]),
    ("gnn.loss", "softmax", ["softmax over items", "内容间 softmax"]),
    ("gnn.loss", "bce", ["each pair by itself", "逐对二元交叉熵"]),
    ("item2vec.session", "train", ["all of training", "全部训练数据"]),
    ("item2vec.session", "window", ["the window", "窗口内"]),
    ("item2vec.session", "visit", ["each visit", "每次访问"]),
    ("item2vec.vectors", "input-output", ["input and output", "输入与输出"]),
    ("item2vec.vectors", "input", ["input alone", "仅输入"]),
    ("walks.scoring", "likelihood", ["likelihood", "可能性"]),
    ("walks.scoring", "product", ["product", "内积"]),
    ("walks.scoring", "cosine", ["cosine", "余弦"]),
    ("metapath2vec.same_type_negatives", "true", ["same type (++)", "同类型（++）"]),
    ("metapath2vec.same_type_negatives", "false", ["all types", "所有类型"]),
    ("user_cluster.item_types", "level2", ["level 2", "二级标签"]),
    ("user_cluster.item_types", "leaf", ["leaf", "叶子标签"]),
    ("user_cluster.item_types", "level1", ["level 1", "一级标签"]),
    ("item2vec_lane.query", "mean", ["mean of recent", "最近内容的平均"]),
    ("item2vec_lane.query", "per-seed", ["each recent", "逐个最近内容"]),
];

impl Words {
    fn of(self, texts: [&'static str; 2]) -> &'static str {
        match self.language {
            Language::English => texts[0],
            Language::Chinese => texts[1],
        }
    }

    /// What the setting `key` is called; the last part of the key for one that has no words.
    pub fn setting(self, key: &str) -> &str {
        let listed = listed(key);
        let found = SETTINGS.iter().find(|setting| setting.0 == listed);
        found.map_or_else(|| key.rsplit('.').next().unwrap_or(key), |setting| self.of(setting.1))
    }

    /// What the setting `key` does.
    pub fn about_setting(self, key: &str) -> &'static str {
        let listed = listed(key);
        SETTINGS.iter().find(|setting| setting.0 == listed).map_or("", |setting| self.of(setting.2))
    }

    /// What the value of a setting is called, where it is a name; numbers stay as they are.
    pub fn setting_value(self, key: &str, value: &str) -> String {
        let listed = listed(key);
        let found = CHOICES.iter().find(|choice| choice.0 == listed && choice.1 == value);
        match (found, value) {
            (Some(choice), _) => self.of(choice.2).to_owned(),
            (None, "none") if matches!(key, "index.exact" | "split.reference_time_secs") => {
                self.get(Word::ValueAutomatic).to_owned()
            }
            (None, "none" | "false") => self.get(Word::ValueOff).to_owned(),
            (None, "true") => self.get(Word::ValueOn).to_owned(),
            (None, value) => value.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        jobs::pipeline::{PipelineSettings, Takes},
        recall::LaneKind,
    };

    #[test]
    fn every_setting_of_every_lane_has_a_name_and_an_explanation_in_both_languages() {
        let is_chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        let settings = PipelineSettings::default();
        for (key, _) in LaneKind::ALL.into_iter().flat_map(|kind| settings.entries_of(kind)) {
            let (english, chinese) = (Words { language: Language::English }, Words { language: Language::Chinese });
            assert!(!english.about_setting(&key).is_empty() && !is_chinese(english.about_setting(&key)), "{key}");
            assert!(is_chinese(chinese.about_setting(&key)) && is_chinese(chinese.setting(&key)), "{key}");
            assert!(!is_chinese(english.setting(&key)), "{key}");
            if let Some(Takes::Choice(choices)) = Takes::of(&key) {
                for choice in choices {
                    assert!(is_chinese(&chinese.setting_value(&key, choice)), "{key}={choice}");
                }
            }
        }
        // Nothing is explained that cannot be set.
        for (key, ..) in SETTINGS {
            assert!(settings.entries().iter().any(|(known, _)| listed(known) == *key), "{key}");
        }
    }
}
