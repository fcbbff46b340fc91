use super::{Kind::Dish, Level1, Level2, leaf};

pub(super) const FOOD: Level1 = Level1 {
    name: ("美食", "Food"),
    circles: [
        ("今天吃什么", "What to eat today"),
        ("烘焙新手村", "Baking for beginners"),
        ("一杯研究所", "The cup lab"),
    ],
    occasions: [
        ("周五下班后", "on Friday after work"),
        ("一个人的晚餐", "for a dinner alone"),
        ("降温的夜里", "on a cold night"),
        ("睡到自然醒的中午", "at noon after a long sleep"),
        ("朋友生日那天", "on a friend's birthday"),
        ("下午三点犯困时", "in the sleepy middle of the afternoon"),
    ],
    level2: [
        Level2 {
            name: ("主食", "Mains"),
            kind: Dish,
            topics: [("一人食", "Dinner for one"), ("探店日记", "Eating out")],
            leaves: [
                leaf(
                    ("面条", "Noodles"),
                    [("豚骨拉面", "bowl of ramen"), ("牛肉面", "bowl of beef noodles")],
                    [
                        ("浓白汤底", "a rich white broth"),
                        ("溏心蛋", "a soft-boiled egg"),
                        ("手擀面条", "hand-rolled noodles"),
                        ("满满葱花", "plenty of spring onion"),
                    ],
                    [
                        ("汤要另起一锅热", "heat the soup in a pot of its own"),
                        ("面煮到还有一点芯就捞", "drain the noodles while they still have bite"),
                        ("碗先用热水烫一下", "warm the bowl first"),
                    ],
                ),
                leaf(
                    ("寿司", "Sushi"),
                    [("寿司拼盘", "plate of sushi"), ("三文鱼寿司", "plate of salmon sushi")],
                    [
                        ("厚切鱼片", "thick slices of fish"),
                        ("温热醋饭", "warm vinegared rice"),
                        ("脆海苔", "crisp seaweed"),
                        ("一点现磨山葵", "freshly grated wasabi"),
                    ],
                    [
                        ("醋饭要趁热拌", "season the rice while it is hot"),
                        ("手蘸一点醋水不粘", "wet your hands so that nothing sticks"),
                        ("酱油只蘸鱼不蘸饭", "dip the fish, not the rice"),
                    ],
                ),
                leaf(
                    ("披萨", "Pizza"),
                    [("玛格丽特披萨", "pizza margherita"), ("薄底披萨", "thin-crust pizza")],
                    [
                        ("拉丝芝士", "cheese that pulls into threads"),
                        ("焦香饼边", "a charred crust"),
                        ("新鲜罗勒", "fresh basil"),
                        ("小番茄", "cherry tomatoes"),
                    ],
                    [
                        ("烤箱开到最高温", "turn the oven as high as it goes"),
                        ("面团冷藏发酵一晚", "let the dough rest overnight in the fridge"),
                        ("酱少一点饼底才脆", "go easy on the sauce for a crisp base"),
                    ],
                ),
            ],
        },
        Level2 {
            name: ("烘焙甜点", "Baking"),
            kind: Dish,
            topics: [("烘焙日常", "Baking days"), ("甜品时间", "Time for dessert")],
            leaves: [
                leaf(
                    ("蛋糕", "Cakes"),
                    [("奶油蛋糕", "cream cake"), ("草莓蛋糕", "strawberry cake")],
                    [
                        ("轻盈奶油", "a light cream"),
                        ("松软蛋糕胚", "a fluffy sponge"),
                        ("当季水果", "fruit of the season"),
                        ("不太甜夹心", "a filling that is not too sweet"),
                    ],
                    [
                        ("奶油打到七成就停", "stop whipping the cream at soft peaks"),
                        ("蛋糕胚冷透再抹面", "let the sponge cool before you ice it"),
                        ("糖量减三分之一刚好", "take a third less sugar"),
                    ],
                ),
                leaf(
                    ("面包", "Bread"),
                    [("乡村面包", "country loaf"), ("牛角面包", "croissant")],
                    [
                        ("酥脆外壳", "a crisp crust"),
                        ("大大气孔", "big airy holes"),
                        ("麦香", "the smell of wheat"),
                        ("层层酥皮", "layer upon layer"),
                    ],
                    [
                        ("出炉后至少等半小时再切", "wait half an hour before you cut it"),
                        ("进烤箱前喷一点水", "spray some water before baking"),
                        ("室温太高就用冰水和面", "use iced water in a warm kitchen"),
                    ],
                ),
                leaf(
                    ("甜甜圈", "Doughnuts"),
                    [("糖霜甜甜圈", "glazed doughnut"), ("巧克力甜甜圈", "chocolate doughnut")],
                    [
                        ("彩色糖针", "coloured sprinkles"),
                        ("粉色糖霜", "pink icing"),
                        ("厚厚巧克力", "a thick coat of chocolate"),
                        ("柔软内芯", "a soft inside"),
                    ],
                    [
                        ("油温一百七十度最稳", "fry at 170 degrees"),
                        ("糖霜趁微温时淋", "glaze it while it is still a little warm"),
                        ("当天吃完最好", "eat it the same day"),
                    ],
                ),
            ],
        },
        Level2 {
            name: ("饮品", "Drinks"),
            kind: Dish,
            topics: [("咖啡时间", "Coffee time"), ("今日份快乐水", "Today's happy drink")],
            leaves: [
                leaf(
                    ("咖啡", "Coffee"),
                    [("拿铁", "latte"), ("手冲咖啡", "cup of filter coffee")],
                    [
                        ("细腻奶泡", "fine milk foam"),
                        ("坚果香气", "a nutty smell"),
                        ("小小拉花", "a small leaf of latte art"),
                        ("干净回甘", "a clean sweet finish"),
                    ],
                    [
                        ("豆子磨完马上冲", "brew right after grinding"),
                        ("水温九十二度别再高", "keep the water at 92 degrees"),
                        ("牛奶打到不烫手就停", "stop heating the milk before it burns your hand"),
                    ],
                ),
                leaf(
                    ("奶茶", "Bubble tea"),
                    [("珍珠奶茶", "bubble tea"), ("黑糖奶茶", "brown sugar milk tea")],
                    [
                        ("软糯珍珠", "chewy pearls"),
                        ("黑糖挂壁", "streaks of brown sugar"),
                        ("少糖去冰", "less sugar and no ice"),
                        ("浓浓茶底", "a strong tea base"),
                    ],
                    [
                        ("珍珠煮好后焖二十分钟", "let the pearls rest for twenty minutes"),
                        ("茶要比平时浓一倍", "brew the tea twice as strong"),
                        ("先放糖浆再倒奶", "pour the syrup before the milk"),
                    ],
                ),
                leaf(
                    ("水果茶", "Fruit tea"),
                    [("柠檬水果茶", "lemon fruit tea"), ("满杯水果茶", "glass of fruit tea")],
                    [
                        ("新鲜柠檬片", "slices of fresh lemon"),
                        ("满杯冰块", "a glass full of ice"),
                        ("薄荷叶", "a leaf of mint"),
                        ("百香果粒", "passion fruit seeds"),
                    ],
                    [
                        ("柠檬去籽就不苦", "take out the pips or it turns bitter"),
                        ("茶底放凉再加水果", "cool the tea before adding the fruit"),
                        ("用蜂蜜代替白糖", "use honey instead of sugar"),
                    ],
                ),
            ],
        },
    ],
};
