use super::{Kind::Thing, Level1, Level2, leaf};

pub(super) const TOYS: Level1 = Level1 {
    name: ("潮玩", "Designer toys"),
    circles: [
        ("盲盒上头中", "Hooked on blind boxes"),
        ("模型工作台", "The model bench"),
        ("积木星球", "Planet of blocks"),
    ],
    occasions: [
        ("拆盒的晚上", "on unboxing night"),
        ("发工资那天", "on payday"),
        ("逛完展会", "after the fair"),
        ("等了三个月的快递到了", "when the parcel came after three months"),
        ("整理柜子的下午", "on an afternoon of sorting the shelf"),
        ("儿童节", "on Children's Day"),
    ],
    level2: [
        Level2 {
            name: ("手办公仔", "Art toys"),
            kind: Thing,
            topics: [("拆盲盒", "Unboxing"), ("娃柜展示", "On the shelf")],
            leaves: [
                leaf(
                    ("兔子公仔", "Bunny figures"),
                    [("兔子公仔", "bunny figure"), ("长耳兔盲盒", "long-eared bunny")],
                    [
                        ("垂下的耳朵", "drooping ears"),
                        ("珠光涂装", "a pearl finish"),
                        ("小小背包", "a tiny backpack"),
                        ("腮红", "rosy cheeks"),
                    ],
                    [
                        ("避开阳光直晒会变黄", "keep it out of the sun or it yellows"),
                        ("用软毛刷清灰", "dust it with a soft brush"),
                        ("盒子和卡片都留着", "keep the box and the card"),
                    ],
                ),
                leaf(
                    ("小熊公仔", "Bear figures"),
                    [("小熊公仔", "bear figure"), ("积木熊", "block bear")],
                    [
                        ("圆圆肚子", "a round tummy"),
                        ("条纹围巾", "a striped scarf"),
                        ("植绒表面", "a flocked coat"),
                        ("透明外壳", "a see-through shell"),
                    ],
                    [
                        ("大小搭配摆更有层次", "mix the sizes for depth"),
                        ("植绒款用胶带粘灰", "lift dust from flock with tape"),
                        ("底座垫一层防滑贴", "put a non-slip pad below"),
                    ],
                ),
                leaf(
                    ("宇航员公仔", "Astronaut figures"),
                    [("宇航员公仔", "astronaut figure"), ("太空人摆件", "space figure")],
                    [
                        ("金色面罩", "a gold visor"),
                        ("手里的小星球", "a little planet in its hand"),
                        ("可动关节", "movable joints"),
                        ("夜光细节", "parts that glow in the dark"),
                    ],
                    [
                        ("背后加盏小灯就有气氛", "put a small light behind it"),
                        ("夜光款白天要晒一晒", "charge the glow in daylight"),
                        ("关节紧的话用吹风机热一下", "warm tight joints with a hair dryer"),
                    ],
                ),
            ],
        },
        Level2 {
            name: ("模型", "Models"),
            kind: Thing,
            topics: [("拼装进度", "Build log"), ("涂装练习", "Paint practice")],
            leaves: [
                leaf(
                    ("机器人", "Robots"),
                    [("铁皮机器人", "tin robot"), ("机器人模型", "robot model")],
                    [
                        ("复古发条", "an old-style winder"),
                        ("亮眼灯", "eyes that light up"),
                        ("做旧涂装", "a weathered finish"),
                        ("可换手臂", "arms that can be swapped"),
                    ],
                    [
                        ("水口用指甲锉慢慢磨", "file the gate marks slowly"),
                        ("先喷底漆再上色", "prime before you paint"),
                        ("渗线之后记得擦边", "wipe the edges after panel lining"),
                    ],
                ),
                leaf(
                    ("车模", "Model cars"),
                    [("合金车模", "die-cast car"), ("老爷车模型", "model of a classic car")],
                    [
                        ("可开车门", "doors that open"),
                        ("镀铬格栅", "a chrome grille"),
                        ("真皮质感内饰", "a leather-look interior"),
                        ("双色车身", "a two-tone body"),
                    ],
                    [
                        ("展示盒防尘最省心", "use a case against dust"),
                        ("拿车身不要拿后视镜", "hold the body, never the mirrors"),
                        ("拍照镜头放低一点", "keep the lens low for photos"),
                    ],
                ),
                leaf(
                    ("火箭模型", "Rocket models"),
                    [("火箭模型", "rocket model"), ("复古火箭摆件", "retro rocket")],
                    [
                        ("红白涂装", "red and white paint"),
                        ("可分离级段", "stages that come apart"),
                        ("发射架底座", "a launch tower base"),
                        ("圆形舷窗", "a round porthole"),
                    ],
                    [
                        ("贴水贴前先刷一层光油", "varnish before applying decals"),
                        ("长条件用橡皮筋固定", "hold long parts with rubber bands"),
                        ("胶水少量多次", "glue little and often"),
                    ],
                ),
            ],
        },
        Level2 {
            name: ("积木益智", "Blocks and puzzles"),
            kind: Thing,
            topics: [("积木搭搭搭", "Brick by brick"), ("亲子时光", "Time with the kids")],
            leaves: [
                leaf(
                    ("积木城堡", "Block castles"),
                    [("积木城堡", "block castle"), ("木质城堡积木", "wooden castle set")],
                    [
                        ("尖尖塔楼", "pointed towers"),
                        ("可开吊桥", "a drawbridge that opens"),
                        ("彩色旗帜", "coloured flags"),
                        ("木头原色", "bare wood blocks"),
                    ],
                    [
                        ("按颜色分袋再开始", "sort by colour before you start"),
                        ("从地基往上一层层来", "work up layer by layer"),
                        ("留一面开着方便玩", "leave one side open for play"),
                    ],
                ),
                leaf(
                    ("恐龙玩具", "Toy dinosaurs"),
                    [("恐龙玩偶", "toy dinosaur"), ("长颈恐龙", "long-necked dinosaur")],
                    [
                        ("一排背刺", "a row of spikes"),
                        ("软软手感", "a soft squeeze"),
                        ("圆点花纹", "a pattern of dots"),
                        ("短短小手", "short little arms"),
                    ],
                    [
                        ("机洗要装进洗衣袋", "wash it in a laundry bag"),
                        ("选没有小零件的款给宝宝", "pick one without small parts for a baby"),
                        ("和绿植一起拍最有感觉", "photograph it among plants"),
                    ],
                ),
                leaf(
                    ("魔方", "Puzzle cubes"),
                    [("三阶魔方", "puzzle cube"), ("磁力魔方", "magnetic cube")],
                    [
                        ("顺滑手感", "a smooth turn"),
                        ("磨砂表面", "a frosted surface"),
                        ("磁力定位", "magnets that snap"),
                        ("鲜亮六色", "six bright colours"),
                    ],
                    [
                        ("先学会底层十字", "learn the cross first"),
                        ("每天练十分钟就够", "practise ten minutes a day"),
                        ("滴一点润滑油会更顺", "add a drop of lubricant"),
                    ],
                ),
            ],
        },
    ],
};
