#include "previz/language/chinese.h"

#include <algorithm>
#include <string>
#include <unordered_map>

#include "base/check.h"
#include "base/utf8.h"
#include "previz/data/data.h"
#include "previz/language/lexicon.h"

namespace rushes::previz {
namespace {

// English words of the lexicon = Chinese; nothing before the sign for grammatical particles.
constexpr std::string_view kWords = R"(
= 的,了,着,地,得,们,吧,呢,啊,吗,是,有,正在,正,下,里边,被,把,将,就,也,都,还,很,非常,十分,极其,上,里,中,内
,里面,之中,当中,身上,这,那,这个,那个,其,之,所,与其,画面,镜头,视频,场景,一部,一段,一张,一幅,一种,一场,一片,一道,一座,一条,一束,正面
,位,名,个,只,条,匹,头,辆,座,片,朵,棵,艘,架,带有
,生成,展示,呈现,显示,拍摄,带有,充满,感觉,风格,氛围,效果,画质,高清,超高清,细节,丰富,美丽的,美丽,漂亮,漂亮的,壮观,壮观的,唯美
a = 一只,一个,一位,一名,一匹,一头,一辆,一朵,一棵,一艘,一架,一群人的,一件,一副,一顶,一把,一根,一尊,一栋,一
two = 两只,两个,两位,两名,两匹,两头,二,两,一对,双
three = 三只,三个,三位,三匹,三头,三
four = 四只,四个,四匹,四,几只,几个,几匹
five = 五只,五个,五匹,五,许多,很多
six = 六,六只
ten = 十,十只
a herd of = 一群,成群的,一队
and = 和,与,以及,并,并且,而且,同时,跟
then = 然后,接着,随后,之后,最后,突然,忽然
no = 没有,不要,无,禁止,避免,不,别,去除,不含,不出现
it = 它,他,她,它们,他们,她们
his = 它的,他的,她的
camera = 相机,观众,摄像机
in = 在,在里面
on = 在上面,上面,之上
over = 上空,上方,越过,飞越,掠过
under = 下面,下方,之下,底下
through = 穿过,穿越,穿行
across = 横穿,横跨,跨过
along = 沿着,沿,顺着
behind = 后面,背后,身后
in front of = 前面,面前,前方
beside = 旁边,旁,身边,附近,边上
between = 之间
around = 周围,围绕,环绕
towards = 朝着,朝,向着,向,走向,冲向,奔向,飞向,对着
away from = 远离,离开
wearing = 戴着,穿着,戴,穿,身穿,头戴,佩戴
holding = 撑着,提着,拿着,手持,握着,抱着,举着,捧着
riding = 骑着,骑,骑在
with = 带着
white = 白色,白,雪白,洁白,白色的,白色的的
black = 黑色,黑,乌黑
red = 红色,红,鲜红
blue = 蓝色,蓝
green = 绿色,绿,翠绿
yellow = 黄色,黄
orange = 橙色,橘色,橘黄色
purple = 紫色
pink = 粉色,粉红色,粉红
brown = 棕色,褐色
grey = 灰色,灰
golden = 金色,金黄色,金黄
silver = 银色
cyan = 青色
tiny = 微小,小小的,迷你
small = 小,小型
big = 大,大型
huge = 巨大,巨大的,庞大
giant = 巨型,巨人般
tallest = 最高的,最高
cheerful = 欢快,快乐,开心,高兴,欢乐,愉快,活泼,快乐的,兴奋
cute = 可爱,萌,顽皮,调皮
calm = 平静,宁静,安静,祥和,悠闲,静谧,温馨
ominous = 恐怖,邪恶,可怕,凶猛,凶恶,阴森,诡异
epic = 史诗,壮丽,宏伟,震撼,史诗级,气势磅礴
romantic = 浪漫
mysterious = 神秘,魔幻,梦幻,奇幻
sad = 悲伤,忧伤,孤独
running = 奔跑,跑,跑步,飞奔,狂奔,跑过,追逐,奔腾,冲刺
galloping = 驰骋,疾驰
walking = 走,走路,行走,散步,漫步,走过,徘徊,前行,移动,飘过
jumping = 跳,跳跃,蹦跳,跃起,跳起
flying = 飞,飞行,飞翔,飞过,翱翔,盘旋,漂浮
swimming = 游泳,游,游动,潜水,冲浪,遨游
sitting on = 坐在
sitting = 坐,坐着,蹲
lying on = 躺在,趴在
lying = 躺,躺着,趴,趴着,睡觉,睡,休息,放松,晒太阳
standing in = 站在
standing = 站,站着,站立,出现
looking = 看,看着,望,望着,凝视,观看,眺望,注视
waving = 挥手,招手
dancing = 跳舞,舞蹈,起舞,舞动
eating = 吃,吃着,进食
drinking = 喝,喝着
playing = 玩,玩耍,嬉戏,演奏,弹奏,弹,打闹
driving = 驾驶,开车,行驶
falling = 落下,掉落,飘落,坠落,下落
rising = 升起,上升
spinning = 旋转,转动
glowing = 发光,闪耀,闪烁
burning = 燃烧,爆炸,喷发
flowing = 翻滚,翻涌,流动,流淌,涌动
approaching = 靠近,接近,逼近
mountain = 山,高山,大山,山脉,群山,山峰,山顶,山脊,山岭,雪峰,山谷,悬崖,峡谷
snowy mountain = 雪山
volcano = 火山
forest = 森林,树林,林间,林中,丛林
sequoia forest = 红杉林,红杉森林,红杉树林,巨杉林
pine forest = 松林,松树林,针叶林
bamboo = 竹子,竹
bamboo forest = 竹林
jungle = 热带雨林,雨林
autumn forest = 秋林,枫林,枫树林
trees = 树,树木,大树
beach = 海滩,沙滩,海边,海岸,岸边
tropical beach = 热带海滩,海岛
sand = 沙子
palm tree = 棕榈树,椰子树,椰树
sea = 海,大海,海洋,海面,海上,海浪上
underwater = 海底,水下
waves = 海浪,波浪,浪花
lake = 湖,湖面,湖泊,湖边,河,河流,小溪,溪流,江,池塘
field = 田野,草地,草原,草坪,原野,花园,公园,麦田,农田,稻田,山坡
field of flowers = 花海,花田,花丛
field of sunflowers = 向日葵田
grass = 草,青草
city = 城市,都市,街道,街头,城镇,村庄,马路,公路,广场,上海,北京,东京
desert = 沙漠,戈壁
savanna = 非洲草原,稀树草原
room = 房间,室内,客厅,卧室,厨房,办公室,教室,咖啡馆
outer space = 太空,宇宙,月球,火星,星球
sky = 天空,空中,天上,天际
clouds = 云,云朵,白云,云彩,云海,云层
overcast = 阴天,多云,乌云
sun = 太阳
sunny = 晴天,晴朗,阳光,阳光明媚
dawn = 日出,黎明,清晨,早晨,早上,朝阳,晨光
day = 白天,中午,正午,下午
sunset = 日落,夕阳,黄昏时分,落日,晚霞,傍晚
dusk = 黄昏,暮色
night = 夜晚,夜,夜空,夜里,深夜,月光,月亮,星空,晚上,夜色,星星
rain = 雨,下雨,大雨,雨中,小雨,暴雨
snow = 雪,冰,冰雪,雪地
snowing = 下雪,雪中,大雪,飘雪,雪花
storm = 暴风雨,雷雨,闪电,风暴
fog = 雾,大雾,浓雾
mist = 薄雾,雾气,云雾
wind = 风,微风,大风
spring = 春天,春季
summer = 夏天,夏季,夏日
autumn = 秋天,秋季,秋日
winter = 冬天,冬季,冬日
cinematic = 电影,电影感,电影级,电影风格
anime = 动漫,动画,日漫,二次元
watercolor = 水彩,水墨,水墨画,水彩画
vintage = 复古,怀旧,老电影
neon = 霓虹,霓虹灯,赛博朋克
black and white = 黑白
close up = 特写,近景,特写镜头,近距离
medium shot = 中景
wide shot = 远景,广角,全景
extreme wide shot = 大远景,远处,远方
full shot = 全身,全身像
aerial = 航拍,俯瞰,鸟瞰,无人机,无人机视角
low angle = 仰拍,低角度,仰视
high angle = 俯拍,高角度,俯视
pov = 第一人称,主观视角
tracking shot = 跟拍,跟随,跟踪镜头,跟随镜头,镜头跟随
push in = 推进,推近,镜头推进,镜头拉近,拉近
pull out = 拉远,镜头拉远,后退
pan left = 左摇,向左摇,向左平移,镜头左移
pan right = 右摇,向右摇,摇镜头,向右平移
tilt up = 上摇,向上摇
tilt down = 下摇,向下摇
orbit shot = 环绕镜头,环绕拍摄
handheld = 手持镜头,手持拍摄
static shot = 固定镜头,静止镜头
zoom in = 变焦
slow motion = 慢动作,慢镜头
timelapse = 延时,延时摄影,缩时
slowly = 缓缓,慢慢,缓慢,缓缓地,慢慢地
quickly = 快速,迅速,飞快,飞快地
dragon = 龙,巨龙,飞龙
t rex = 霸王龙,恐龙,暴龙
sun lounger = 躺椅,沙滩椅,日光浴床
sunglasses = 墨镜,太阳镜
man = 男人,男子,男士,男孩,男生,先生,武士,骑士,战士,海盗
woman = 女人,女子,女士,女孩,女生,少女,姑娘,美女
person = 人,行人,人物,人们,人类,旅行者
child = 孩子,小孩,儿童
old man = 老人,老爷爷
old woman = 老奶奶
puppy = 小狗,幼犬
dog = 狗,犬,金毛,柯基,哈士奇
kitten = 小猫,幼猫
cat = 猫,猫咪,橘猫
horse = 马,骏马,白马,野马
fox = 狐狸
raccoon = 浣熊
wolf = 狼
bear = 熊
deer = 鹿,小鹿
tiger = 老虎,虎
lion = 狮子
rabbit = 兔子,兔,小兔子
cow = 牛,奶牛
sheep = 羊,绵羊
pig = 猪
panda = 熊猫,大熊猫
bird = 鸟,小鸟,鸟儿
eagle = 鹰,老鹰,雄鹰
seagull = 海鸥
fish = 鱼,鱼儿
whale = 鲸鱼,鲸
dolphin = 海豚
shark = 鲨鱼
butterfly = 蝴蝶
astronaut = 宇航员,航天员
robot = 机器人
car = 汽车,车,轿车
sports car = 跑车,赛车
train = 火车,列车
sailboat = 帆船,小船,船
ship = 轮船,大船
airplane = 飞机
rocket = 火箭,飞船,宇宙飞船
hot air balloon = 热气球
castle = 城堡
house = 房子,房屋,小屋
lighthouse = 灯塔
bonfire = 篝火,火焰,火
fireworks = 烟花,烟火
hat = 帽子
scarf = 围巾
umbrella = 伞,雨伞
backpack = 背包
balloon = 气球
ball = 球
flower = 花,花朵,鲜花
cherry blossom = 樱花
rock = 石头,岩石
says = 说,说道
blurry = 模糊
low quality = 低质量
distorted = 变形,扭曲
watermark = 水印
text = 文字,字幕
)";

constexpr size_t kWordCharactersMax = 8;

class Dictionary {
 public:
  Dictionary() {
    std::string_view rest = kWords;
    while (!rest.empty()) {
      const size_t end = std::min(rest.find('\n'), rest.size());
      read_line(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }

  // Null if the word is unknown.
  const std::string_view* find(std::string_view word) const {
    const auto found = words_.find(word);
    return found == words_.end() ? nullptr : &found->second;
  }

 private:
  // A line that begins with a comma goes on with the words of the one before.
  void read_line(std::string_view line) {
    if (const size_t equals = line.find("= "); equals != line.npos) {
      english_ = line.substr(0, equals == 0 ? 0 : equals - 1);
      line.remove_prefix(equals + 2);
    }
    while (!line.empty()) {
      const size_t end = std::min(line.find(','), line.size());
      if (end > 0) words_.emplace(line.substr(0, end), english_);
      line.remove_prefix(std::min(end + 1, line.size()));
    }
  }

  std::string_view english_;  // of the line being read
  std::unordered_map<std::string_view, std::string_view> words_;
};

void append_english(std::vector<Token>& tokens, std::string_view english) {
  while (!english.empty()) {
    const size_t end = std::min(english.find_first_of(" -"), english.size());
    if (end > 0) tokens.push_back({TokenKind::kWord, std::string(english.substr(0, end))});
    english.remove_prefix(std::min(end + 1, english.size()));
  }
}

// The English of one Chinese word; nothing if it is unknown. Icons answer by their names only:
// keywords are too loose to cut words by.
std::optional<std::string_view> english_of(std::string_view word, size_t characters) {
  static const Dictionary dictionary;
  if (const std::string_view* own = dictionary.find(word)) return *own;
  if (characters < 2) return std::nullopt;
  for (const IconMatch& match : find_icons(word)) {
    if (match.kind != KeyKind::kKeyword) return match.icon;
  }
  return std::nullopt;
}

// "红色的": the particle belongs to the colour, not to the clause.
bool ends_with_modifier(const std::vector<Token>& tokens) {
  const Meaning* last = tokens.empty() ? nullptr : find_phrase(tokens.back().text);
  return last && (last->colour || last->size_scale || last->adjective);
}

}  // namespace

bool is_han(char32_t c) {
  return (c >= 0x3400 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) ||
         (c >= 0x20000 && c <= 0x3FFFF);
}

void append_symbol(std::vector<Token>& tokens, std::string_view symbol) {
  const auto icons = find_icons(symbol);
  if (icons.empty()) {
    tokens.push_back({TokenKind::kWord, std::string(symbol)});
  } else {
    append_english(tokens, icons.front().icon);
  }
}

void append_chinese(std::vector<Token>& tokens, std::string_view run) {
  std::string unknown;
  bool in_relative_clause = false;
  const auto flush = [&] {
    if (!unknown.empty()) tokens.push_back({TokenKind::kWord, std::move(unknown)});
    unknown.clear();
  };
  while (!run.empty()) {
    const size_t known = std::min(count_code_points(truncate_code_points(run, kWordCharactersMax)),
                                  kWordCharactersMax);
    std::optional<std::string_view> english;
    std::string_view word;
    for (size_t characters = known; characters > 0 && !english; --characters) {
      word = truncate_code_points(run, characters);
      english = english_of(word, characters);
    }
    if (english) {
      flush();
      // "没有人的海滩", "戴着墨镜的猫": what is absent or worn ends with the particle.
      if (*english == "no" || *english == "wearing" || *english == "holding") {
        in_relative_clause = true;
      }
      if (in_relative_clause && word == "的" && !ends_with_modifier(tokens)) {
        tokens.push_back({TokenKind::kComma, ","});
        in_relative_clause = false;
      }
      append_english(tokens, *english);
    } else {
      unknown += word;
    }
    run.remove_prefix(word.size());
  }
  flush();
}

}  // namespace rushes::previz
