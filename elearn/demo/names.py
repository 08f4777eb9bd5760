"""Names to invent people with, by country: many scripts, one name or six, one letter or a whole line. Nobody real is meant."""

from random import Random

#: By country: groups of (given names, family names, pattern). A group is taken as often as any other of its country.
Group = tuple[str, str, str]

GIVEN_FIRST = "{given} {family}"
FAMILY_FIRST = "{family} {given}"
TWO_FAMILIES = "{given} {family} {second}"

GROUPS: dict[str, tuple[Group, ...]] = {
    "KE": (
        (
            "Achieng Akinyi Atieno Awuor Chebet Jeptoo Kerubo Makena Moraa Muthoni Nafula Naliaka Njeri Nyambura Wairimu Wanjiku Zawadi",
            "Barasa Chelimo Cheruiyot Gitau Kamau Kiprono Langat Makokha Mutiso Mutua Mwangi Nyaga Ochieng Odhiambo Onyango Wekesa",
            GIVEN_FIRST,
        ),
        (
            "Abdi Baraka Barasa Gitonga Hassan Juma Kamau Karanja Kimani Kiprotich Musyoka Mwenda Omondi Otieno Simiyu Tumaini Wafula",
            "Abdullahi Chepkwony Kibet Kiplagat Kosgei Maina Mbugua Muriithi Mwaura Njuguna Nyong’a Okoth Ouma Sang Wanyama",
            GIVEN_FIRST,
        ),
    ),
    "SN": (
        (
            "Adama Aïssatou Aminata Awa Bineta Coumba Fatou Khady Mariama Ndèye Oumou Rokhaya Sokhna Yacine",
            "Ba Badji Diallo Diatta Dieng Diop Fall Faye Gueye Kane Mbaye Ndao Ndiaye Sarr Sow Sylla Thiam",
            GIVEN_FIRST,
        ),
        (
            "Alioune Babacar Boubacar Cheikh Daouda Ibrahima Lamine Malick Modou Moussa Ousmane Pape Samba Souleymane",
            "Bâ Camara Cissé Coly Dia Diagne Diouf Goudiaby Lô Mané Ndour-Sène Sagna Sané Seck Tall Wade-Faye",
            GIVEN_FIRST,
        ),
    ),
    "JO": (
        (
            "أمل بسمة تالا جنى دانا رنا ريم سلمى شهد عبير غادة فرح لمى ليان مها نور هبة يارا",
            "البستاني التلاوي الجابري الحداد الخطيب الرواشدة الزعبي السالم الشريدة الصالح العبادي الفايز القضاة الكردي المومني النعيمات",
            GIVEN_FIRST,
        ),
        (
            "أنس إياد بشار حازم خالد رامي زيد سامر طارق عمر فادي قصي مؤيد مالك نزار هيثم يزن",
            "أبو_زيتون بني_عيسى الحباشنة الحوراني الدباس الربابعة السعدي الشوابكة الطراونة العزام الغرايبة المجالي النسور الهواري",
            GIVEN_FIRST,
        ),
        (
            "Bashar Dima Hala Laith Lina Omar Rawan Sami Tala Yousef",
            "Abu_Zaytoun al-Hourani al-Khatib Bani_Issa Dabbas Haddad Masri Nabulsi",
            GIVEN_FIRST,
        ),
    ),
    "JP": (
        (
            "葵 彩香 恵 桜子 紗季 奈緒 陽菜 真由美 美咲 優 由紀子 凛",
            "青山 石田 上野 大塚 岡本 小川 片桐 菊地 小池 斎藤 清水 高橋 竹内 中島 西村 橋本 藤井 松尾 三宅 森 山下",
            FAMILY_FIRST,
        ),
        (
            "一郎 翔太 健 航 悟 拓海 直樹 大輔 蓮 亮 悠人 陸",
            "浅野 今井 遠藤 加藤 工藤 近藤 佐々木 杉山 谷口 土屋 永井 原 平野 福田 堀 村上 柳 吉岡 渡辺",
            FAMILY_FIRST,
        ),
    ),
    "CO": (
        (
            "Adriana Camila Catalina Daniela Isabel Juliana Laura Luisa_Fernanda María_José Mónica Paola Sofía Valentina Ximena",
            "Acosta Bermúdez Cárdenas Díaz Escobar-Ruiz Forero Gutiérrez Herrera Jiménez López Marulanda Niño Ñáñez Ospina Peña Quintero",
            TWO_FAMILIES,
        ),
        (
            "Andrés Camilo Carlos_Andrés Esteban Felipe Hernán Iván Jorge Juan_Pablo Mateo Nicolás Óscar Ramiro Sebastián",
            "Agudelo Buitrago Castañeda Duque Echeverri Franco Giraldo Hoyos Londoño Mejía Navarro Orozco Patiño Restrepo Salazar Torres",
            TWO_FAMILIES,
        ),
    ),
    "BR": (
        (
            "Ana_Clara Beatriz Conceição Débora Fernanda Gabriela Heloísa Iara Jussara Larissa Mariana Raíssa Tainá Yasmin",
            "Abreu Barbosa Cardoso Coelho d’Ávila Esteves Fonseca Guimarães Lacerda Magalhães Nóbrega Paixão Queiroz Rezende",
            TWO_FAMILIES,
        ),
        (
            "Antônio Bruno Caetano Davi Emanuel Fábio Guilherme Henrique João_Vítor Luís Moacir Rafael Thiago Ubirajara",
            "Albuquerque Bittencourt Carvalho da_Conceição de_Araújo dos_Anjos Figueiredo Leitão Moraes Pacheco Sampaio Teixeira Vilela",
            TWO_FAMILIES,
        ),
    ),
    "BG": (
        (
            "Ана Биляна Весела Гергана Десислава Елица Живка Ивайла Красимира Лилия Мария Невена Радка Станислава Цветелина Яна",
            "Ангелова Бонева Василева Георгиева Димитрова Желева Иванова Колева Маринова Николова Петрова Русева Стоянова Тодорова",
            GIVEN_FIRST,
        ),
        (
            "Атанас Борислав Васил Георги Димо Емил Захари Ивайло Калоян Любомир Митко Огнян Пламен Румен Тодор Явор",
            "Апостолов Банков Велев Гюров Донев Енчев Жеков Златев Илиев Кирилов Лазаров Минчев Найденов Панов Рангелов Хаджиев",
            GIVEN_FIRST,
        ),
    ),
    "IE": (
        (
            "Aoife Bláthnaid Caoimhe Clíodhna Éabha Gráinne Maeve Niamh Orla Róisín Saoirse Sinéad",
            "Brennan Ní_Bhriain Byrne Clancy Devlin Ní_Dhomhnaill Fahy Gilhooly Hegarty Lonergan McGlynn Ní_Cheallaigh Tierney",
            GIVEN_FIRST,
        ),
        (
            "Cian Cormac Daithí Eoin Fionn Lorcan Oisín Pádraig Rónán Seán Tadhg Ultan",
            "Ahearne Ó_Briain Conneely Dolan Ó_Floinn Geraghty Kinsella Mac_Giolla Mulvey O’Hanlon O’Rourke Ó_Súilleabháin Tuohy",
            GIVEN_FIRST,
        ),
        (
            "Łucja Małgorzata Zbigniew Chidinma Oluwaseun Iryna Тарас Ioana Ștefan",
            "Wiśniewska-Żak Grzegorczyk Eze Adeyemi-Cole Kovalenko Шевчук Dumitrașcu Ionescu-Pop",
            GIVEN_FIRST,
        ),
    ),
    "FJ": (
        (
            "Adi_Litia Asenaca Kelera Losalini Mereani Salote Torika Unaisi Vika Eroni Isikeli Jone Mosese Peni Sitiveni Waisale",
            "Baleilevuka Cavuilati Dakuwaqa Koroi Matavesi Nacewa Qalobula Ratulevu Tamani Vakasuka Waqanisau Yabaki",
            GIVEN_FIRST,
        ),
        (
            "Anjali Deepika Kavita Meera Priya Rashmi Sunita Amit Dinesh Kamlesh Nilesh Rajesh Ravin Vikash",
            "Chand Gounder Lal Maharaj Naicker Narayan Pillay Prakash Reddy Sharma Singh",
            GIVEN_FIRST,
        ),
    ),
}

#: Names that pages have broken on elsewhere; each demonstration has them, a few at a time.
RARE = (
    "O",
    "Đặng Thị Ngọc Ánh",
    "عبد الرحمن بن سليمان بن عبد العزيز المنصوري الأندلسي",
    "María del Pilar Concepción Fernanda de los Ángeles Castellanos y Arboleda de la Torre-Villavicencio",
    "Suharti",
    "ሰላም ተስፋዬ",
    "Ng’endo wa Karanja",
    "प्रिया राजलक्ष्मी",
    "שירה בן־עמי",
    "สมหญิง ใจงาม",
    "Jürgen von und zu Weißenfels-Österland",
    "ᠰᠠᠷᠠᠨ",
    "Zoë D’Souza-O’Neill",
    "குமரன்",
    "欧阳雪",
    "김하늘",
    "محمد",
    "X Æ Ilima",
)
RARE_EVERY = 20
#: One student in so many comes from elsewhere.
FROM_ELSEWHERE = 12


def invented_name(random: Random, country: str, number: int) -> str:
    """Return a name of somebody at an institution of ``country``; every twentieth number has a rare one."""
    if number % RARE_EVERY == RARE_EVERY - 1 and number // RARE_EVERY < len(RARE):
        return RARE[number // RARE_EVERY]
    if random.randrange(FROM_ELSEWHERE) == 0:
        country = random.choice(sorted(GROUPS))
    given, families, pattern = random.choice(GROUPS[country])
    family, second = random.sample(families.split(), 2)
    return pattern.format(given=random.choice(given.split()), family=family, second=second).replace("_", " ")
