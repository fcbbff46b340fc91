use super::{
    Kind::{Made, Place, Thing},
    Level1, Level2, leaf,
};

pub(super) const PHOTO: Level1 = Level1 {
    name: ("摄影", "Photography"),
    circles: [("器材党", "Gear people"), ("追光者", "Light chasers"), ("胶片不死", "Film lives on")],
    occasions: [
        ("凌晨四点", "at four in the morning"),
        ("出差的间隙", "between two meetings on the road"),
        ("雨停之后", "after the rain"),
        ("第一次约拍", "at my first shooting"),
        ("年底整理照片时", "while sorting photos at the year's end"),
        ("天气预报说放晴", "when the forecast promised clear skies"),
    ],
    level2: [
        Level2 {
            name: ("器材", "Gear"),
            kind: Thing,
            topics: [("器材推荐", "Gear picks"), ("我的摄影包", "In my camera bag")],
            leaves: [
                leaf(
                    ("相机", "Cameras"),
                    [("复古相机", "retro camera"), ("微单相机", "mirrorless camera")],
                    [
                        ("银黑配色", "a silver and black body"),
                        ("机械拨轮", "real dials"),
                        ("皮质肩带", "a leather strap"),
                        ("翻转屏", "a tilting screen"),
                    ],
                    [
                        ("先租两天再决定", "rent it for two days first"),
                        ("快门声太大就开静音", "use silent mode when the shutter is loud"),
                        ("防潮箱比贵镜头更重要", "buy a dry box before a better lens"),
                    ],
                ),
                leaf(
                    ("镜头", "Lenses"),
                    [("定焦镜头", "prime lens"), ("微距镜头", "macro lens")],
                    [
                        ("大光圈", "a wide aperture"),
                        ("奶油般焦外", "creamy bokeh"),
                        ("金属镜身", "a metal barrel"),
                        ("紫色镀膜", "a purple coating"),
                    ],
                    [
                        ("先用脚变焦", "zoom with your feet"),
                        ("光圈收一档最锐", "stop down once for sharpness"),
                        ("别用衣角擦镜片", "never wipe the glass with your shirt"),
                    ],
                ),
                leaf(
                    ("三脚架", "Tripods"),
                    [("旅行三脚架", "travel tripod"), ("碳纤维三脚架", "carbon tripod")],
                    [
                        ("快拆板", "a quick-release plate"),
                        ("反折脚管", "legs that fold back"),
                        ("小球形云台", "a small ball head"),
                        ("底部挂钩", "a hook below"),
                    ],
                    [
                        ("中轴尽量不升", "leave the centre column down"),
                        ("挂上背包更稳", "hang your bag on it for weight"),
                        ("快门线或延时两秒", "use a cable or a two-second delay"),
                    ],
                ),
            ],
        },
        Level2 {
            name: ("风光", "Landscapes"),
            kind: Place,
            topics: [("追日落", "Chasing sunsets"), ("风光大片", "Grand views")],
            leaves: [
                leaf(
                    ("日落", "Sunsets"),
                    [("海边日落", "sunset by the sea"), ("城市日落", "sunset over the city")],
                    [
                        ("金边云层", "gold-edged clouds"),
                        ("橘子色海面", "an orange sea"),
                        ("归鸟剪影", "birds flying home"),
                        ("慢慢变紫的天", "a sky turning purple"),
                    ],
                    [
                        ("日落后再等二十分钟", "stay twenty minutes after the sun is gone"),
                        ("对着亮处测光", "meter for the bright part"),
                        ("前景放个人更有故事", "put a person in front for a story"),
                    ],
                ),
                leaf(
                    ("星空", "Starry skies"),
                    [("高原星空", "starry sky on the plateau"), ("湖边银河", "Milky Way over a lake")],
                    [
                        ("清晰银心", "a clear galactic core"),
                        ("雪山剪影", "a dark line of snow peaks"),
                        ("一颗流星", "one shooting star"),
                        ("满天繁星", "stars from edge to edge"),
                    ],
                    [
                        ("避开月圆前后三天", "avoid the days around full moon"),
                        ("快门别超过十五秒", "keep the shutter below fifteen seconds"),
                        ("带一件厚外套", "bring a thick coat"),
                    ],
                ),
                leaf(
                    ("森林", "Forests"),
                    [("晨雾森林", "forest in the morning mist"), ("林间小路", "path through the woods")],
                    [
                        ("一束束光", "shafts of light"),
                        ("湿润苔藓", "damp moss"),
                        ("层层树影", "layer upon layer of trees"),
                        ("淡淡雾气", "a thin veil of mist"),
                    ],
                    [
                        ("雨后第二天去最好", "go on the day after rain"),
                        ("用长焦压缩层次", "compress the layers with a long lens"),
                        ("偏振镜能去掉叶子反光", "cut the glare of leaves with a polariser"),
                    ],
                ),
            ],
        },
        Level2 {
            name: ("胶片相纸", "Film and prints"),
            kind: Made,
            topics: [("胶片日记", "Film diary"), ("照片墙", "Photo wall")],
            leaves: [
                leaf(
                    ("拍立得", "Instant photos"),
                    [("拍立得照片墙", "wall of instant photos"), ("拍立得相册", "album of instant photos")],
                    [
                        ("白边相纸", "white borders"),
                        ("手写日期", "handwritten dates"),
                        ("淡淡偏色", "a faint cast of colour"),
                        ("朋友们的笑脸", "the faces of friends"),
                    ],
                    [
                        ("相纸吐出后先扣着放", "lay the print face down while it develops"),
                        ("冬天把相纸放口袋里捂热", "warm the print in your pocket in winter"),
                        ("逆光时打开补光", "use the flash against the light"),
                    ],
                ),
                leaf(
                    ("胶卷", "Film rolls"),
                    [("胶卷样片集", "set of film shots"), ("底片册", "album of negatives")],
                    [
                        ("细细颗粒", "fine grain"),
                        ("偏暖肤色", "warm skin tones"),
                        ("一点漏光", "a little light leak"),
                        ("黑白影调", "black and white tones"),
                    ],
                    [
                        ("过曝一档更通透", "overexpose by one stop"),
                        ("拍完一个月内冲掉", "develop it within a month"),
                        ("过安检请求手检", "ask for a hand check at the airport"),
                    ],
                ),
                leaf(
                    ("相框", "Photo frames"),
                    [("手作相框", "handmade photo frame"), ("木相框", "wooden picture frame")],
                    [
                        ("宽白卡纸", "a wide white mat"),
                        ("做旧金边", "a worn gold edge"),
                        ("亚克力面板", "a clear acrylic front"),
                        ("细木条边", "thin strips of wood"),
                    ],
                    [
                        ("先在地上排好再上墙", "lay them out on the floor first"),
                        ("中心高度一米四五", "hang the centre at 1.45 metres"),
                        ("相纸选绒面不反光", "print on matt paper against glare"),
                    ],
                ),
            ],
        },
    ],
};
