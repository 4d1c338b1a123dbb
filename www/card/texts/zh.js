/** The card's texts in Chinese, by the English that `models/diabetes/texts.py` writes. */
export default {
  "Diabetes risk": "糖尿病风险",
  "A demonstration, not a medical device. It has not been tested on patients, no authority has approved it, and no decision about anybody's health may rest on it.":
    "仅供演示，不是医疗器械。它未经患者试验，也未获任何机构批准，任何人的健康决定都不得以此为依据。",
  "MIT OR Apache-2.0 (model, scripts and this card)": "MIT 或 Apache-2.0（模型、脚本和本说明卡）",
  "Showing that a trained model can answer on the reader's own device, exactly as its trainer would.":
    "展示训练好的模型可以在读者自己的设备上给出与训练程序完全一致的结果。",
  "Teaching and research: what such a model knows, how sure it is, and where it fails.": "教学与研究：这类模型知道什么、把握有多大、在哪里会出错。",
  "Diagnosis, screening, treatment, insurance, or any other decision about a person.": "诊断、筛查、治疗、保险，以及任何针对个人的决定。",
  "Men, women under 21, and people of other descent or other times than the study's: nothing is known of how well it does for them.":
    "男性、21 岁以下女性，以及研究之外的其他族裔或年代的人：模型对他们的效果如何，一无所知。",
  "Women who have diabetes already: the study left them out.": "已患糖尿病的女性：研究未纳入她们。",
  "Women of 21 and older, of Pima (Akimel O'odham) heritage, near Phoenix, Arizona, who took part in a long study of diabetes that began in 1965. Diabetes was far more frequent among them than almost anywhere else.":
    "美国亚利桑那州凤凰城附近 21 岁及以上的皮马族（Akimel O'odham）女性，她们参加了一项始于 1965 年的长期糖尿病研究。糖尿病在她们当中的发病率远高于几乎任何其他地方。",
  "Of about {women} women of the study to whom such a model, not having seen them, gave {from} to {to}, {observed_rate} tested positive (95 % interval {low} to {high}).":
    "研究中约有 {women} 名女性，未见过她们数据的同类模型给出 {from} 至 {to} 的概率，其中 {observed_rate} 确诊（95% 区间 {low} 至 {high}）。",
  "21 to 29": "21 至 29 岁",
  "30 to 39": "30 至 39 岁",
  "40 to 49": "40 至 49 岁",
  "50 and older": "50 岁及以上",
  none: "无缺失",
  one: "缺一项",
  two: "缺两项",
  "three or four": "缺三或四项",
  "For nine women in ten, a model trained in the same way on as many other women of this study answers within a range like this one: here, between {low} and {high}.":
    "对十分之九的女性而言，用本研究中同样多的其他女性、以同样方法训练的模型，其结果会落在这样的范围内：此处为 {low} 至 {high}。",
  "It tells how much the answer owes to which women happened to be in the study. It does not tell between what bounds her own risk lies, and it knows nothing of other people, other places or other times.":
    "它反映结果在多大程度上取决于哪些女性恰好参加了研究；它并不说明某位女性自身风险的上下限，也不涉及其他人群、地区或年代。",
  "{count} of 8 values are not measured; 95 % of the women in training lacked at most 2": "8 项中有 {count} 项未测量；训练数据中 95% 的女性至多缺 2 项",
  "It knows the women of one study, measured decades ago. Nothing has been checked on anyone else.": "它只了解几十年前一项研究中的女性，从未在其他人身上验证过。",
  "Trees are no better here than a logistic regression on the same eight values.": "在这八项数值上，树模型并不比逻辑回归更好。",
  "At the cut of 0.5 it misses more than four in ten of the women who went on to test positive.": "以 0.5 为界时，后来确诊的女性中有四成以上会被漏掉。",
  "It tells older women apart less well than younger ones, and women with two missing values less well than those with none.":
    "它对年长女性的区分能力不如年轻女性，对缺两项数值的女性不如数值齐全的女性。",
  "Four missing values were seen in seven women only; there the interval is too narrow.": "只有七名女性缺四项数值；此时区间偏窄。",
  "A prediction between 25 % and 75 % leaves the matter open: there the class is right little more often than a coin.":
    "概率在 25% 至 75% 之间时结论未定：此时按类别判断，比抛硬币强不了多少。",
};
