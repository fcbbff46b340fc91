use super::{Kind::Place, Level1, Level2, leaf};

pub(super) const TRAVEL: Level1 = Level1 {
    name: ("旅行", "Travel"),
    circles: [("山野露营", "Out in the hills"), ("看海去", "Off to the sea"), ("城市漫步", "City walks")],
    occasions: [
        ("五一假期", "over the May holiday"),
        ("说走就走的周末", "on a weekend without a plan"),
        ("毕业旅行时", "on our graduation trip"),
        ("淡季出发", "in the low season"),
        ("结婚纪念日", "on our anniversary"),
        ("坐了一夜火车", "after a night on the train"),
    ],
    level2: [
        Level2 {
            name: ("户外山野", "Outdoors"),
            kind: Place,
            topics: [("露营清单", "Camping list"), ("去爬山", "Up the mountain")],
            leaves: [
                leaf(
                    ("露营", "Camping"),
                    [("山野营地", "camp in the hills"), ("湖边露营地", "camp by the lake")],
                    [
                        ("亮灯的帐篷", "a glowing tent"),
                        ("一小堆篝火", "a small campfire"),
                        ("头顶星光", "stars overhead"),
                        ("清晨鸟鸣", "birdsong at dawn"),
                    ],
                    [
                        ("地钉多带六根", "bring six more pegs"),
                        ("垃圾全部带走", "carry all your rubbish out"),
                        ("先看风向再搭帐篷", "check the wind before you pitch"),
                    ],
                ),
                leaf(
                    ("雪山", "Snow mountains"),
                    [("雪山垭口", "mountain pass"), ("雪山观景台", "view of the snow peaks")],
                    [
                        ("日照金山", "golden light on the peaks"),
                        ("厚厚积雪", "deep snow"),
                        ("山脚小湖", "a small lake below"),
                        ("翻涌云海", "a sea of clouds"),
                    ],
                    [
                        ("前两天别洗澡防高反", "take it easy in the first two days up high"),
                        ("墨镜和防晒一定带", "bring sunglasses and sun cream"),
                        ("日出前半小时到位", "be there half an hour before sunrise"),
                    ],
                ),
                leaf(
                    ("热气球", "Balloons"),
                    [("热气球之旅", "balloon flight"), ("热气球清晨", "balloon morning")],
                    [
                        ("彩色条纹球囊", "a striped envelope"),
                        ("脚下峡谷", "a canyon below"),
                        ("第一缕阳光", "the first ray of sun"),
                        ("同时升起的十几只", "a dozen more rising with it"),
                    ],
                    [
                        ("留一天备用等天气", "keep a spare day for the weather"),
                        ("穿厚一点高处很冷", "dress warmly for the height"),
                        ("提前一个月订", "book a month ahead"),
                    ],
                ),
            ],
        },
        Level2 {
            name: ("海岛海滨", "Seaside"),
            kind: Place,
            topics: [("海岛假期", "Island holidays"), ("蓝色海岸", "Blue coast")],
            leaves: [
                leaf(
                    ("沙滩", "Beaches"),
                    [("细沙海滩", "sandy beach"), ("安静海湾", "quiet bay")],
                    [
                        ("条纹遮阳伞", "a striped parasol"),
                        ("清透海水", "clear water"),
                        ("一排躺椅", "a row of deckchairs"),
                        ("细白沙子", "fine white sand"),
                    ],
                    [
                        ("退潮时去捡贝壳", "look for shells at low tide"),
                        ("防晒两小时补一次", "renew the sun cream every two hours"),
                        ("带双能下水的鞋", "bring shoes for the water"),
                    ],
                ),
                leaf(
                    ("椰林", "Palm groves"),
                    [("椰林小岛", "palm island"), ("海边椰林", "palm grove by the sea")],
                    [
                        ("歪向海面的椰树", "a palm leaning over the sea"),
                        ("冰镇椰子", "a cold coconut"),
                        ("树间吊床", "a hammock between the trees"),
                        ("傍晚微风", "a soft evening wind"),
                    ],
                    [
                        ("别在椰子树正下方躺", "do not lie right below a coconut palm"),
                        ("租辆小摩托环岛", "rent a scooter and ride round the island"),
                        ("带够驱蚊水", "bring enough insect spray"),
                    ],
                ),
                leaf(
                    ("帆船", "Sailing"),
                    [("帆船港湾", "harbour of sailing boats"), ("出海帆船", "day out sailing")],
                    [
                        ("鼓起的白帆", "a full white sail"),
                        ("海平线", "a straight horizon"),
                        ("追船的海鸥", "gulls behind the boat"),
                        ("木质甲板", "a wooden deck"),
                    ],
                    [
                        ("上船前半小时吃晕船药", "take a pill half an hour before you board"),
                        ("穿软底防滑鞋", "wear soft shoes that grip"),
                        ("手机装进防水袋", "put your phone in a dry bag"),
                    ],
                ),
            ],
        },
        Level2 {
            name: ("城市古迹", "Cities and sights"),
            kind: Place,
            topics: [("城市漫游", "City strolls"), ("古迹打卡", "Old places")],
            leaves: [
                leaf(
                    ("城市天际线", "Skylines"),
                    [("江边天际线", "skyline on the river"), ("城市夜景", "city view at night")],
                    [
                        ("万家灯火", "a thousand lit windows"),
                        ("水面倒影", "reflections on the water"),
                        ("蓝调时刻的天", "a blue hour sky"),
                        ("最高那座塔", "the tallest tower in the middle"),
                    ],
                    [
                        ("找个高处的停车场", "find a car park with a high roof"),
                        ("蓝调时刻只有二十分钟", "be quick, the blue hour is twenty minutes"),
                        ("坐一趟轮渡最划算", "take the ferry, it is the best value"),
                    ],
                ),
                leaf(
                    ("古塔古建", "Pagodas"),
                    [("山间古塔", "pagoda in the hills"), ("古寺一角", "corner of an old temple")],
                    [
                        ("飞檐翘角", "upturned eaves"),
                        ("满院银杏", "a yard of ginkgo trees"),
                        ("斑驳红墙", "worn red walls"),
                        ("清脆风铃", "the sound of wind bells"),
                    ],
                    [
                        ("早上八点前人最少", "come before eight to be alone"),
                        ("请个讲解更有意思", "take a guide, it is worth it"),
                        ("安静一点别开闪光", "be quiet and use no flash"),
                    ],
                ),
                leaf(
                    ("电车街道", "Tram streets"),
                    [("电车小街", "street with an old tram"), ("坡道电车", "tram on a slope")],
                    [
                        ("叮当铃声", "a ringing bell"),
                        ("木质车厢", "a wooden carriage"),
                        ("转角咖啡店", "a café on the corner"),
                        ("尽头的海", "the sea at its end"),
                    ],
                    [
                        ("买一日票随上随下", "buy a day ticket and hop on and off"),
                        ("坐最后一节视野最好", "sit in the last car for the view"),
                        ("站在安全线内拍", "stay behind the line for photos"),
                    ],
                ),
            ],
        },
    ],
};
