use super::{Kind::Pet, Level1, Level2, leaf};

pub(super) const PETS: Level1 = Level1 {
    name: ("萌宠", "Pets"),
    circles: [("猫奴集合", "Servants of cats"), ("遛狗搭子", "Dog walkers"), ("小宠之家", "Little pets")],
    occasions: [
        ("一大早", "early in the morning"),
        ("下班一开门", "as I came home from work"),
        ("洗完澡以后", "after the bath"),
        ("晒太阳的下午", "on an afternoon in the sun"),
        ("接回家的第一天", "on the first day at home"),
        ("打雷的夜里", "on a night of thunder"),
    ],
    level2: [
        Level2 {
            name: ("猫咪", "Cats"),
            kind: Pet,
            topics: [("吸猫日常", "Cat days"), ("猫咪迷惑行为", "Cats being odd")],
            leaves: [
                leaf(
                    ("端坐的猫", "Sitting cats"),
                    [("小橘猫", "ginger cat"), ("三花猫", "calico cat")],
                    [
                        ("圆滚滚脸蛋", "a round face"),
                        ("白手套", "white paws"),
                        ("警觉耳朵", "pricked ears"),
                        ("琥珀色眼睛", "amber eyes"),
                    ],
                    [
                        ("每天陪玩十五分钟", "play for fifteen minutes a day"),
                        ("水碗离饭碗远一点", "put the water far from the food"),
                        ("窗户一定要装纱网", "put a net on every window"),
                    ],
                ),
                leaf(
                    ("睡觉的猫", "Sleeping cats"),
                    [("睡着的猫", "sleeping cat"), ("打盹小猫", "dozing kitten")],
                    [
                        ("蜷成一团的身子", "its body curled into a ball"),
                        ("粉色鼻头", "a pink nose"),
                        ("毛茸茸尾巴", "a fluffy tail"),
                        ("露出的小肚皮", "its belly showing"),
                    ],
                    [
                        ("睡着的时候别去摸", "leave it alone while it sleeps"),
                        ("铺件你的旧衣服更安心", "lay out an old shirt of yours"),
                        ("冬天放个恒温垫", "add a heated mat in winter"),
                    ],
                ),
                leaf(
                    ("猫爬架", "Cat trees"),
                    [("爬架上的猫", "cat on its tree"), ("攀爬小猫", "climbing kitten")],
                    [
                        ("剑麻柱子", "a sisal post"),
                        ("高高瞭望台", "a high lookout"),
                        ("晃来晃去的毛球", "a dangling ball"),
                        ("软垫小窝", "a padded den"),
                    ],
                    [
                        ("爬架靠墙放更稳", "stand the tree against a wall"),
                        ("摆在窗边它最爱", "place the tree by a window"),
                        ("剑麻旧了自己缠新的", "wind new sisal when the old is worn"),
                    ],
                ),
            ],
        },
        Level2 {
            name: ("狗狗", "Dogs"),
            kind: Pet,
            topics: [("遛狗时间", "Walkies"), ("狗狗训练", "Dog training")],
            leaves: [
                leaf(
                    ("柴犬", "Shibas"),
                    [("柴犬", "shiba"), ("豆柴", "mini shiba")],
                    [
                        ("招牌微笑", "its famous smile"),
                        ("卷卷尾巴", "a curled tail"),
                        ("红色项圈", "a red collar"),
                        ("厚厚双层毛", "a thick double coat"),
                    ],
                    [
                        ("换毛季每天梳一次", "brush it daily when it sheds"),
                        ("从小练习被摸脚", "get it used to having its paws touched"),
                        ("散步时让它自己闻一闻", "let it sniff on walks"),
                    ],
                ),
                leaf(
                    ("腊肠犬", "Dachshunds"),
                    [("腊肠犬", "dachshund"), ("长毛腊肠", "long-haired dachshund")],
                    [
                        ("长长身子", "a long body"),
                        ("软软大耳朵", "big soft ears"),
                        ("短短小腿", "short legs"),
                        ("格子小衣服", "a checked coat"),
                    ],
                    [
                        ("别让它跳上跳下伤腰", "spare its back and stop it jumping"),
                        ("用胸背代替项圈", "use a harness, no collar"),
                        ("耳朵每周清洁一次", "clean its ears every week"),
                    ],
                ),
                leaf(
                    ("贵宾犬", "Poodles"),
                    [("贵宾犬", "poodle"), ("泰迪", "toy poodle")],
                    [
                        ("蓬松卷毛", "fluffy curls"),
                        ("泰迪熊造型", "a teddy bear cut"),
                        ("黑亮眼睛", "shiny black eyes"),
                        ("小蝴蝶结", "a little bow"),
                    ],
                    [
                        ("每天梳毛防打结", "comb it every day against knots"),
                        ("泪痕用温水擦", "wipe tear stains with warm water"),
                        ("聪明的它需要嗅闻游戏", "give its bright head some scent games"),
                    ],
                ),
            ],
        },
        Level2 {
            name: ("小宠", "Small pets"),
            kind: Pet,
            topics: [("水族造景", "Aquascaping"), ("小宠观察", "Watching small pets")],
            leaves: [
                leaf(
                    ("金鱼", "Goldfish"),
                    [("金鱼", "goldfish"), ("圆缸里的小鱼", "little fish in a bowl")],
                    [
                        ("飘逸尾巴", "a flowing tail"),
                        ("橘红鳞片", "orange scales"),
                        ("清亮水草", "bright green weeds"),
                        ("鼓鼓腮帮", "puffed cheeks"),
                    ],
                    [
                        ("每周换三分之一水", "change a third of the water weekly"),
                        ("新水要晒一天", "let tap water stand for a day"),
                        ("宁可饿一点别喂多", "feed too little rather than too much"),
                    ],
                ),
                leaf(
                    ("鹦鹉", "Parrots"),
                    [("虎皮鹦鹉", "budgie"), ("玄凤鹦鹉", "cockatiel")],
                    [
                        ("彩色羽毛", "bright feathers"),
                        ("翘起的头冠", "a raised crest"),
                        ("红红脸蛋", "red cheeks"),
                        ("歪着的脑袋", "its head to one side"),
                    ],
                    [
                        ("站杆粗细要换着用", "offer perches of several widths"),
                        ("每天放飞半小时", "let it fly half an hour a day"),
                        ("厨房油烟一定避开", "keep it away from kitchen fumes"),
                    ],
                ),
                leaf(
                    ("仓鼠", "Hamsters"),
                    [("仓鼠", "hamster"), ("奶茶仓鼠", "cream hamster")],
                    [
                        ("鼓鼓颊囊", "full cheeks"),
                        ("小小爪子", "tiny paws"),
                        ("奶油色的毛", "cream fur"),
                        ("黑豆眼", "eyes like black beans"),
                    ],
                    [
                        ("跑轮直径至少二十厘米", "take a wheel of twenty centimetres or more"),
                        ("垫料铺够十五厘米", "give it fifteen centimetres of bedding"),
                        ("一个笼子只养一只", "keep one to a cage"),
                    ],
                ),
            ],
        },
    ],
};
