"""Names as a large chain in a large town has them: drawn by frequency, in the scripts people write them in."""

from random import Random


def words(text: str) -> list[str]:
    """The words of a line."""
    return text.split()


CHINESE = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
DOUBLE = ("欧阳", "司马", "上官", "诸葛", "皇甫")
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰梅红春燕建国文志海波峰晓琳雪佳欣怡宇轩浩然子涵梓一"
    "思雨嘉琪天佑俊豪诗乐婷慧颖鑫鹏飞龙凤云翔博雅晨曦阳光辉煌永康福寿安宁顺利旭东升昊苒沐泽铭远航卓越凡非"
)
FAMILIES = (
    *words("Smith Jones Williams Taylor Brown Davies Evans Wilson Thomas Johnson Roberts Robinson Wright Thompson"),
    *words("Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Koch Bauer Richter Klein"),
    *words("Martin Bernard Dubois Durand Leroy Moreau Simon Laurent Lefèvre Michel García Martínez López Sánchez"),
    *words("Silva Santos Oliveira Souza Pereira Costa Ferreira Rossi Russo Ferrari Esposito Bianchi Romano"),
    *words("Novák Svoboda Dvořák Nowak Kowalski Wiśniewski Kamiński Kovács Nagy Szabó Tóth Popescu Ionescu"),
    *words("Johansson Andersson Karlsson Lindqvist Hansen Olsen Sørensen Bergström Korhonen Virtanen Jørgensen"),
    *words("Nguyen Tran Pham Kim Park Choi Tanaka Suzuki Sato Singh Kaur Patel Sharma Khan Ahmed Hussain Ali"),
    *words("Okafor Adeyemi Mensah Diallo Traoré Mwangi Ndlovu Haddad Yilmaz Demir Kaya Öztürk O'Brien O'Hara"),
    *words("Ivanova Petrov Smirnova Kuznetsov Papadopoulos Angelou Langley Chang Wang Huang Zhang Yang Liang Wong"),
    *("Xanthopoulos", "Quxbury", "van der Berg", "de la Cruz", "Al-Masri", "Ben-David", "McAllister", "Fitzgerald"),
)
FORENAMES = (
    *words("James Mary John Patricia Robert Jennifer Michael Linda William Elizabeth David Barbara Richard Susan"),
    *words("Joseph Jessica Thomas Sarah Charles Karen Anna Hans Peter Ursula Jürgen Monika Änne Jörg Günter"),
    *words("Jean Marie François Élodie Jean-Pierre Chloé José Carmen Luís Ana João Beatriz Marco Giulia Luca"),
    *words("Jan Eva Petr Zofia Łukasz Katarzyna László Ilona Ion Ioana Erik Ingrid Lars Søren Mikko Aino"),
    *words("Linh Minh Ji-woo Min-jun Kenji Yuki Priya Arjun Harpreet Amir Fatima Yusuf Aisha Mohammed Zeynep"),
    *words("Grace Chinedu Kwame Amina Wanjiru Thabo Nadia Omar Dmitri Olga Elena Nikos Angela Angus Wei Xin"),
)


def drawn(rng: Random) -> tuple[str, str]:
    """A family and a given name; nearly half are Chinese, some of those in one field."""
    kind = rng.random()
    if kind < 0.46:
        family = _often(rng, CHINESE) if kind > 0.003 else rng.choice(DOUBLE)
        given = "".join(rng.choice(GIVEN) for _ in range(1 if rng.random() < 0.25 else 2))
        return (family + given, "") if kind > 0.44 else (family, given)
    given = rng.choice(FORENAMES)
    return _often(rng, FAMILIES), f"{given} {rng.choice(FORENAMES)}" if rng.random() < 0.2 else given


def _often(rng: Random, names: "tuple[str, ...] | str") -> str:
    """The first are common, the last are rare."""
    return names[int(len(names) * rng.random() ** 1.8)]
