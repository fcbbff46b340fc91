use super::{Kind::Plant, Level1, Level2, leaf};

pub(super) const PLANTS: Level1 = Level1 {
    name: ("绿植", "Plants"),
    circles: [("观叶研究会", "Leaf lovers"), ("多肉小院", "Succulent yard"), ("花瓶不空", "Never an empty vase")],
    occasions: [
        ("春天第一场雨后", "after the first rain of spring"),
        ("浇水日", "on watering day"),
        ("换盆的周末", "on a repotting weekend"),
        ("逛完花市", "after the flower market"),
        ("梅雨季节", "in the rainy season"),
        ("出门旅行回来", "back from a trip"),
    ],
    level2: [
        Level2 {
            name: ("观叶植物", "Foliage"),
            kind: Plant,
            topics: [("养绿植", "Growing green"), ("室内森林", "Indoor jungle")],
            leaves: [
                leaf(
                    ("龟背竹", "Monstera"),
                    [("龟背竹", "monstera"), ("小龟背竹", "young monstera")],
                    [
                        ("刚展开的新叶", "a leaf just unrolled"),
                        ("漂亮裂叶", "deeply cut leaves"),
                        ("粗壮气根", "strong aerial roots"),
                        ("白陶盆", "a white clay pot"),
                    ],
                    [
                        ("土干透两指再浇", "water when two fingers deep are dry"),
                        ("插根棍子让它往上爬", "give it a pole to climb"),
                        ("叶子每周擦一次", "wipe the leaves every week"),
                    ],
                ),
                leaf(
                    ("虎尾兰", "Snake plants"),
                    [("虎尾兰", "snake plant"), ("金边虎皮兰", "gold-edged snake plant")],
                    [
                        ("笔直叶片", "leaves straight as swords"),
                        ("金色镶边", "a golden edge"),
                        ("水泥花盆", "a concrete pot"),
                        ("新冒的小芽", "a new shoot"),
                    ],
                    [
                        ("一个月浇一次就够", "water it once a month"),
                        ("暗一点的角落也能活", "let it have the dark corner"),
                        ("用颗粒土防烂根", "use gritty soil against rot"),
                    ],
                ),
                leaf(
                    ("垂吊绿植", "Hanging plants"),
                    [("绿萝吊篮", "hanging pothos"), ("常春藤吊盆", "hanging ivy")],
                    [
                        ("长长藤蔓", "long trailing vines"),
                        ("编织吊绳", "a woven hanger"),
                        ("心形叶片", "heart-shaped leaves"),
                        ("花叶斑纹", "marbled leaves"),
                    ],
                    [
                        ("剪下的枝条水培就能活", "root the cuttings in water"),
                        ("别对着空调吹", "keep it away from the air conditioner"),
                        ("长太长就修短会更密", "cut it back to make it dense"),
                    ],
                ),
            ],
        },
        Level2 {
            name: ("多肉", "Succulents"),
            kind: Plant,
            topics: [("多肉拼盘", "Succulent bowls"), ("懒人植物", "Plants for the lazy")],
            leaves: [
                leaf(
                    ("仙人掌", "Cacti"),
                    [("仙人掌", "cactus"), ("仙人球", "ball cactus")],
                    [
                        ("头顶小红花", "a red flower on top"),
                        ("密密白刺", "dense white spines"),
                        ("红陶小盆", "a terracotta pot"),
                        ("胖胖手臂", "plump arms"),
                    ],
                    [
                        ("夏天少水冬天断水", "water little in summer and none in winter"),
                        ("换盆时用报纸包住刺", "wrap the spines in newspaper to repot it"),
                        ("每天晒够四小时", "give it four hours of sun a day"),
                    ],
                ),
                leaf(
                    ("莲座多肉", "Rosette succulents"),
                    [("莲座多肉", "rosette succulent"), ("石莲花", "echeveria")],
                    [
                        ("粉色叶尖", "pink tips"),
                        ("层层叶片", "leaf over leaf"),
                        ("薄薄白霜", "a thin bloom of white"),
                        ("紧凑株型", "a tight shape"),
                    ],
                    [
                        ("别碰叶子上的白粉", "do not touch the white bloom"),
                        ("昼夜温差大颜色才红", "let cold nights bring out the red"),
                        ("叶片平放就能生根", "lay a leaf on soil and it will root"),
                    ],
                ),
                leaf(
                    ("芦荟", "Aloe"),
                    [("芦荟", "aloe"), ("小芦荟盆栽", "potted aloe")],
                    [
                        ("饱满叶肉", "thick juicy leaves"),
                        ("锯齿叶边", "toothed edges"),
                        ("一圈小崽", "a ring of offsets"),
                        ("灰绿颜色", "a grey-green colour"),
                    ],
                    [
                        ("分株后晾两天再种", "dry the offsets for two days before planting"),
                        ("盆底一定要有孔", "use a pot with a hole"),
                        ("叶子发软说明缺水", "water it when the leaves go soft"),
                    ],
                ),
            ],
        },
        Level2 {
            name: ("鲜花", "Flowers"),
            kind: Plant,
            topics: [("每周一花", "A flower a week"), ("插花练习", "Flower arranging")],
            leaves: [
                leaf(
                    ("郁金香", "Tulips"),
                    [("郁金香", "bunch of tulips"), ("双色郁金香", "bunch of two-tone tulips")],
                    [
                        ("弯弯花茎", "bending stems"),
                        ("半开花苞", "half-open buds"),
                        ("玻璃花瓶", "a glass vase"),
                        ("粉白花瓣", "pink and white petals"),
                    ],
                    [
                        ("水只放三厘米", "give it three centimetres of water"),
                        ("每天斜剪一次根", "cut the stems at a slant every day"),
                        ("离水果远一点", "keep it away from fruit"),
                    ],
                ),
                leaf(
                    ("向日葵", "Sunflowers"),
                    [("向日葵", "sunflower"), ("向日葵花束", "bunch of sunflowers")],
                    [
                        ("大大花盘", "a huge face"),
                        ("明黄花瓣", "bright yellow petals"),
                        ("牛皮纸包装", "a brown paper wrap"),
                        ("毛茸茸叶子", "fuzzy leaves"),
                    ],
                    [
                        ("叶子留两片就好", "leave two leaves only"),
                        ("深水醒花两小时", "stand it in deep water for two hours"),
                        ("放在通风的窗边", "put it by an airy window"),
                    ],
                ),
                leaf(
                    ("花束", "Bouquets"),
                    [("混搭花束", "mixed bouquet"), ("野花花束", "bouquet of wild flowers")],
                    [
                        ("丝带蝴蝶结", "a ribbon bow"),
                        ("尤加利叶", "sprigs of eucalyptus"),
                        ("白色小雏菊", "small white daisies"),
                        ("深浅玫瑰", "roses in two shades"),
                    ],
                    [
                        ("高低错开才好看", "vary the heights"),
                        ("先放叶材再放主花", "place the green before the flowers"),
                        ("换水时洗一洗花瓶", "wash the vase when you change the water"),
                    ],
                ),
            ],
        },
    ],
};
