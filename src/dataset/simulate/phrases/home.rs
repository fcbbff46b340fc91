use super::{Kind::Thing, Level1, Level2, leaf};

pub(super) const HOME: Level1 = Level1 {
    name: ("家居", "Home"),
    circles: [
        ("客厅改造局", "Living room makers"),
        ("睡个好觉", "Sleep well club"),
        ("书房与收纳", "Studies and storage"),
    ],
    occasions: [
        ("搬家第一周", "in the first week after moving"),
        ("下雨的周末", "on a rainy weekend"),
        ("加班回家的晚上", "after a late evening at work"),
        ("大扫除之后", "after the big clean-up"),
        ("阳光很好的早上", "on a sunny morning"),
        ("朋友来做客前", "before friends came round"),
    ],
    level2: [
        Level2 {
            name: ("客厅", "Living room"),
            kind: Thing,
            topics: [("我的客厅", "My living room"), ("小户型布置", "Small flats")],
            leaves: [
                leaf(
                    ("沙发", "Sofas"),
                    [("布艺沙发", "fabric sofa"), ("双人沙发", "two-seat sofa")],
                    [
                        ("亚麻面料", "a linen cover"),
                        ("宽扶手", "wide armrests"),
                        ("木质细脚", "slim wooden legs"),
                        ("可拆洗外套", "a washable cover"),
                    ],
                    [
                        ("先量好门框再下单", "measure the door before you order"),
                        ("坐深留出一掌更舒服", "leave a hand's width of seat depth"),
                        ("抱枕别超过三个", "stop at three cushions"),
                    ],
                ),
                leaf(
                    ("落地灯", "Floor lamps"),
                    [("落地灯", "floor lamp"), ("阅读落地灯", "reading lamp")],
                    [
                        ("布艺灯罩", "a cloth shade"),
                        ("暖黄光线", "a warm yellow light"),
                        ("黄铜灯杆", "a brass stem"),
                        ("脚踏开关", "a foot switch"),
                    ],
                    [
                        ("灯泡选两千七百开的暖光", "take a warm bulb of 2,700 kelvin"),
                        ("放在沙发斜后方不刺眼", "stand it behind the sofa, out of your eyes"),
                        ("装个调光器", "add a dimmer"),
                    ],
                ),
                leaf(
                    ("茶几", "Coffee tables"),
                    [("圆茶几", "round coffee table"), ("实木茶几", "wooden coffee table")],
                    [
                        ("圆润边角", "rounded edges"),
                        ("下层置物架", "a shelf below"),
                        ("胡桃木纹", "a walnut grain"),
                        ("细腿结构", "slender legs"),
                    ],
                    [
                        ("高度比坐垫低五厘米", "keep it five centimetres below the seat"),
                        ("四周留出四十厘米走道", "leave forty centimetres to walk around it"),
                        ("托盘能让桌面不乱", "use a tray to keep the top tidy"),
                    ],
                ),
            ],
        },
        Level2 {
            name: ("卧室", "Bedroom"),
            kind: Thing,
            topics: [("卧室改造", "Bedroom makeover"), ("睡前仪式", "Before sleep")],
            leaves: [
                leaf(
                    ("床品", "Beds and bedding"),
                    [("实木床", "wooden bed"), ("软包床", "padded bed")],
                    [
                        ("水洗棉四件套", "washed cotton sheets"),
                        ("厚软靠背", "a deep soft headboard"),
                        ("格纹盖毯", "a checked throw"),
                        ("蓬松鹅绒被", "a fluffy down quilt"),
                    ],
                    [
                        ("床垫一定要亲自躺十分钟", "lie on the mattress for ten minutes first"),
                        ("四件套先洗一遍再用", "wash new sheets before the first night"),
                        ("床头别对着窗", "keep the pillow away from the window"),
                    ],
                ),
                leaf(
                    ("床头柜", "Nightstands"),
                    [("床头柜", "nightstand"), ("小边柜", "bedside cabinet")],
                    [
                        ("两层抽屉", "two drawers"),
                        ("圆形小夜灯", "a round night light"),
                        ("藤编柜门", "a woven cane door"),
                        ("藏线孔", "a hole for the cables"),
                    ],
                    [
                        ("和床垫一样高最顺手", "match the height of the mattress"),
                        ("只留一本书和一杯水", "keep one book and one glass on it"),
                        ("充电线用理线夹固定", "clip the charging cable down"),
                    ],
                ),
                leaf(
                    ("香薰蜡烛", "Scented candles"),
                    [("香薰蜡烛", "scented candle"), ("大豆蜡烛", "soy candle")],
                    [
                        ("木质烛芯", "a wooden wick"),
                        ("雪松香气", "a scent of cedar"),
                        ("磨砂玻璃杯", "a frosted glass"),
                        ("淡淡橙花味", "a hint of orange blossom"),
                    ],
                    [
                        ("第一次要烧到表面全部融化", "let the whole top melt the first time"),
                        ("烛芯剪到五毫米", "trim the wick to five millimetres"),
                        ("睡前半小时就熄掉", "put it out half an hour before sleep"),
                    ],
                ),
            ],
        },
        Level2 {
            name: ("书房收纳", "Study and storage"),
            kind: Thing,
            topics: [("书桌一角", "Desk corner"), ("收纳有方", "Storage ideas")],
            leaves: [
                leaf(
                    ("书架", "Bookshelves"),
                    [("开放式书架", "open bookshelf"), ("落地书架", "tall bookshelf")],
                    [
                        ("错落格子", "shelves of different heights"),
                        ("顶层绿植", "a plant on top"),
                        ("按颜色排列书脊", "spines sorted by colour"),
                        ("加厚层板", "extra thick boards"),
                    ],
                    [
                        ("重的书放最下面", "put the heavy books at the bottom"),
                        ("一定要固定在墙上", "fix it to the wall"),
                        ("留三成空位给新书", "leave a third of it empty"),
                    ],
                ),
                leaf(
                    ("书桌", "Desks"),
                    [("靠窗书桌", "desk by the window"), ("升降书桌", "standing desk")],
                    [
                        ("整块木板桌面", "a top of one solid board"),
                        ("洞洞板背墙", "a pegboard behind it"),
                        ("隐藏走线槽", "a hidden cable tray"),
                        ("小抽屉", "a shallow drawer"),
                    ],
                    [
                        ("屏幕上沿和眼睛齐平", "set the screen's top at eye level"),
                        ("光从左边来最好写字", "let the light come from your left"),
                        ("每天收工清空桌面", "clear it at the end of each day"),
                    ],
                ),
                leaf(
                    ("收纳篮", "Storage baskets"),
                    [("藤编收纳篮", "woven basket"), ("脏衣篮", "laundry basket")],
                    [
                        ("棉麻内衬", "a cotton lining"),
                        ("皮质提手", "leather handles"),
                        ("手工编织纹理", "a hand-woven pattern"),
                        ("盖子", "a lid"),
                    ],
                    [
                        ("同类东西放一篮", "keep one kind of thing in each"),
                        ("贴上标签全家都找得到", "label it so that everyone finds things"),
                        ("每季清空一次", "empty it once a season"),
                    ],
                ),
            ],
        },
    ],
};
