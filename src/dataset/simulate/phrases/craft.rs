use super::{Kind::Made, Level1, Level2, leaf};

pub(super) const CRAFT: Level1 = Level1 {
    name: ("手作DIY", "Handicraft and DIY"),
    circles: [("毛线团俱乐部", "The yarn club"), ("泥巴匠人", "Clay people"), ("纸与针线", "Paper and thread")],
    occasions: [
        ("窝在家的周日", "on a Sunday at home"),
        ("换季的时候", "at the turn of the season"),
        ("孩子睡着以后", "once the children were asleep"),
        ("手工课结束那天", "on the last day of the class"),
        ("听着播客的晚上", "on an evening with a podcast"),
        ("节日前夕", "on the eve of the holiday"),
    ],
    level2: [
        Level2 {
            name: ("编织", "Knitting"),
            kind: Made,
            topics: [("织女日记", "Knitting diary"), ("毛线玩不停", "Fun with yarn")],
            leaves: [
                leaf(
                    ("毛线", "Yarn"),
                    [("毛线小样", "yarn sample"), ("毛线拼色毯", "patchwork yarn blanket")],
                    [
                        ("柔软羊毛", "soft lambswool"),
                        ("渐变色线团", "a ball of fading colours"),
                        ("粗棒针纹理", "a chunky texture"),
                        ("手染颜色", "hand-dyed colours"),
                    ],
                    [
                        ("先织一块小样算针数", "knit a swatch and count the stitches"),
                        ("同一批次的线多买一团", "buy one ball more from the same batch"),
                        ("收针松一点才平整", "bind off loosely to keep it flat"),
                    ],
                ),
                leaf(
                    ("手套", "Mittens"),
                    [("毛线手套", "pair of mittens"), ("北欧花纹手套", "pair of Nordic mittens")],
                    [
                        ("雪花图案", "a snowflake pattern"),
                        ("加长罗纹口", "a long ribbed cuff"),
                        ("连指款式", "a snug round top"),
                        ("红白配色", "red and white stripes"),
                    ],
                    [
                        ("拇指位置先在手上比一比", "try the thumb's place on your own hand"),
                        ("用环形针一次织两只", "knit both at once on circular needles"),
                        ("内侧线头留长一点", "leave the loose ends long inside"),
                    ],
                ),
                leaf(
                    ("钩针包", "Crochet bags"),
                    [("钩针包", "crochet bag"), ("钩织斜挎包", "crochet shoulder bag")],
                    [
                        ("木质提手", "wooden handles"),
                        ("祖母方格", "granny squares"),
                        ("棉线镂空花", "a lacy cotton pattern"),
                        ("碎花内衬", "a flowered lining"),
                    ],
                    [
                        ("包底多钩两圈更结实", "crochet two more rounds for a firm base"),
                        ("缝一层内衬不漏东西", "sew in a lining so that nothing slips out"),
                        ("提手处用双线", "use double thread at the handles"),
                    ],
                ),
            ],
        },
        Level2 {
            name: ("陶艺", "Pottery"),
            kind: Made,
            topics: [("玩泥巴", "Playing with clay"), ("手作器皿", "Handmade vessels")],
            leaves: [
                leaf(
                    ("花器", "Vases"),
                    [("陶土花瓶", "clay vase"), ("手捏花器", "hand-pinched vase")],
                    [
                        ("哑光釉面", "a matt glaze"),
                        ("不规则瓶口", "an uneven rim"),
                        ("流釉痕迹", "runs of glaze"),
                        ("细长瓶颈", "a long thin neck"),
                    ],
                    [
                        ("壁厚保持一致才不裂", "keep the wall even or it cracks"),
                        ("阴干三天再进窑", "let it dry for three days before firing"),
                        ("底部别上釉", "leave the foot unglazed"),
                    ],
                ),
                leaf(
                    ("马克杯", "Mugs"),
                    [("手工马克杯", "handmade mug"), ("粗陶杯", "stoneware mug")],
                    [
                        ("圆胖杯身", "a round belly"),
                        ("手绘小花", "a painted flower"),
                        ("拇指凹槽", "a dent for the thumb"),
                        ("两色釉", "a two-tone glaze"),
                    ],
                    [
                        ("把手和杯身一样湿再粘", "join the handle while both are equally damp"),
                        ("杯口修圆喝水才舒服", "round the rim for a pleasant sip"),
                        ("泥片擀到五毫米", "roll the clay to five millimetres"),
                    ],
                ),
                leaf(
                    ("茶壶", "Teapots"),
                    [("手作茶壶", "handmade teapot"), ("小茶壶", "little teapot")],
                    [
                        ("弯弯壶嘴", "a curved spout"),
                        ("竹提梁", "a bamboo handle"),
                        ("贴合壶盖", "a lid that fits"),
                        ("青灰釉色", "a grey-green glaze"),
                    ],
                    [
                        ("壶嘴要高过水位", "keep the spout above the water line"),
                        ("壶盖和壶身一起干燥", "dry the lid on the pot"),
                        ("滤孔扎细一点", "pierce the strainer finely"),
                    ],
                ),
            ],
        },
        Level2 {
            name: ("纸艺刺绣", "Paper and needle"),
            kind: Made,
            topics: [("手账排版", "Journal pages"), ("慢慢绣", "Slow stitching")],
            leaves: [
                leaf(
                    ("折纸", "Origami"),
                    [("千纸鹤", "paper crane"), ("折纸摆件", "origami piece")],
                    [
                        ("和纸花纹", "patterned washi paper"),
                        ("利落折痕", "sharp folds"),
                        ("双色纸", "two-coloured paper"),
                        ("翘起的翅膀", "lifted wings"),
                    ],
                    [
                        ("每道折痕用指甲压一遍", "run a fingernail over every fold"),
                        ("从正方形纸开始练", "begin with a square sheet"),
                        ("纸越薄越好折", "choose thin paper"),
                    ],
                ),
                leaf(
                    ("手账", "Journals"),
                    [("手账内页", "journal page"), ("旅行手账", "travel journal")],
                    [
                        ("胶带拼贴", "strips of washi tape"),
                        ("水彩小图", "small watercolours"),
                        ("整齐时间轴", "a neat timeline"),
                        ("车票贴纸", "old tickets and stickers"),
                    ],
                    [
                        ("一页只用三种颜色", "keep to three colours a page"),
                        ("先摆再贴", "lay it out before you glue"),
                        ("留一点空白给以后", "leave some space for later"),
                    ],
                ),
                leaf(
                    ("刺绣", "Embroidery"),
                    [("刺绣绷画", "embroidery hoop"), ("花草刺绣", "flower embroidery")],
                    [
                        ("渐变花瓣", "shaded petals"),
                        ("法式结粒", "French knots"),
                        ("亚麻底布", "a linen ground"),
                        ("细细藤蔓", "thin curling vines"),
                    ],
                    [
                        ("线分成两股绣更细", "split the thread into two strands"),
                        ("绷子一定要绷紧", "keep the hoop tight"),
                        ("图案用水消笔画", "draw with a pen that washes out"),
                    ],
                ),
            ],
        },
    ],
};
